//! The byte-order mark in front of a file.

use serde::{Deserialize, Serialize};

/// What becomes of a byte-order mark, U+FEFF, in front of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// It stays, as a character like others: the textbook's 57 characters of *War and Peace* have it among them.
    #[default]
    Keep,
    /// It is taken off.
    Take,
}

impl Mark {
    /// Whether it stays.
    pub(super) fn stays(&self) -> bool {
        *self == Self::Keep
    }
}
