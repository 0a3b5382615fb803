//! What was found and changed on reading, so that a program can tell its user.

use std::fmt;

use super::Moment;

/// What reading found or changed. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Note {
    /// The file was packed.
    Unpacked {
        /// The bytes that came out.
        bytes: usize,
    },
    /// Lines above the header were left out.
    Above {
        /// How many.
        lines: usize,
        /// The first one.
        first: String,
    },
    /// Columns are parted by something other than commas.
    Delimiter(char),
    /// A column of another name was taken for the one asked for.
    Taken {
        /// The name asked for.
        wanted: String,
        /// The column's.
        found: String,
    },
    /// Dates were read with the day or the month first.
    DateForm {
        /// The form, as `strftime` has it.
        form: String,
    },
    /// Numbers have a decimal comma, or marks between thousands.
    Marks {
        /// The decimal mark.
        decimal: char,
    },
    /// The rows of one ticker were read.
    Ticker {
        /// The ticker.
        ticker: String,
        /// The rows of others.
        others: usize,
    },
    /// The rows were in falling order, and were turned round.
    NewestFirst,
    /// Rows are missing.
    Hole {
        /// How many times.
        count: usize,
        /// The days of the longest time.
        days: usize,
        /// The last row before it.
        after: Moment,
        /// The first row after it.
        before: Moment,
    },
    /// A price is far from the one before it.
    Jump {
        /// The column.
        column: String,
        /// The row.
        at: Moment,
        /// The price before.
        from: f64,
        /// The price.
        to: f64,
        /// The split that this looks like: new shares for old ones.
        split: Option<(u32, u32)>,
        /// A column of adjusted prices that does not jump there.
        adjusted: Option<String>,
    },
    /// Further prices jump.
    MoreJumps {
        /// How many.
        count: usize,
    },
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
            Self::Unpacked { bytes } => write!(formatter, "the file was unpacked, to {bytes} bytes"),
            Self::Above { lines: 1, first } => {
                write!(formatter, "1 line above the header was left out (`{first}`)")
            }
            Self::Above { lines, first } => {
                write!(formatter, "{lines} lines above the header were left out (the first is `{first}`)")
            }
            Self::Delimiter(delimiter) => {
                let name = match delimiter {
                    ';' => "semicolons",
                    '\t' => "tabs",
                    _ => "bars",
                };
                write!(formatter, "the columns are parted by {name}")
            }
            Self::Taken { wanted, found } => {
                write!(formatter, "column `{found}` was taken for `{wanted}`, which the file does not have")
            }
            Self::DateForm { form } => {
                write!(formatter, "dates were read as {form}, the one form that fits all rows")
            }
            Self::Marks { decimal: ',' } => write!(formatter, "numbers were read with a decimal comma"),
            Self::Marks { .. } => write!(formatter, "numbers were read with commas between thousands"),
            Self::Ticker { ticker, others: 0 } => write!(formatter, "the prices of {ticker} were read"),
            Self::Ticker { ticker, others } => {
                write!(formatter, "the rows of {ticker} were read; {others} rows of others were left out")
            }
            Self::NewestFirst => write!(formatter, "the rows came newest first and were turned round"),
            Self::Hole { .. } | Self::Jump { .. } | Self::MoreJumps { .. } => self.doubt(formatter),
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

impl Note {
    /// What looks wrong in the series itself, with a remedy.
    fn doubt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hole { count, days, after, before } => {
                let times =
                    if *count == 1 { String::new() } else { format!(", the longest of {count} holes") };
                write!(
                    formatter,
                    "no rows for {days} days between {after} and {before}{times}; a window across a hole takes its ends for neighbours: \
                     fetch what is missing, or begin the file after it"
                )
            }
            Self::Jump { column, at, from, to, split, adjusted } => {
                let times = if to > from { to / from } else { from / to };
                let way = if to > from { "rises to" } else { "falls by a factor of" };
                write!(formatter, "`{column}` {way} {times:.3}")?;
                if to > from {
                    write!(formatter, " times")?;
                }
                write!(formatter, " on {at} ({from} to {to})")?;
                if let Some((new, old)) = split {
                    write!(formatter, ", as after a split of {new} to {old}")?;
                }
                match adjusted {
                    Some(name) => write!(formatter, "; `{name}` does not: forecast that column"),
                    None => write!(formatter, "; check the row, or use prices that are adjusted for splits"),
                }
            }
            Self::MoreJumps { count } => write!(formatter, "{count} more prices jump so far"),
            _ => Ok(()),
        }
    }
}
