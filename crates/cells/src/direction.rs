//! Which end of a sequence is read first.

use serde::{Deserialize, Serialize};

/// The order in which a sequence is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the first step to the last.
    #[default]
    Forward,
    /// From the last step to the first.
    Reverse,
}

impl Direction {
    /// The steps of a sequence in the order in which they are read.
    pub(crate) fn steps(self, time: usize) -> Vec<usize> {
        match self {
            Self::Forward => (0..time).collect(),
            Self::Reverse => (0..time).rev().collect(),
        }
    }
}
