//! `evaluate`: how well a model predicts a text, as one figure or character by character.

use std::path::PathBuf;

use recurrent_data::text::Text;
use recurrent_language_model::{Adapting, Judged, LanguageModel, Prediction, parts};
use recurrent_program::{Advised, DataRecord, Failure, Screen, Source, Trained, Unusable};
use serde::Serialize;

use crate::data::{corpus, floor, tell};
use crate::flags::{EvaluateFlags, JudgingFlags};
use crate::{PROGRAM, saved};

#[derive(Serialize)]
struct Evaluation {
    program: &'static str,
    data: Data,
    /// Whether the model went on learning while it was judged.
    dynamic: bool,
    metrics: Prediction,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_character: Option<PathBuf>,
}

#[derive(Serialize)]
struct Data {
    #[serde(flatten)]
    read: DataRecord,
    characters: usize,
}

/// Judges and prints. Another text is judged as a whole; the model's own, also where `--data` names it, by the part that
/// [`Judged::of_own`] chooses.
///
/// # Errors
/// The model or the text cannot be read, the text has a character that the model does not know, or a file cannot be written.
pub fn evaluate(flags: &EvaluateFlags, screen: &Screen) -> Result<(), Failure> {
    let (trained, model) = saved::load(&flags.source.run, flags.common.backend, screen)?;
    let asked = flags.source.data.as_slice();
    let source = trained.data(asked)?;
    let text = read(flags, &model, &source, &trained)?;
    tell(&source, &text, screen);
    let judged = if trained.began_with(text.sha256()) {
        parts(&text).map_err(|fault| Unusable::because(&source, fault))?;
        Judged::of_own(&text)
    } else {
        Judged::whole(&text)
    };
    let scores = scores(flags, &model, &judged, screen);
    let nats = judged.mean(&scores).map_err(|fault| Unusable::because(&source, fault))?;
    let metrics = Prediction::new(judged.part, judged.predicted(), nats, floor(&judged, &source, &text));
    let mut shown = format!("{}: {}", source.name(), metrics.text());
    let beside = || trained.place().join("surprise");
    let folder = flags.judging.per_character.clone().map(|folder| folder.unwrap_or_else(beside));
    if let Some(folder) = &folder {
        judged.write(folder, text.name(), &scores)?;
        shown += &format!("\nby character: {0}/surprise.html, {0}/characters.jsonl\n", folder.display());
    }
    let data = Data { read: source.record(text.sha256()), characters: text.len() };
    let dynamic = flags.judging.dynamic;
    screen.result(&Evaluation { program: PROGRAM, data, dynamic, metrics, per_character: folder }, &shown)
}

fn read(
    flags: &EvaluateFlags,
    model: &LanguageModel,
    source: &Source,
    trained: &Trained,
) -> Result<Text, Failure> {
    let (asked, read) = (flags.source.data.as_slice(), model.settings().read.clone());
    let own = asked.is_empty();
    let mut spec = if own { read } else { read.for_others() };
    if own {
        flags.reading.refuse("the model's own text is read as it was; name another with `--data`")?;
    } else {
        flags.reading.apply(&mut spec, source)?;
    }
    let mut corpus = corpus(source, spec)?;
    trained.keep_own_data(asked, corpus.sha256())?;
    if trained.began_with(corpus.sha256()) {
        let parts = corpus.split(model.settings().fractions);
        corpus = parts.map_err(|fault| Unusable::because(source, fault))?;
    }
    Ok(match flags.judging.replace {
        Some(replacement) => Text::replacing(corpus, model.vocabulary(), replacement)?,
        None => Text::with_vocabulary(corpus, model.vocabulary())
            .map_err(|error| Advised::new(error, "`--replace CHAR`, to read CHAR in its place"))?,
    })
}

/// The surprise of each character but the first, with a bar in a terminal.
fn scores(flags: &EvaluateFlags, model: &LanguageModel, judged: &Judged<'_>, screen: &Screen) -> Vec<f32> {
    let bar = screen.bar();
    let watch = |share: f64| bar.set_position((1000.0 * share) as u64);
    let JudgingFlags { dynamic, dynamic_rate: rate, dynamic_decay: decay, .. } = flags.judging;
    let scores = if dynamic {
        let adapting = Adapting { window: model.settings().window, rate, decay };
        model.adapted_surprises(judged.ids, adapting, watch)
    } else {
        model.surprises(judged.ids, watch)
    };
    bar.finish_and_clear();
    scores
}
