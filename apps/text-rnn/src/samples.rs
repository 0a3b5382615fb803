//! What the network writes while it is trained: into the terminal, the run's `samples/`, and so the report.

use std::path::PathBuf;

use recurrent_backend::Seed;
use recurrent_data::text::Vocabulary;
use recurrent_train::{
    Error, RunFolder,
    files::{create_folder, read_limited, write_whole},
};

use crate::generate::{first_character, written};
use crate::model::Writer;
use crate::settings::SampleSettings;

/// More than the longest sample has.
const LIMIT: u64 = 8 << 20;

/// When a sample was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// After a step, counted over the whole run.
    Step(u64),
    /// After an epoch.
    Epoch(usize),
}

impl Moment {
    /// The same for people.
    pub fn words(self) -> String {
        match self {
            Self::Step(step) => format!("after step {step}"),
            Self::Epoch(epoch) => format!("after epoch {epoch}"),
        }
    }

    fn file(self, run: &RunFolder) -> PathBuf {
        run.samples().join(match self {
            Self::Step(step) => format!("step_{step:07}.txt"),
            Self::Epoch(epoch) => format!("epoch_{epoch:03}.txt"),
        })
    }
}

/// Writes a sample and keeps it in the run's folder; returns it.
///
/// # Errors
/// The file cannot be written.
pub fn keep(
    model: &Writer,
    vocabulary: &Vocabulary,
    settings: SampleSettings,
    seed: Seed,
    moment: Moment,
    run: &RunFolder,
) -> Result<String, Error> {
    let prime = [first_character(vocabulary, seed)];
    let text = written(model, &prime, settings.length, settings.strategy, seed);
    let text = vocabulary.decode(&prime) + &vocabulary.decode(&text);
    create_folder(&run.samples())?;
    write_whole(&moment.file(run), text.as_bytes())?;
    Ok(text)
}

/// Reads the samples of a run that are there, of the moments given.
///
/// # Errors
/// A file cannot be read.
pub fn read(run: &RunFolder, moments: &[Moment]) -> Result<Vec<(Moment, String)>, Error> {
    let mut samples = Vec::new();
    for moment in moments {
        let file = moment.file(run);
        if file.exists() {
            let text = String::from_utf8_lossy(&read_limited(&file, LIMIT)?).into_owned();
            samples.push((*moment, text));
        }
    }
    Ok(samples)
}
