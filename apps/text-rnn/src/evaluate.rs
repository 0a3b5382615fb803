//! `evaluate`: how well a model predicts a text, as one figure or character by character.

use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use recurrent_data::text::{Text, TextError};
use recurrent_language_model::{
    Adapting, Judged, LanguageModel, Prediction, character_lines, parts, surprise_page,
};
use recurrent_program::{Failure, Screen, Source, Trained, Unusable};
use recurrent_train::files::{create_folder, write_whole};
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
    name: String,
    path: Option<PathBuf>,
    sha256: String,
    characters: usize,
}

/// Judges and prints. Another text is judged as a whole; the model's own, also where `--data` names it, by the part that
/// [`Judged::of_own`] chooses.
///
/// # Errors
/// The model or the text cannot be read, the text has a character that the model does not know, or a file cannot be written.
pub fn evaluate(flags: &EvaluateFlags, screen: &Screen) -> Result<(), Failure> {
    let (trained, model) = saved::load(&flags.source.run, flags.common.backend, screen)?;
    let asked = flags.source.data.as_ref();
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
    // A model file lies in its run's folder, or stands for one.
    let run = if trained.folder().is_some() { Some(&*flags.source.run) } else { flags.source.run.parent() };
    let beside = || run.unwrap_or(Path::new("")).join("surprise");
    let folder = flags.judging.per_character.clone().map(|folder| folder.unwrap_or_else(beside));
    if let Some(folder) = &folder {
        keep(folder, &text, judged, &scores)?;
        shown += &format!("\nby character: {0}/surprise.html, {0}/characters.jsonl\n", folder.display());
    }
    let data = Data {
        name: source.name(),
        path: source.path().map(Into::into),
        sha256: text.sha256().to_owned(),
        characters: text.len(),
    };
    let dynamic = flags.judging.dynamic;
    screen.result(&Evaluation { program: PROGRAM, data, dynamic, metrics, per_character: folder }, &shown)
}

fn read(
    flags: &EvaluateFlags,
    model: &LanguageModel,
    source: &Source,
    trained: &Trained,
) -> Result<Text, Failure> {
    let mut corpus = corpus(source, model.settings().read.clone())?;
    trained.keep_own_data(flags.source.data.as_ref(), corpus.sha256())?;
    if trained.began_with(corpus.sha256()) {
        let parts = corpus.split(model.settings().fractions);
        corpus = parts.map_err(|fault| Unusable::because(source, fault))?;
    }
    Ok(match flags.judging.replace {
        Some(replacement) => Text::replacing(corpus, model.vocabulary(), replacement)?,
        None => Text::with_vocabulary(corpus, model.vocabulary()).map_err(Remedied)?,
    })
}

/// The surprise of each character but the first, with a bar in a terminal.
fn scores(flags: &EvaluateFlags, model: &LanguageModel, judged: &Judged<'_>, screen: &Screen) -> Vec<f32> {
    let bar = match screen {
        Screen::Text | Screen::Json { quiet: false } => ProgressBar::new(1000),
        _ => ProgressBar::hidden(),
    };
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

/// Writes the surprise of each character into a folder, as JSON lines and as a page.
fn keep(folder: &Path, text: &Text, judged: Judged<'_>, scores: &[f32]) -> Result<(), Failure> {
    create_folder(folder)?;
    let name = format!("{} ({})", text.name(), judged.part.words());
    let (text, scores) = (judged.text(), judged.by_character(scores));
    write_whole(&folder.join("characters.jsonl"), character_lines(&text, judged.start, &scores).as_bytes())?;
    write_whole(&folder.join("surprise.html"), surprise_page(&text, &scores, &name).as_bytes())?;
    Ok(())
}

/// A text has a character that the model does not know.
#[derive(Debug, thiserror::Error)]
#[error("{0}; with `--replace CHAR`, CHAR is read in its place")]
struct Remedied(TextError);
