//! `evaluate`: judges a run's model on any labelled reviews.

use std::path::{Path, PathBuf};

use recurrent_classifier::{Classifier, Evaluation, Metrics, Scope, report::metrics_text};
use recurrent_data::reviews::{Columns, Dataset, Unlabelled};
use recurrent_program::{Screen, Trained, open_run};
use serde::Serialize;

use crate::PROGRAM;
use crate::data::{corpus, tell};
use crate::flags::EvaluateFlags;
use crate::settings::Settings;

/// What is printed.
#[derive(Serialize)]
struct Judged {
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
    part: Scope,
}

/// Judges and prints. Other reviews than the model's are judged by their test part, or as a whole where they have none; the
/// model's own, also where `--data` names them, by what was held out to judge on.
///
/// # Errors
/// The model or the reviews cannot be read.
pub fn evaluate(flags: &EvaluateFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let (asked, path) = (flags.source.data.as_ref(), &flags.source.run);
    let trained = Trained::open(PROGRAM, path)?;
    let model = Classifier::load_on(path, &flags.common.backend.unwrap_or_default().open()?)?;
    let trained = trained.with_sha256(model.settings().data_sha256.as_deref());
    let source = trained.data(asked)?;
    let (mut columns, unlabelled) = as_trained(&trained, asked.is_none())?;
    flags.columns.name(&mut columns, &source)?;
    let data = Dataset::with_vocabulary(corpus(&source, &columns, unlabelled)?, model.vocabulary());
    trained.keep_own_data(asked, &data.sha256)?;
    tell(&source, &data, screen);

    let (name, sha256) = (source.name(), data.sha256.clone());
    let Evaluation { scope: part, metrics, .. } = model.evaluate(data)?;
    let text = format!("{name}: {}", metrics_text(&metrics));
    let data = Data { name, path: source.path().map(Path::to_owned), sha256, part };
    screen.result(&Judged { program: PROGRAM, data, metrics }, &text)
}

/// The columns that a run read, and whether it read reviews without a label: a folder's checksum is of what is read of it. A
/// model file does not say.
fn as_trained(trained: &Trained, own_data: bool) -> Result<(Columns, Unlabelled), crate::Failure> {
    let Some(run) = trained.folder() else { return Ok((Columns::default(), Unlabelled::Skip)) };
    let (_, settings) = open_run::<Settings>(PROGRAM, run.path())?;
    let unlabelled = if own_data { settings.unlabelled() } else { Unlabelled::Skip };
    Ok((settings.columns, unlabelled))
}
