//! What a review says of its film.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a review says of its film.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// It is against it: class 0.
    Negative,
    /// It is for it: class 1.
    Positive,
}

impl Label {
    /// Both labels, in the order of their classes.
    pub const BOTH: [Self; 2] = [Self::Negative, Self::Positive];

    /// The class: 0 for negative, 1 for positive.
    pub fn class(self) -> usize {
        self as usize
    }

    /// The class as a number to learn: 0.0 or 1.0.
    pub fn target(self) -> f32 {
        self.class() as f32
    }

    /// The label of a word or number as files have it: `0`, `neg` or `negative`, `1`, `pos` or `positive`, in any case
    /// of letters, with white space around it.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let is = |names: [&str; 3]| names.iter().any(|name| text.eq_ignore_ascii_case(name));
        if is(["0", "neg", "negative"]) {
            Some(Self::Negative)
        } else if is(["1", "pos", "positive"]) {
            Some(Self::Positive)
        } else {
            None
        }
    }
}

impl std::ops::Not for Label {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Negative => Self::Positive,
            Self::Positive => Self::Negative,
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Negative => "negative",
            Self::Positive => "positive",
        })
    }
}
