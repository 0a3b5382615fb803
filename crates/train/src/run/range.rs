//! Settings read from a run's `config.json`: what the command line guards, an edited file does not.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// A setting is out of its range, which only an edited file can bring about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: `{name}` is {found}, expected {expected}; correct it, or start a new run", file.display())]
pub struct OutOfRange {
    /// The file.
    pub file: PathBuf,
    /// The setting.
    pub name: &'static str,
    /// Its value.
    pub found: String,
    /// What it may be.
    pub expected: String,
}

/// The settings of a training cannot be used, which only an edited file can bring about.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}; correct it, or start a new run", file.display())]
pub struct Unfit {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with them.
    pub problem: crate::Error,
}

/// Checks a whole number.
///
/// # Errors
/// It is out of its range.
pub fn check_range(
    file: &Path,
    name: &'static str,
    found: usize,
    range: RangeInclusive<usize>,
) -> Result<(), OutOfRange> {
    let expected = format!("a whole number from {} to {}", range.start(), range.end());
    check(range.contains(&found), file, name, found.to_string(), expected)
}

/// Checks a share: from 0 up to, but not including, 1.
///
/// # Errors
/// It is none.
pub fn check_fraction(file: &Path, name: &'static str, found: f64) -> Result<(), OutOfRange> {
    let expected = "a number from 0 up to, but not including, 1".to_owned();
    check((0.0..1.0).contains(&found), file, name, found.to_string(), expected)
}

/// Checks a share of which neither part may be nothing: above 0 and below 1.
///
/// # Errors
/// It is none.
pub fn check_between(file: &Path, name: &'static str, found: f64) -> Result<(), OutOfRange> {
    let expected = "a number above 0 and below 1".to_owned();
    check(found > 0.0 && found < 1.0, file, name, found.to_string(), expected)
}

fn check(
    fits: bool,
    file: &Path,
    name: &'static str,
    found: String,
    expected: String,
) -> Result<(), OutOfRange> {
    if fits { Ok(()) } else { Err(OutOfRange { file: file.to_owned(), name, found, expected }) }
}
