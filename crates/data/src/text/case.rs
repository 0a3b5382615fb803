//! What becomes of capital letters.

use serde::{Deserialize, Serialize};

/// What becomes of capital letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// They stay.
    #[default]
    Keep,
    /// They become small ones, as Unicode maps them and as Python's `str.lower()` does: one letter may become two
    /// characters (`İ`), and a sigma at the end of a word is `ς`.
    Lower,
}

impl Case {
    pub(super) fn apply(self, mut text: String) -> String {
        match self {
            Self::Keep => text,
            // Saves the copy, of which the largest texts are often in no need.
            Self::Lower if text.is_ascii() => {
                text.make_ascii_lowercase();
                text
            }
            Self::Lower => text.to_lowercase(),
        }
    }
}
