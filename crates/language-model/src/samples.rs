//! What a network writes while it is trained, kept in its run's folder.

use std::path::PathBuf;

use recurrent_backend::Seed;
use recurrent_data::text::Vocabulary;
use recurrent_report::Section;
use recurrent_train::{
    EpochRecord, Error, RunFolder,
    files::{create_folder, read_limited, write_whole},
};
use serde::{Deserialize, Serialize};

use crate::network::Network;
use crate::sampling::Sampling;
use crate::writing::sample_text;

/// Samples as a section of a report, the last first.
pub fn samples_section(samples: &[(Moment, String)]) -> Section {
    let mut section = Section::new("What it wrote");
    if samples.is_empty() {
        section = section.paragraph("No sample was due while it was trained.");
    }
    for (moment, text) in samples.iter().rev() {
        section = section.sample(moment.words(), text.clone());
    }
    section
}

/// What is written while a network is trained.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleSettings {
    /// A sample after every so many epochs; 0 for none.
    pub every_epochs: usize,
    /// A sample after every so many steps; 0 for none.
    pub every_steps: u64,
    /// Characters of a sample.
    pub length: usize,
    /// How its characters are chosen.
    pub strategy: Sampling,
}

/// When a sample was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// After a step, counted over the whole run.
    Step(u64),
    /// After an epoch.
    Epoch(usize),
}

/// More than the longest sample has.
const LIMIT: u64 = 8 << 20;
/// Samples of each kind that are read back.
const SHOWN: usize = 5;

impl Moment {
    /// The same for people.
    pub fn words(self) -> String {
        match self {
            Self::Step(step) => format!("after step {step}"),
            Self::Epoch(epoch) => format!("after epoch {epoch}"),
        }
    }

    /// Where TensorBoard shows samples of its kind.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Step(_) => "samples/by_step",
            Self::Epoch(_) => "samples/by_epoch",
        }
    }

    fn file(self, run: &RunFolder) -> PathBuf {
        run.samples().join(match self {
            Self::Step(step) => format!("step_{step:07}.txt"),
            Self::Epoch(epoch) => format!("epoch_{epoch:03}.txt"),
        })
    }
}

impl SampleSettings {
    /// Whether a sample is due after an epoch.
    pub fn is_due(self, epoch: usize) -> bool {
        self.every_epochs > 0 && epoch.is_multiple_of(self.every_epochs)
    }

    /// Writes a sample from where texts start and keeps it in the run's folder; returns it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(
        self,
        network: &Network,
        vocabulary: &Vocabulary,
        seed: Seed,
        moment: Moment,
        run: &RunFolder,
    ) -> Result<String, Error> {
        let text = sample_text(network, vocabulary, self.strategy, self.length, seed);
        create_folder(&run.samples())?;
        write_whole(&moment.file(run), text.as_bytes())?;
        Ok(text)
    }

    /// Reads the last few samples of a run that are there, those by step first.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn last(
        self,
        history: &[EpochRecord],
        steps: u64,
        run: &RunFolder,
    ) -> Result<Vec<(Moment, String)>, Error> {
        let mut samples = Vec::new();
        for moment in self.due(history, steps) {
            let file = moment.file(run);
            if file.exists() {
                let text = String::from_utf8_lossy(&read_limited(&file, LIMIT)?).into_owned();
                samples.push((moment, text));
            }
        }
        Ok(samples)
    }

    /// The last few moments at which a sample was due.
    fn due(self, history: &[EpochRecord], steps: u64) -> Vec<Moment> {
        let epochs: Vec<_> =
            history.iter().map(|record| record.epoch).filter(|epoch| self.is_due(*epoch)).collect();
        let epochs = epochs[epochs.len().saturating_sub(SHOWN)..].iter().copied().map(Moment::Epoch);
        let times = steps.checked_div(self.every_steps).unwrap_or(0);
        let first = times.saturating_sub(SHOWN as u64) + 1;
        (first..=times).map(|times| Moment::Step(times * self.every_steps)).chain(epochs).collect()
    }
}
