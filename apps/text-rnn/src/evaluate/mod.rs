//! `evaluate`: how well a run's model predicts a text, as one figure or character by character.

mod dynamic;
mod per_character;

use std::path::PathBuf;

use indicatif::ProgressBar;
use recurrent_data::text::Text;
use recurrent_program::{Screen, Source};
use serde::Serialize;

pub use dynamic::{Adapting, adapted_score};

use crate::PROGRAM;
use crate::data::{Judged, corpus, sentence, split};
use crate::flags::EvaluateFlags;
use crate::report::prediction_text;
use crate::saved::Saved;
use crate::score::{mean, score_watched};
use crate::summary::Prediction;

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

/// Judges and prints. Another text is judged as a whole; the run's own, also where `--data` names it, by the part that
/// [`Judged::of_own`] chooses.
///
/// # Errors
/// The run or the text cannot be read, the text has a character that the model does not know, or a file cannot be written.
pub fn evaluate(flags: &EvaluateFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let mut saved = Saved::read(&flags.source.run, flags.common.backend)?;
    saved.settings.origin.find_data(flags.source.data.as_ref())?;
    let source = saved.settings.origin.source.clone();
    let text = read(flags, &saved, &source, screen)?;
    let judged = judged(flags, &mut saved, &source, &text)?;
    let ids = judged.ids;
    let bar = bar(screen);
    let watch = |share: f64| bar.set_position((1000.0 * share) as u64);
    let scores = if flags.dynamic {
        let adapting =
            Adapting { window: saved.settings.window, rate: flags.dynamic_rate, decay: flags.dynamic_decay };
        adapted_score(&saved, ids, adapting, watch)?
    } else {
        score_watched(&saved.model, ids, watch)
    };
    bar.finish_and_clear();
    let nats = mean(&scores).ok_or_else(|| TooShort(source.clone()))?;
    let floor = judged.floor(&source, &text);
    let metrics = Prediction::new(judged.part, scores.len(), nats, floor);
    let folder =
        flags.per_character.clone().map(|folder| folder.unwrap_or_else(|| saved.run.path().join("surprise")));
    if let Some(folder) = &folder {
        per_character::write(folder, &text, judged, &scores)?;
    }
    let data = Data {
        name: source.name(),
        path: source.path().map(Into::into),
        sha256: text.sha256().to_owned(),
        characters: text.len(),
    };
    let mut shown = format!("{}: {}", data.name, prediction_text(&metrics));
    if let Some(folder) = &folder {
        shown += &format!("\nby character: {0}/surprise.html, {0}/characters.jsonl\n", folder.display());
    }
    screen.result(
        &Evaluation { program: PROGRAM, data, dynamic: flags.dynamic, metrics, per_character: folder },
        &shown,
    )
}

fn read(
    flags: &EvaluateFlags,
    saved: &Saved,
    source: &Source,
    screen: &Screen,
) -> Result<Text, crate::Failure> {
    let corpus = corpus(source, saved.settings.read)?;
    let text = match flags.replace {
        Some(replacement) => Text::replacing(corpus, &saved.vocabulary, replacement)?,
        None => Text::with_vocabulary(corpus, &saved.vocabulary).map_err(Remedied)?,
    };
    screen.note(&sentence(source, &text));
    text.notes().iter().for_each(|note| screen.note(&format!("note: {note}")));
    Ok(text)
}

/// What of the text is judged.
fn judged<'a>(
    flags: &EvaluateFlags,
    saved: &mut Saved,
    source: &Source,
    text: &'a Text,
) -> Result<Judged<'a>, crate::Failure> {
    let origin = &mut saved.settings.origin;
    origin.keep_own_data(flags.source.data.as_ref(), text.sha256())?;
    if origin.began_with(text.sha256()) {
        let parts = split(source, text, saved.settings.fractions)?;
        return Ok(Judged::of_own(&parts));
    }
    Ok(Judged::whole(text))
}

/// A bar in a terminal; nothing elsewhere.
fn bar(screen: &Screen) -> ProgressBar {
    match screen {
        Screen::Text | Screen::Json { quiet: false } => ProgressBar::new(1000),
        _ => ProgressBar::hidden(),
    }
}

/// A text has a character that the model does not know.
#[derive(Debug, thiserror::Error)]
#[error("{0}; with `--replace CHAR`, CHAR is read in its place")]
struct Remedied(recurrent_data::text::TextError);

/// A text has no character to predict.
#[derive(Debug, thiserror::Error)]
#[error("{0} has one character, so none to predict; use a longer text")]
struct TooShort(Source);
