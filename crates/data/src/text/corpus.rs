//! The characters of a text, where they are from, and what reading changed.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::{Note, TextError};

/// The characters of a text, not all of them white space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corpus {
    name: String,
    characters: String,
    files: Vec<PathBuf>,
    sha256: String,
    notes: Vec<Note>,
}

impl Corpus {
    /// A text in memory, taken as it is: no line end, letter or white space is changed.
    ///
    /// # Errors
    ///
    /// When it is empty or white space alone.
    pub fn from_string(name: impl Into<String>, characters: String) -> Result<Self, TextError> {
        let sha256 = Sha256::digest(&characters).iter().map(|byte| format!("{byte:02x}")).collect();
        Self::from_read(name.into(), characters, Vec::new(), sha256, Vec::new())
    }

    pub(super) fn from_read(
        name: String,
        characters: String,
        files: Vec<PathBuf>,
        sha256: String,
        notes: Vec<Note>,
    ) -> Result<Self, TextError> {
        if characters.trim_start().is_empty() {
            return Err(TextError::Blank(name));
        }
        Ok(Self { name, characters, files, sha256, notes })
    }

    /// A name for people: that of the file or folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The characters.
    pub fn characters(&self) -> &str {
        &self.characters
    }

    /// The files that were read, in order; none for a text made in memory.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The SHA-256 of the files' bytes as they lie on disk, one file after the other, as 64 hexadecimal digits. A text
    /// made in memory has that of its UTF-8.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What was changed on reading.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}
