//! The reviews that are to be classified: an argument, or the lines of a file or of standard input.

use std::io::{self, Read};

use recurrent_classifier::{LineError, texts_of};
use recurrent_data::reviews::MAX_SOURCE_BYTES;
use recurrent_train::files::read_limited;

use crate::flags::ClassifyFlags;

/// A review.
pub(super) struct Review {
    /// Its line, from 1; none for an argument.
    pub(super) line: Option<usize>,
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
    #[error("{place}{} {}", line.map_or_else(|| ":".to_owned(), |line| format!(", line {line}:")), fault)]
    Line { place: String, line: Option<usize>, fault: recurrent_classifier::LineFault },
}

/// Reads all reviews that the command line names.
pub(super) fn read(flags: &ClassifyFlags) -> Result<Vec<Review>, crate::Failure> {
    let (place, bytes) = match (&flags.file, flags.text.as_deref()) {
        (Some(path), _) => (format!("`{}`", path.display()), read_limited(path, MAX_SOURCE_BYTES)?),
        (None, Some("-") | None) => ("standard input".to_owned(), standard_input()?),
        (None, Some(text)) if text.trim().is_empty() => return Err(InputError::EmptyText.into()),
        (None, Some(text)) => return Ok(vec![Review { line: None, text: text.to_owned() }]),
    };
    let texts =
        texts_of(&bytes).map_err(|LineError { line, fault }| InputError::Line { place, line, fault })?;
    Ok((1..).zip(texts).map(|(line, text)| Review { line: Some(line), text }).collect())
}

fn standard_input() -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_SOURCE_BYTES + 1).read_to_end(&mut bytes).map_err(InputError::Io)?;
    if bytes.len() as u64 > MAX_SOURCE_BYTES { Err(InputError::TooLarge) } else { Ok(bytes) }
}
