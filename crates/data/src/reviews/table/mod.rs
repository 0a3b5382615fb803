//! Reads reviews from a table with a column of texts and one of labels.

mod csv;
mod json;
mod parquet;

use std::{fmt::Display, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Corpus, FileFault, Label, MAX_REVIEW_BYTES, MAX_REVIEWS, MAX_SOURCE_BYTES, ReviewError, RowFault,
    RowUnit,
    files::{at_most, hex},
    note::Blanks,
};

/// The names of a table's columns. A name fits a column exactly, or else the only one with this name in other letter case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Columns {
    /// The column of the texts.
    pub text: String,
    /// The column of the labels.
    pub label: String,
}

impl Default for Columns {
    fn default() -> Self {
        Self { text: "text".to_owned(), label: "label".to_owned() }
    }
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Csv,
    Parquet,
    JsonLines,
}

/// Reads a table into the training part of `corpus`.
pub(super) fn read(
    path: &Path,
    kind: Kind,
    columns: &Columns,
    corpus: &mut Corpus,
) -> Result<(), ReviewError> {
    let of_file = |fault| ReviewError::File { path: path.to_owned(), fault };
    let bytes = at_most(path, MAX_SOURCE_BYTES).map_err(of_file)?;
    corpus.sha256 = hex(Sha256::new_with_prefix(&bytes));
    let unit = match kind {
        Kind::Csv | Kind::Parquet => RowUnit::Row,
        Kind::JsonLines => RowUnit::Line,
    };
    let mut rows = Rows { unit, corpus, blanks: Blanks::default() };
    let read = match kind {
        Kind::Csv => csv::read(&bytes, columns, &mut rows),
        Kind::JsonLines => json::read(&bytes, columns, &mut rows),
        Kind::Parquet => parquet::read(bytes, columns, &mut rows),
    };
    read.map_err(|fault| match fault {
        Fault::File(fault) => of_file(fault),
        Fault::Row(row, fault) => ReviewError::Row { path: path.to_owned(), unit, row, fault },
    })?;
    let note = rows.blanks.note();
    corpus.notes.extend(note);
    Ok(())
}

/// What is wrong with a table's content. Rows are counted from 1.
enum Fault {
    File(FileFault),
    Row(usize, RowFault),
}

impl From<FileFault> for Fault {
    fn from(fault: FileFault) -> Self {
        Self::File(fault)
    }
}

/// A fault of the table as a whole, as a parser says it.
fn unreadable(kind: &'static str, reason: impl Display) -> Fault {
    FileFault::Table { kind, reason: reason.to_string() }.into()
}

/// The rows so far.
struct Rows<'a> {
    unit: RowUnit,
    corpus: &'a mut Corpus,
    blanks: Blanks,
}

impl Rows<'_> {
    /// Adds a row; one without a text is left out.
    fn push(&mut self, row: usize, text: Option<String>, label: Option<&str>) -> Result<(), Fault> {
        let fault = |fault| Err(Fault::Row(row, fault));
        let Some(name) = label.filter(|label| !label.trim().is_empty()) else {
            return fault(RowFault::NoLabel);
        };
        let Some(label) = Label::of(name) else { return fault(RowFault::Label(shortened(name))) };
        let text = text.unwrap_or_default();
        if text.len() as u64 > MAX_REVIEW_BYTES {
            return fault(RowFault::TooLarge(text.len()));
        }
        if self.blanks.is_blank(&text, || format!("{} {row}", self.unit)) {
            return Ok(());
        }
        self.corpus.train.push(text, label);
        if self.corpus.train.len() > MAX_REVIEWS { Err(FileFault::TooMany.into()) } else { Ok(()) }
    }
}

/// The column that `wanted` names, of those that there are.
fn column<'a>(names: &[&'a str], role: &'static str, wanted: &str) -> Result<&'a str, FileFault> {
    if let Some(name) = names.iter().find(|name| **name == wanted) {
        return Ok(name);
    }
    let mut alike = names.iter().filter(|name| name.eq_ignore_ascii_case(wanted));
    match (alike.next(), alike.next()) {
        (Some(name), None) => Ok(name),
        _ => Err(FileFault::NoColumn { role, wanted: wanted.to_owned(), columns: listed(names) }),
    }
}

/// Names for people, of which a file may have thousands.
fn listed(names: &[&str]) -> String {
    const MOST: usize = 20;
    let mut listed: Vec<String> =
        names.iter().take(MOST).map(|name| format!("`{}`", shortened(name))).collect();
    match names.len().saturating_sub(MOST) {
        0 if listed.is_empty() => return "none".to_owned(),
        0 => {}
        more => listed.push(format!("{more} more")),
    }
    listed.join(", ")
}

/// A value as a message shows it: in one line, and not the whole of a long one.
fn shortened(value: &str) -> String {
    const MOST: usize = 40;
    let mut short = String::new();
    for character in value.trim().chars().take(MOST) {
        if character.is_control() {
            short.extend(character.escape_debug());
        } else {
            short.push(character);
        }
    }
    if value.trim().chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}
