//! The settings of a run, as plain data in its `config.json`.

use std::path::{Path, PathBuf};

use recurrent_data::text::{ReadSpec, TextFractions, Tokens, Vocabulary};
use recurrent_language_model::{BatchSettings, Feed, NetworkSettings, SampleSettings};
use recurrent_program::flags::{BATCH_SIZE, ScheduleKind};
use recurrent_program::{CommonSettings, Origin, OutOfRange, RunSettings, check_range};
use recurrent_train::TrainConfig;
use serde::{Deserialize, Serialize};

pub use crate::presets::Preset;

/// Everything that a run's result follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The preset that the other settings started from.
    pub preset: Preset,
    /// The backend and the text.
    pub origin: Origin,
    /// What is done to the text on reading.
    pub read: ReadSpec,
    /// The parts that are held out of training.
    pub fractions: TextFractions,
    /// The run or model file whose weights this one began with.
    pub init_from: Option<PathBuf>,
    /// The vocabulary of that model, where another framework trained it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init_vocabulary: Option<PathBuf>,
    /// What the text is read in.
    #[serde(default)]
    pub tokens: Tokens,
    /// The tokens that the vocabulary is to have.
    #[serde(default)]
    pub vocabulary_size: Option<usize>,
    /// The tokens that the model knows; set once the text has been read.
    pub vocabulary: Option<Vocabulary>,
    /// The model.
    pub model: NetworkSettings,
    /// How the text is fed.
    pub feed: Feed,
    /// Tokens in a window, or read by a row of a stream in one step.
    pub window: usize,
    /// Windows or rows in a batch.
    pub batch_size: usize,
    /// The share of the rows of streams that begin anew at each step. Runs of older versions have none.
    #[serde(default)]
    pub restarts: f64,
    /// What is written while training.
    pub samples: SampleSettings,
    /// How the learning rate goes on; the training has the same with its steps.
    pub schedule: ScheduleKind,
    /// Steps over which the learning rate grows first.
    pub warmup: u64,
    /// The training.
    pub train: TrainConfig,
}

impl Settings {
    /// How the text is cut into batches.
    pub fn batches(&self) -> BatchSettings {
        let Self { feed, window, batch_size, restarts, .. } = *self;
        BatchSettings { feed, window, batch_size, restarts }
    }

    /// What using the model takes.
    pub fn of_model(&self, vocabulary: &Vocabulary) -> recurrent_language_model::Settings {
        let settings = recurrent_language_model::Settings::new(self.model, vocabulary.clone());
        settings
            .of_text(self.read.clone(), self.fractions, self.origin.sha256.clone())
            .with_window(self.window)
    }
}

impl RunSettings for Settings {
    fn common(&mut self) -> CommonSettings<'_> {
        CommonSettings {
            origin: &mut self.origin,
            batch_size: &mut self.batch_size,
            schedule: &mut self.schedule,
            warmup: &mut self.warmup,
            train: &mut self.train,
        }
    }

    fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        self.model.check(file)?;
        check_range(file, "window", self.window, recurrent_language_model::Settings::WINDOW)?;
        check_range(file, "batch_size", self.batch_size, BATCH_SIZE)?;
        self.batches().check(file)
    }
}
