//! Reads reviews from a table with a column of texts and one of labels.

mod columns;
mod delimited;
mod flags;
mod json;
mod labels;
mod listed;
mod parquet;
mod rows;
mod several;
mod unlabelled;

use std::{fmt::Display, path::Path};

use crate::{checksum::sha256, encoding::decoded};

use super::{
    Corpus, Encoding, FileFault, MAX_SOURCE_BYTES, Note, ReadSpec, ReviewError, RowFault,
    files::{at_most, unpacked},
};
pub use columns::Columns;
use rows::{Rows, shortened};
pub use unlabelled::{Texts, texts, texts_of};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Fields parted by a character.
    Delimited,
    /// An array of objects, or an object a line.
    Json,
    Parquet,
}

impl Kind {
    /// The kind of a file by its name, in small letters.
    pub(super) fn of(name: &str) -> Option<Self> {
        let unpacked = name.strip_suffix(".gz").unwrap_or(name);
        match unpacked.rsplit_once('.')?.1 {
            "csv" | "tsv" | "tab" | "txt" => Some(Self::Delimited),
            "json" | "jsonl" | "ndjson" => Some(Self::Json),
            "parquet" if unpacked == name => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// Rows that are looked at to tell which column is which, where all need not be.
const LOOKED_AT: usize = 1000;

/// Reads a table into the training part of `corpus`.
pub(super) fn read(path: &Path, kind: Kind, spec: &ReadSpec, corpus: &mut Corpus) -> Result<(), ReviewError> {
    let mut rows = Rows::labelled(&spec.labels);
    let read = bytes_of(path, |bytes| corpus.sha256 = sha256(bytes))
        .and_then(|bytes| read_rows(bytes, kind, spec, &mut rows))
        .and_then(|()| rows.labelled_texts());
    let (classes, reviews) = read.map_err(|fault| fault.of(path, &rows))?;
    corpus.classes = classes;
    corpus.train = reviews;
    corpus.notes.extend(rows.notes());
    Ok(())
}

/// The bytes of a table, unpacked; `packed` is shown them as they lie on the disk.
fn bytes_of(path: &Path, packed: impl FnOnce(&[u8])) -> Result<Vec<u8>, Fault> {
    let bytes = at_most(path, MAX_SOURCE_BYTES)?;
    packed(&bytes);
    Ok(unpacked(bytes)?)
}

/// Reads the rows of a table's bytes.
fn read_rows(bytes: Vec<u8>, kind: Kind, spec: &ReadSpec, rows: &mut Rows) -> Result<(), Fault> {
    match kind {
        Kind::Parquet => parquet::read(bytes, &spec.columns, rows),
        Kind::Json => json::read(&text(&bytes, spec.encoding, rows)?, &spec.columns, rows),
        Kind::Delimited => delimited::read(&text(&bytes, spec.encoding, rows)?, &spec.columns, rows),
    }
}

/// The text of a table's bytes; what is no UTF-8 is noted, as is a page of the Web, which is refused.
fn text<'a>(
    bytes: &'a [u8],
    encoding: Option<Encoding>,
    rows: &mut Rows,
) -> Result<std::borrow::Cow<'a, str>, FileFault> {
    let text = decoded(bytes, encoding).map_err(FileFault::NotText)?;
    let marked = encoding_rs::Encoding::for_bom(bytes).and_then(|(found, _)| Encoding::of(found.name()));
    let read_as = marked.or(encoding).filter(|encoding| encoding.name() != "UTF-8");
    rows.note(read_as.map(Note::Encoding));
    let start = text.trim_start().get(..9).unwrap_or_default().to_ascii_lowercase();
    if start.starts_with("<!doctype") || start.starts_with("<html") {
        return Err(FileFault::WebPage);
    }
    Ok(text)
}

/// What is wrong with a table's content. Rows are counted from 1.
enum Fault {
    File(FileFault),
    Row(usize, RowFault),
}

impl Fault {
    fn of(self, path: &Path, rows: &Rows) -> ReviewError {
        let path = path.to_owned();
        match self {
            Self::File(fault) => ReviewError::File { path, fault },
            Self::Row(row, fault) => ReviewError::Row { path, unit: rows.unit, row, fault },
        }
    }
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
