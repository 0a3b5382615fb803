//! The reviews that are to be classified: an argument, or a file's or standard input's lines, of text or of JSON.

use std::io::{self, Read};
use std::path::Path;

use recurrent_data::reviews::{MAX_REVIEW_BYTES, MAX_SOURCE_BYTES};
use recurrent_train::files::read_limited;
use serde::Deserialize;

use crate::flags::ClassifyFlags;

/// A review.
pub(super) struct Review {
    /// Its line, from 1; none for an argument.
    pub(super) line: Option<usize>,
    pub(super) text: String,
}

/// Why a review cannot be classified.
#[derive(Debug, thiserror::Error)]
#[error("{place}{}: {fault}", line.map_or_else(String::new, |line| format!(", line {line}")))]
pub(super) struct InputError {
    place: String,
    line: Option<usize>,
    fault: Fault,
}

#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("cannot be read: {0}")]
    Io(io::Error),
    #[error("holds more than the {MAX_SOURCE_BYTES} bytes that are read; classify it in parts")]
    TooLarge,
    #[error("there is no review; write one a line")]
    Nothing,
    #[error("the review is empty; write one a line, and take empty lines out")]
    Empty,
    #[error("the review is empty; write one, or `-` to read standard input")]
    EmptyText,
    #[error("the review holds {0} bytes, more than the {MAX_REVIEW_BYTES} of any review; take it out")]
    TooLong(usize),
    #[error("byte {0} of the line is not UTF-8; convert it, as with `iconv -f LATIN1 -t UTF-8`")]
    NotUtf8(usize),
    #[error(
        "no JSON object with a string `text`: {0}; a line that begins with an opening brace is read as JSON"
    )]
    Json(String),
}

/// A line of JSON; other fields may stand beside the text.
#[derive(Deserialize)]
struct Line {
    text: String,
}

/// Reads all reviews that the command line names.
pub(super) fn read(flags: &ClassifyFlags) -> Result<Vec<Review>, crate::Failure> {
    match (&flags.file, flags.text.as_deref()) {
        (Some(path), _) => file(path),
        (None, Some("-") | None) => Ok(lines("standard input", &standard_input()?)?),
        (None, Some(text)) if text.trim().is_empty() => {
            Err(InputError { place: "TEXT".to_owned(), line: None, fault: Fault::EmptyText }.into())
        }
        (None, Some(text)) => Ok(vec![Review { line: None, text: text.to_owned() }]),
    }
}

fn file(path: &Path) -> Result<Vec<Review>, crate::Failure> {
    let bytes = read_limited(path, MAX_SOURCE_BYTES)?;
    Ok(lines(&format!("`{}`", path.display()), &bytes)?)
}

fn standard_input() -> Result<Vec<u8>, InputError> {
    let place = || "standard input".to_owned();
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(MAX_SOURCE_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| InputError { place: place(), line: None, fault: Fault::Io(error) })?;
    if bytes.len() as u64 > MAX_SOURCE_BYTES {
        return Err(InputError { place: place(), line: None, fault: Fault::TooLarge });
    }
    Ok(bytes)
}

fn lines(place: &str, bytes: &[u8]) -> Result<Vec<Review>, InputError> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let at = |line, fault| InputError { place: place.to_owned(), line, fault };
    if bytes.is_empty() {
        return Err(at(None, Fault::Nothing));
    }
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    let review = |(before, bytes)| {
        let line = Some(before + 1);
        let text = review(bytes).map_err(|fault| at(line, fault))?;
        Ok(Review { line, text })
    };
    lines.map(review).collect()
}

fn review(line: &[u8]) -> Result<String, Fault> {
    let text = std::str::from_utf8(line).map_err(|error| Fault::NotUtf8(error.valid_up_to() + 1))?;
    let text = if text.trim_start().starts_with('{') {
        serde_json::from_str::<Line>(text).map_err(|error| Fault::Json(json_fault(&error)))?.text
    } else {
        text.trim_end_matches('\r').to_owned()
    };
    match text.len() {
        _ if text.trim().is_empty() => Err(Fault::Empty),
        bytes if bytes as u64 > MAX_REVIEW_BYTES => Err(Fault::TooLong(bytes)),
        _ => Ok(text),
    }
}

/// What is wrong with a line of JSON, without the parser's count of lines, of which there is one.
fn json_fault(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    format!("{words} at byte {}", error.column())
}
