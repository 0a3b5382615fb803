//! Texts to classify, one a line: the text itself, or a JSON object that has it.

use recurrent_data::reviews::MAX_REVIEW_BYTES;
use serde::Deserialize;

/// Reads the texts of a file's bytes, one a line: a line that begins with an opening brace is a JSON object with a string
/// `text`, any other is a text. A byte order mark, and a carriage return at a line's end, are no part of it.
///
/// ```
/// let texts = recurrent_classifier::texts_of("A good film.\n{\"id\": 7, \"text\": \"A dull one.\"}\n".as_bytes())?;
/// assert_eq!(texts, ["A good film.", "A dull one."]);
/// # Ok::<(), recurrent_classifier::LineError>(())
/// ```
///
/// # Errors
/// There is no line, or one is empty, too long, not UTF-8 or no such object.
pub fn texts_of(bytes: &[u8]) -> Result<Vec<String>, LineError> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    if bytes.is_empty() {
        return Err(LineError { line: None, fault: LineFault::Nothing });
    }
    let lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
    lines.map(|(line, bytes)| text_of(bytes).map_err(|fault| LineError { line: Some(line), fault })).collect()
}

/// Why a line cannot be classified.
#[derive(Debug, thiserror::Error)]
#[error("{}{fault}", line.map_or_else(String::new, |line| format!("line {line}: ")))]
pub struct LineError {
    /// The line, from 1; none where there is no line.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub fault: LineFault,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineFault {
    /// There is no line.
    #[error("there is no review; write one a line")]
    Nothing,
    /// It is empty.
    #[error("the review is empty; write one a line, and take empty lines out")]
    Empty,
    /// It is longer than any review.
    #[error("the review holds {0} bytes, more than the {MAX_REVIEW_BYTES} of any review; take it out")]
    TooLong(usize),
    /// It is not UTF-8.
    #[error("byte {0} of the line is not UTF-8; convert it, as with `iconv -f LATIN1 -t UTF-8`")]
    NotUtf8(usize),
    /// It begins like a JSON object and is none, or has no text.
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

fn text_of(line: &[u8]) -> Result<String, LineFault> {
    let text = std::str::from_utf8(line).map_err(|error| LineFault::NotUtf8(error.valid_up_to() + 1))?;
    let text = if text.trim_start().starts_with('{') {
        serde_json::from_str::<Line>(text).map_err(|error| LineFault::Json(json_fault(&error)))?.text
    } else {
        text.trim_end_matches('\r').to_owned()
    };
    match text.len() {
        _ if text.trim().is_empty() => Err(LineFault::Empty),
        bytes if bytes as u64 > MAX_REVIEW_BYTES => Err(LineFault::TooLong(bytes)),
        _ => Ok(text),
    }
}

/// What is wrong with a line of JSON, without the parser's count of lines, of which there is one.
fn json_fault(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    format!("{words} at byte {}", error.column())
}
