//! What using a model takes: the network's shape, the characters that it knows, and how its text was read.

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
    /// The characters that it knows.
    pub vocabulary: Vocabulary,
    /// What was done to its text on reading; the same is done to what it goes on with.
    #[serde(default)]
    pub read: ReadSpec,
    /// The parts of its text that were held out of training.
    pub fractions: TextFractions,
    /// Characters that a row read at once in training.
    pub window: usize,
    /// The SHA-256 of the text that it was trained on, where that is known.
    pub data_sha256: Option<String>,
}

impl Settings {
    /// Characters that a row may read at once.
    pub const WINDOW: RangeInclusive<usize> = 1..=100_000;

    /// A network that knows these characters; its text was taken as it is, all of it learnt from, 100 characters at once.
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
