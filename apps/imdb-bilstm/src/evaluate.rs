//! `evaluate`: judges a run's model on any labelled reviews.

use recurrent_classifier::{Classifier, Evaluation, Metrics, Scope, report::metrics_text};
use recurrent_data::reviews::{Dataset, LabelsAs, ReadSpec, Unlabelled};
use recurrent_program::{DataRecord, Screen, Trained, open_run};
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
    #[serde(flatten)]
    read: DataRecord,
    /// Which reviews of it.
    part: Scope,
}

/// Judges and prints. Other reviews than the model's are judged by their test part, or as a whole where they have none; the
/// model's own, also where `--data` names them, by what was held out to judge on.
///
/// # Errors
/// The model or the reviews cannot be read.
pub fn evaluate(flags: &EvaluateFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let (asked, path) = (flags.source.data.as_slice(), &flags.source.run);
    let trained = Trained::open(PROGRAM, path, screen)?;
    let model = Classifier::load_on(path, &flags.common.backend.unwrap_or_default().open()?)?;
    let trained = trained.with_sha256(model.settings().data_sha256.as_deref());
    let source = trained.data(asked)?;
    let mut read = as_trained(&trained, asked.is_empty())?;
    if !matches!(read.labels, LabelsAs::Positive(_)) {
        read.labels = LabelsAs::Known(model.settings().classes.clone());
    }
    flags.columns.name(&mut read, &source)?;
    let data = Dataset::with_vocabulary(corpus(&source, read)?, model.vocabulary());
    trained.keep_own_data(asked, &data.sha256)?;
    tell(&source, &data, screen);

    let read = source.record(&data.sha256);
    let Evaluation { scope: part, metrics, .. } = model.evaluate(data)?;
    let text = format!("{}: {}", read.name, metrics_text(&metrics));
    let data = Data { read, part };
    screen.result(&Judged { program: PROGRAM, data, metrics }, &text)
}

/// How a run read its reviews, and whether it read those without a label: a folder's checksum is of what is read of it. A model
/// file does not say.
fn as_trained(trained: &Trained, own_data: bool) -> Result<ReadSpec, crate::Failure> {
    let Some(run) = trained.folder() else { return Ok(ReadSpec::default()) };
    let (_, settings) = open_run::<Settings>(PROGRAM, run.path())?;
    let mut read = settings.read();
    if !own_data {
        // Other reviews may have other columns, which are found as those were.
        (read.unlabelled, read.encoding) = (Unlabelled::Skip, None);
    }
    Ok(read)
}
