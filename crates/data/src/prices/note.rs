//! What was changed on reading, so that a program can tell its user.

use std::fmt;

/// A change that reading made to a file's rows. Lines are counted from 1, which is the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Rows without a value in a column asked for were dropped.
    Dropped {
        /// How many.
        rows: usize,
        /// The first one's line.
        first_line: usize,
    },
    /// Rows were not in date order, and were sorted.
    Sorted {
        /// The first line whose date is before that of the row above it.
        first_line: usize,
    },
    /// Rows that repeat a date with the same values were dropped.
    Repeated {
        /// How many.
        rows: usize,
        /// The line of the first one that was dropped.
        first_line: usize,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dropped { rows: 1, first_line } => {
                write!(formatter, "1 row with a missing value was dropped (line {first_line})")
            }
            Self::Dropped { rows, first_line } => {
                write!(
                    formatter,
                    "{rows} rows with a missing value were dropped (the first is line {first_line})"
                )
            }
            Self::Sorted { first_line } => {
                write!(
                    formatter,
                    "the rows were sorted by date (line {first_line} is the first out of order)"
                )
            }
            Self::Repeated { rows: 1, first_line } => {
                write!(formatter, "1 row that repeats another was dropped (line {first_line})")
            }
            Self::Repeated { rows, first_line } => {
                write!(
                    formatter,
                    "{rows} rows that repeat others were dropped (the first is line {first_line})"
                )
            }
        }
    }
}
