//! What reading left out, so that a program can tell its user.

use std::fmt;

/// Something that reading left out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum Note {
    /// Reviews without a text, or of white space alone, were left out.
    Blank {
        /// How many.
        reviews: usize,
        /// The place of the first one: its path within the data set, or its row.
        first: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank { reviews: 1, first } => {
                write!(formatter, "1 review without text was left out: {first}")
            }
            Self::Blank { reviews, first } => {
                write!(formatter, "{reviews} reviews without text were left out; the first is {first}")
            }
        }
    }
}

/// Counts the blank reviews while they are read.
#[derive(Debug, Default)]
pub(super) struct Blanks {
    reviews: usize,
    first: Option<String>,
}

impl Blanks {
    /// Whether a text is blank; if so it is counted.
    pub(super) fn is_blank(&mut self, text: &str, place: impl FnOnce() -> String) -> bool {
        let blank = text.trim().is_empty();
        if blank {
            self.reviews += 1;
            self.first.get_or_insert_with(place);
        }
        blank
    }

    pub(super) fn note(self) -> Option<Note> {
        let Self { reviews, first } = self;
        first.map(|first| Note::Blank { reviews, first })
    }
}
