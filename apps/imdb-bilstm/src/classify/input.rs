//! The reviews that are to be classified: an argument, or those of a file or of standard input.

use std::io::{self, Read};
use std::path::Path;

use recurrent_data::reviews::{Columns, MAX_SOURCE_BYTES, ReadSpec, RowUnit, texts, texts_of};
use recurrent_program::Screen;

use crate::advice::advised;
use crate::flags::ClassifyFlags;

/// A review.
pub(super) struct Review {
    /// What its place counts, and the place, from 1; none for an argument.
    pub(super) place: Option<(RowUnit, usize)>,
    pub(super) text: String,
}

/// Why there is nothing to classify.
#[derive(Debug, thiserror::Error)]
enum InputError {
    #[error("TEXT: the review is empty; write one, or `-` to read standard input")]
    EmptyText,
    #[error("standard input: cannot be read: {0}")]
    Io(io::Error),
    #[error(
        "standard input: holds more than the {MAX_SOURCE_BYTES} bytes that are read; classify it in parts"
    )]
    TooLarge,
}

/// Reads all reviews that the command line names, and tells what was left out or found.
pub(super) fn read(flags: &ClassifyFlags, screen: &Screen) -> Result<Vec<Review>, crate::Failure> {
    let columns = Columns { text: flags.text_column.clone(), label: None };
    let spec = ReadSpec { columns, encoding: flags.encoding, ..ReadSpec::default() };
    let found = match (&flags.file, flags.text.as_deref()) {
        (Some(path), _) => texts(path, &spec),
        (None, Some("-") | None) => texts_of(&standard_input()?, Path::new("standard input"), &spec),
        (None, Some(text)) if text.trim().is_empty() => return Err(InputError::EmptyText.into()),
        (None, Some(text)) => return Ok(vec![Review { place: None, text: text.to_owned() }]),
    };
    let found = found.map_err(advised)?;
    found.notes.iter().for_each(|note| screen.note(&format!("note: {note}")));
    let review = |(place, text)| Review { place: Some((found.unit, place)), text };
    Ok(found.texts.into_iter().map(review).collect())
}

fn standard_input() -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_SOURCE_BYTES + 1).read_to_end(&mut bytes).map_err(InputError::Io)?;
    if bytes.len() as u64 > MAX_SOURCE_BYTES { Err(InputError::TooLarge) } else { Ok(bytes) }
}
