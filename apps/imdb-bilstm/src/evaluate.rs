//! `evaluate`: judges a run's model on any labelled reviews.

use std::path::PathBuf;

use recurrent_data::reviews::{Dataset, Encoded, Label, Unlabelled};
use recurrent_program::Screen;
use serde::Serialize;

use crate::PROGRAM;
use crate::data::{Reviews, corpus, sentence};
use crate::flags::EvaluateFlags;
use crate::judge::Metrics;
use crate::report::metrics_text;
use crate::saved::Saved;
use crate::settings::name_columns;

#[derive(Serialize)]
struct Evaluation {
    program: &'static str,
    data: Data,
    metrics: Metrics,
}

#[derive(Serialize)]
struct Data {
    name: String,
    path: Option<PathBuf>,
    sha256: String,
    /// Which reviews of it.
    part: Part,
}

/// The reviews that are judged on.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    /// Those kept apart to judge on.
    Test,
    /// All of them: a table that was named, which has no parts.
    Whole,
}

/// Judges and prints. Other reviews than the run's are judged by their test part, or as a whole where they have none; the
/// run's own, also where `--data` names them, by what was held out to judge on.
///
/// # Errors
/// The run or the reviews cannot be read.
pub fn evaluate(flags: &EvaluateFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let mut saved = Saved::read(&flags.source.run, flags.common.backend)?;
    let settings = &mut saved.settings;
    settings.origin.find_data(flags.source.data.as_ref())?;
    name_columns(&mut settings.columns, &flags.columns, &settings.origin.source)?;
    let source = settings.origin.source.clone();
    // A folder's checksum is of what is read of it.
    let unlabelled = if flags.source.data.is_none() { settings.unlabelled() } else { Unlabelled::Skip };
    let corpus = corpus(&source, &settings.columns, unlabelled)?;
    let data = Dataset::with_vocabulary(corpus, &saved.vocabulary);
    settings.origin.keep_own_data(flags.source.data.as_ref(), &data.sha256)?;
    let learnt_from = settings.origin.began_with(&data.sha256);
    screen.note(&sentence(&source, &data));
    data.notes.iter().for_each(|note| screen.note(&format!("note: {note}")));

    let sha256 = data.sha256.clone();
    let facts = |part| Data {
        name: source.name(),
        path: source.path().map(Into::into),
        sha256: sha256.clone(),
        part,
    };
    let coding = saved.settings.coding;
    let all = |part: &Encoded| {
        let indices = coding.encode_all(part.ranks());
        let reviews: Vec<&[u32]> = indices.iter().collect();
        (saved.scorer.scores(&reviews), part.labels().to_vec())
    };
    let (facts, (scores, labels)) = if !data.test.is_empty() {
        (facts(Part::Test), all(&data.test))
    } else if learnt_from {
        (facts(Part::Test), held_out(data, &saved)?)
    } else {
        (facts(Part::Whole), all(&data.train))
    };
    let metrics = Metrics::of(&scores, &labels);
    let text = format!("{}: {}", facts.name, metrics_text(&metrics));
    screen.result(&Evaluation { program: PROGRAM, data: facts, metrics }, &text)
}

/// The scores and labels of what was held out of the run's own table.
fn held_out(data: Dataset, saved: &Saved) -> Result<(Vec<f32>, Vec<Label>), crate::Failure> {
    let reviews = Reviews::new(data, &saved.settings)?;
    let test = reviews.judge();
    Ok((saved.scorer.scores(&test.reviews()), test.labels()))
}
