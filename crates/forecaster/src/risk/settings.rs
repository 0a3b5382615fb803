//! The shape of the network, as plain data.

use std::ops::RangeInclusive;
use std::path::Path;

use recurrent_train::{OutOfRange, check_fraction, check_range};
use recurrent_volatility::LONGEST;
use serde::{Deserialize, Serialize};

use super::centre::OF_A_DAY;
use crate::settings::{FEATURES, HIDDEN, LAYERS};

/// Days that the network may read before a forecast: no fewer than the linear model under it does.
pub const WINDOW: RangeInclusive<usize> = LONGEST..=1000;
/// Networks that may forecast together.
pub const MEMBERS: RangeInclusive<usize> = 1..=64;

/// The shape of an [`Ensemble`](super::Ensemble).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnsembleSettings {
    /// Days that are read before a forecast.
    pub window: usize,
    /// Units of each layer.
    pub hidden: usize,
    /// Layers of each member.
    pub layers: usize,
    /// Networks that differ in their first weights alone, and forecast together.
    pub members: usize,
    /// The share of each layer's inputs that is dropped in training.
    pub dropout: f64,
    /// Numbers that are known beforehand of the days after each, beside what is read of itself.
    #[serde(default, skip_serializing_if = "is_none")]
    pub known: usize,
}

fn is_none(known: &usize) -> bool {
    *known == 0
}

impl EnsembleSettings {
    /// Numbers that the network reads of a day.
    pub fn features(&self) -> usize {
        OF_A_DAY + self.known
    }

    /// Checks settings that `file` holds before anything is built by them.
    ///
    /// # Errors
    /// A size or a share is out of its range.
    pub fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        check_range(file, "window", self.window, WINDOW)?;
        check_range(file, "hidden", self.hidden, HIDDEN)?;
        check_range(file, "layers", self.layers, LAYERS)?;
        check_range(file, "members", self.members, MEMBERS)?;
        check_range(file, "known", self.known, FEATURES)?;
        check_fraction(file, "dropout", self.dropout)
    }
}
