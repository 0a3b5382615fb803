//! Why a text cannot be read or used: what failed, where, what was found, and what to do.

use std::{io, path::PathBuf};

use super::MAX_TEXT_BYTES;

/// Why a text cannot be read or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// There is no such file or folder.
    #[error("`{}`: no such file; check the path", .0.display())]
    Missing(PathBuf),
    /// A folder, with all below it, holds no file.
    #[error("`{}`: the folder holds no file; name one with text in it", .0.display())]
    EmptyFolder(PathBuf),
    /// A file holds nothing.
    #[error("`{}`: the file is empty; name one with text in it", .0.display())]
    EmptyFile(PathBuf),
    /// The path is that of a device or pipe.
    #[error("`{}`: this is no regular file; name one with text in it", .0.display())]
    Irregular(PathBuf),
    /// There is too much text.
    #[error("`{}`: the text has more than {} bytes, which is the most that is read; use a part of it", .0.display(), MAX_TEXT_BYTES)]
    TooLarge(PathBuf),
    /// A file holds bytes that no text has.
    #[error(
        "`{}`, line {line}: byte {offset} is {byte:#04x}, so this is no text but a binary file; name one with text in it",
        path.display()
    )]
    Binary {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The byte's place in the file, counted from 0.
        offset: usize,
        /// The byte.
        byte: u8,
    },
    /// A file is not UTF-8.
    #[error(
        "`{}`, line {line}: byte {offset} is {byte:#04x}, which is not UTF-8; convert the file, as with `iconv -t UTF-8`",
        path.display()
    )]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The byte's place in the file, counted from 0.
        offset: usize,
        /// The byte.
        byte: u8,
    },
    /// The system refuses to read a file.
    #[error("`{}`: cannot be read: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// There is nothing to predict.
    #[error("the text has {0} distinct characters, and at least 2 are needed; use another text")]
    FewCharacters(usize),
    /// A character is not in the vocabulary.
    #[error(transparent)]
    Unknown(#[from] UnknownCharacter),
    /// The text is too short.
    #[error(
        "{characters} characters are too few for {wanted}, which needs at least {needed}; use a longer text or a shorter window"
    )]
    Short {
        /// The number of characters.
        characters: usize,
        /// What was to be cut from it.
        wanted: String,
        /// The number that it needs.
        needed: usize,
    },
    /// A window or a batch of no size.
    #[error("{0} of 0 cannot be; at least 1 is needed")]
    Zero(&'static str),
}

/// A character that a vocabulary lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the vocabulary lacks {} (line {line}, character {place} of the text); use a text of known characters, or have it replaced",
    named(*.character)
)]
pub struct UnknownCharacter {
    /// The character.
    pub character: char,
    /// Its place in the text, in characters, counted from 0.
    pub place: usize,
    /// Its line, counted from 1.
    pub line: usize,
}

/// A character as people can read it: `` `é` (U+00E9) ``.
fn named(character: char) -> String {
    let code = format!("U+{:04X}", u32::from(character));
    if character.is_control() || character.is_whitespace() || character == '\u{feff}' {
        code
    } else {
        format!("`{character}` ({code})")
    }
}
