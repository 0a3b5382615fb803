//! Reads text from a file, several files, or a folder.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    Case, Edition, TextError,
    clean::{universal_newlines, without_frame},
};

/// The most bytes that are read, of all files together.
pub const MAX_TEXT_BYTES: u64 = 4 << 30;

/// A text with LF line ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The characters.
    pub characters: String,
    /// The files that they are from, in order.
    pub files: Vec<PathBuf>,
    /// The SHA-256 of the files' bytes, one after the other, as 64 hexadecimal digits.
    pub sha256: String,
    /// The files of which a Project Gutenberg frame was taken off.
    pub unframed: Vec<PathBuf>,
}

/// Reads files and folders, in the order given. Of a folder, every regular file below it is read, in the order of
/// their paths; those whose name begins with a dot are left out.
///
/// White space at both ends is taken off, and a byte-order mark stays as a character, as in the textbook chapter that
/// this project started from: `warpeace_input.txt` has 3,196,215 characters, and 3,196,213 without the two line ends
/// that close it.
///
/// # Errors
/// A file is missing, empty, binary or not UTF-8, a folder holds none, or there is more than [`MAX_TEXT_BYTES`].
pub fn read(paths: &[PathBuf], case: Case, edition: Edition) -> Result<Text, TextError> {
    let mut text =
        Text { characters: String::new(), files: Vec::new(), sha256: String::new(), unframed: Vec::new() };
    let (mut hasher, mut left) = (Sha256::new(), MAX_TEXT_BYTES);
    for path in paths {
        for file in files_of(path)? {
            let bytes = read_file(&file, left)?;
            left -= bytes.len() as u64;
            hasher.update(&bytes);
            let characters = universal_newlines(decode(&file, bytes)?);
            match without_frame(&characters).filter(|_| edition == Edition::Detect) {
                Some(inner) => {
                    text.characters.push_str(inner);
                    text.unframed.push(file.clone());
                }
                None if text.characters.is_empty() => text.characters = characters,
                None => text.characters.push_str(&characters),
            }
            text.files.push(file);
        }
    }
    if case == Case::Lower {
        text.characters = text.characters.to_lowercase();
    }
    let end = text.characters.trim_end().len();
    text.characters.truncate(end);
    let start = end - text.characters.trim_start().len();
    text.characters.drain(..start);
    text.sha256 = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(text)
}

fn files_of(path: &Path) -> Result<Vec<PathBuf>, TextError> {
    let io = |reason| TextError::Io { path: path.to_owned(), reason };
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(TextError::Missing(path.to_owned())),
        Err(error) => return Err(io(error)),
    };
    if found.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !found.is_dir() {
        return Err(TextError::Irregular(path.to_owned()));
    }
    let mut files = Vec::new();
    collect(path, &mut files)?;
    files.sort();
    if files.is_empty() { Err(TextError::EmptyFolder(path.to_owned())) } else { Ok(files) }
}

/// Links are not followed, so that no circle of them is walked for ever.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), TextError> {
    let io = |reason| TextError::Io { path: folder.to_owned(), reason };
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type().map_err(io)?;
        if kind.is_dir() {
            collect(&entry.path(), files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, TextError> {
    let io = |reason| TextError::Io { path: path.to_owned(), reason };
    let file = File::open(path).map_err(io)?;
    let size = file.metadata().map_err(io)?.len();
    if size > limit {
        return Err(TextError::TooLarge(path.to_owned()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    // One byte past the limit shows a file that grew after its size was asked.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > limit {
        return Err(TextError::TooLarge(path.to_owned()));
    }
    if bytes.is_empty() { Err(TextError::EmptyFile(path.to_owned())) } else { Ok(bytes) }
}

fn decode(path: &Path, bytes: Vec<u8>) -> Result<String, TextError> {
    let line_of =
        |bytes: &[u8], offset: usize| 1 + bytes[..offset].iter().filter(|byte| **byte == b'\n').count();
    if let Some(offset) = bytes.iter().position(|byte| *byte == 0) {
        let line = line_of(&bytes, offset);
        return Err(TextError::Binary { path: path.to_owned(), line, offset, byte: 0 });
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        TextError::NotUtf8 {
            path: path.to_owned(),
            line: line_of(bytes, offset),
            offset,
            byte: bytes[offset],
        }
    })
}
