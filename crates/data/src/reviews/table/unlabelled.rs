//! Texts without labels, to be classified: the column of a table, JSON lines, or a text a line.

use std::path::Path;

use super::{Fault, FileFault, Kind, Rows, bytes_of, columns::Cell, json, read_rows, text};
use crate::reviews::{Note, ReadSpec, ReviewError, RowUnit};

/// Texts to be classified.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Texts {
    /// What their places count.
    pub unit: RowUnit,
    /// Each with its place, from 1.
    pub texts: Vec<(usize, String)>,
    /// What reading left out or found.
    pub notes: Vec<Note>,
}

/// Reads texts to be classified, and no labels: of a file whose name says that it is a table, the column of texts, as
/// [`read`](crate::reviews::read) finds it; of any other file what [`texts_of`] finds.
///
/// # Errors
///
/// When the file cannot be read, the column of texts cannot be told, a text is too long, or there is none.
pub fn texts(path: &Path, spec: &ReadSpec) -> Result<Texts, ReviewError> {
    let mut rows = Rows::unlabelled();
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let lines = [".txt", ".txt.gz"].iter().any(|end| name.ends_with(end));
    let read = bytes_of(path, |_| {}).and_then(|bytes| match Kind::of(&name).filter(|_| !lines) {
        Some(kind) => read_rows(bytes, kind, spec, &mut rows),
        None => lines_of(&bytes, spec, &mut rows),
    });
    found(path, rows, read)
}

/// Texts to be classified from bytes that have no name: JSON where the first line begins like it, else a text a line. Blank
/// lines are left out, and noted. `place` stands for them in messages.
///
/// ```
/// use std::path::Path;
/// use recurrent_data::reviews::{ReadSpec, texts_of};
///
/// let found = texts_of(b"A good film.\n\nA dull one.\n", Path::new("standard input"), &ReadSpec::default())?;
/// assert_eq!(found.texts, [(1, "A good film.".to_owned()), (3, "A dull one.".to_owned())]);
/// assert_eq!(found.notes[0].to_string(), "1 review without text was left out: line 2");
/// # Ok::<(), recurrent_data::reviews::ReviewError>(())
/// ```
///
/// # Errors
///
/// When the bytes are of another encoding, a text is too long, or there is none.
pub fn texts_of(bytes: &[u8], place: &Path, spec: &ReadSpec) -> Result<Texts, ReviewError> {
    let mut rows = Rows::unlabelled();
    let read = lines_of(bytes, spec, &mut rows);
    found(place, rows, read)
}

fn lines_of(bytes: &[u8], spec: &ReadSpec, rows: &mut Rows) -> Result<(), Fault> {
    let text = text(bytes, spec.encoding, rows)?;
    if begins_as_json(&text) {
        return json::read(&text, &spec.columns, rows);
    }
    rows.unit = RowUnit::Line;
    for (line, text) in (1..).zip(text.lines()) {
        rows.push(line, Some(text.to_owned()), Cell::One(None))?;
    }
    Ok(())
}

/// Whether a text begins with an object, or an array of objects; a bracket alone may be the beginning of a review.
fn begins_as_json(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with('{') || text.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'))
}

fn found(place: &Path, mut rows: Rows, read: Result<(), Fault>) -> Result<Texts, ReviewError> {
    let some = |()| if rows.texts.is_empty() { Err(FileFault::NoText.into()) } else { Ok(()) };
    read.and_then(some).map_err(|fault| fault.of(place, &rows))?;
    let (places, texts) = (std::mem::take(&mut rows.places), std::mem::take(&mut rows.texts));
    Ok(Texts { unit: rows.unit, texts: places.into_iter().zip(texts).collect(), notes: rows.notes() })
}
