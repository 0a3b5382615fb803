//! What using a model takes: the network's shape, the tokens that it knows, and how its text was read.

use std::ops::RangeInclusive;
use std::path::Path;

use recurrent_data::text::{ReadSpec, TextFractions, Vocabulary};
use recurrent_train::{OutOfRange, check_range};
use serde::{Deserialize, Serialize};

use crate::network_settings::NetworkSettings;

/// What using a model takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// The network.
    pub network: NetworkSettings,
    /// The tokens that it knows.
    pub vocabulary: Vocabulary,
    /// What was done to its text on reading; the same is done to what it goes on with.
    #[serde(default)]
    pub read: ReadSpec,
    /// The parts of its text that were held out of training.
    pub fractions: TextFractions,
    /// Tokens that a row read at once in training.
    pub window: usize,
    /// The SHA-256 of the text that it was trained on, where that is known.
    pub data_sha256: Option<String>,
}

impl Settings {
    /// Tokens that a row may read at once.
    pub const WINDOW: RangeInclusive<usize> = 1..=100_000;

    /// A network that knows these tokens; its text was taken as it is, all of it learnt from, 100 tokens at once.
    pub fn new(network: NetworkSettings, vocabulary: Vocabulary) -> Self {
        Self {
            network,
            vocabulary,
            read: ReadSpec::default(),
            fractions: TextFractions { validation: 0.0, test: 0.0 },
            window: 100,
            data_sha256: None,
        }
    }

    /// The same with what is to be said of the text that was learnt from: how it was read, which parts were held out, and the SHA-256
    /// of what was read, where that is known.
    pub fn of_text(self, read: ReadSpec, fractions: TextFractions, data_sha256: Option<String>) -> Self {
        Self { read, fractions, data_sha256, ..self }
    }

    /// The same with the tokens that a row read at once in training.
    pub fn with_window(self, window: usize) -> Self {
        Self { window, ..self }
    }

    /// Checks every number. `file` is the one that the settings were read from, for the message.
    ///
    /// # Errors
    /// A number is out of its range.
    pub fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        self.network.check(file)?;
        check_range(file, "window", self.window, Self::WINDOW)
    }

    /// The number of weights and biases.
    pub fn parameters(&self) -> u64 {
        self.network.summary(self.vocabulary.len()).parameters()
    }
}
