//! The price table that lies in `datasets/`, and whether a text is one.
//!
//! The format is fixed and has no quotes, so a row is split at its commas. Reading tables of any shape is the
//! business of the crate `recurrent-data`.

use std::fmt;

use thiserror::Error;
use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

/// The first line of the table, as Yahoo Finance writes it.
pub const HEADER: &str = "Date,Open,High,Low,Close,Adj Close,Volume";

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// What a valid table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    rows: usize,
    first: Date,
    last: Date,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows with a close, {} to {}", self.rows, self.first, self.last)
    }
}

/// Why a text is not a price table.
#[derive(Debug, Error)]
pub enum TableError {
    /// Another first line.
    #[error("line 1 is `{found}`, expected `{expected}`")]
    Header {
        /// The first line, shortened.
        found: String,
        /// The right header.
        expected: &'static str,
    },
    /// A row with too few or too many cells.
    #[error("line {line} has {found} cells, expected {expected}")]
    Cells {
        /// Counted from 1.
        line: usize,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A cell that is no date.
    #[error("line {line}: `{found}` is not a date, expected YYYY-MM-DD")]
    Date {
        /// Counted from 1.
        line: usize,
        /// The cell.
        found: String,
    },
    /// A cell that is no number.
    #[error("line {line}: {column} `{found}` is not a number, expected a finite number or null")]
    Number {
        /// Counted from 1.
        line: usize,
        /// Which column.
        column: &'static str,
        /// The cell.
        found: String,
    },
    /// Too few rows.
    #[error("{found} rows have a close, expected at least {least}")]
    Rows {
        /// How many.
        found: usize,
        /// The catalogue's bound.
        least: usize,
    },
}

/// Checks a table: the header, and dates and numbers in at least `rows_at_least` rows with a closing price.
///
/// # Errors
/// At the first line that is wrong, or when there are too few rows.
pub fn check_table(text: &str, rows_at_least: usize) -> Result<Table, TableError> {
    let columns: Vec<&'static str> = HEADER.split(',').collect();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let header = lines.next().unwrap_or_default();
    if header != HEADER {
        return Err(TableError::Header { found: shorten(header), expected: HEADER });
    }
    let mut table: Option<Table> = None;
    for (index, row) in lines.enumerate().filter(|(_, row)| !row.is_empty()) {
        let line = index + 2;
        let cells: Vec<&str> = row.split(',').collect();
        if cells.len() != columns.len() {
            return Err(TableError::Cells { line, found: cells.len(), expected: columns.len() });
        }
        let date =
            Date::parse(cells[0], DAY).map_err(|_| TableError::Date { line, found: shorten(cells[0]) })?;
        for (&column, &cell) in columns.iter().zip(&cells).skip(1) {
            if cell != "null" && !cell.parse().is_ok_and(f64::is_finite) {
                return Err(TableError::Number { line, column, found: shorten(cell) });
            }
        }
        if cells[4] != "null" {
            let (rows, first, last) = table.map_or((0, date, date), |t| (t.rows, t.first, t.last));
            table = Some(Table { rows: rows + 1, first: first.min(date), last: last.max(date) });
        }
    }
    let found = table.map_or(0, |table| table.rows);
    table.filter(|_| found >= rows_at_least).ok_or(TableError::Rows { found, least: rows_at_least })
}

/// The first characters, so that a message stays a line.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_checked_cell_by_cell() {
        let table = |rows: &str| check_table(&format!("{HEADER}\n{rows}"), 2);
        let good =
            "2001-01-03,1,1,1,1,1,5\n2001-01-02,1,1,1,1,1,null\n2001-01-04,null,null,null,null,null,null\n";
        insta::assert_snapshot!(table(good).expect("two rows"), @"2 rows with a close, 2001-01-02 to 2001-01-03");
        let error = |rows: &str| table(rows).expect_err("a wrong table").to_string();
        insta::assert_snapshot!(error("2001-01-02,1,1,1,1,1"), @"line 2 has 6 cells, expected 7");
        insta::assert_snapshot!(error("2001-13-02,1,1,1,1,1,5"), @"line 2: `2001-13-02` is not a date, expected YYYY-MM-DD");
        insta::assert_snapshot!(error("2001-01-02,1,inf,1,1,1,5"), @"line 2: High `inf` is not a number, expected a finite number or null");
        insta::assert_snapshot!(error("2001-01-02,1,1,1,1,1,5"), @"1 rows have a close, expected at least 2");
        insta::assert_snapshot!(check_table("<html><body>Sorry</body></html>", 2).expect_err("a page"), @"line 1 is `<html><body>Sorry</body></html>`, expected `Date,Open,High,Low,Close,Adj Close,Volume`");
    }
}
