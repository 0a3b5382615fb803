//! The parts of a data set.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A part of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The reviews to learn from.
    Train,
    /// The reviews to judge by.
    Test,
    /// The reviews without a label.
    Unlabelled,
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Train => "training",
            Self::Test => "test",
            Self::Unlabelled => "unlabelled",
        })
    }
}
