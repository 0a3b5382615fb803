//! The characters of a text, where they are from, and what reading changed.

use std::path::PathBuf;

use super::{CutFault, Note, TextError, TextFractions};
use crate::checksum::sha256;

/// The characters of a text, not all of them white space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corpus {
    name: String,
    characters: String,
    /// The bytes at which the training and the validation part end.
    ends: [usize; 2],
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
        let sha256 = sha256(&characters);
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
        let ends = [characters.len(); 2];
        Ok(Self { name, characters, ends, files, sha256, notes })
    }

    /// The same, cut into parts by their shares of the characters. Each part is read by itself, so that no token lies in two.
    ///
    /// # Errors
    ///
    /// When a fraction is outside its bounds, or a part that was asked for would hold no character.
    pub fn split(mut self, fractions: TextFractions) -> Result<Self, CutFault> {
        let [learnt, held_out, _] = fractions.lengths(self.characters.chars().count())?;
        let mut bytes = self.characters.char_indices().map(|(byte, _)| byte).chain([self.characters.len()]);
        let first = bytes.nth(learnt).expect("no more than all characters");
        let second = if held_out == 0 { first } else { bytes.nth(held_out - 1).expect("no more than all") };
        self.ends = [first, second];
        Ok(self)
    }

    /// The training, the validation and the test part; all of it is the first where it was not [`split`](Self::split).
    pub fn parts(&self) -> [&str; 3] {
        let (train, rest) = self.characters.split_at(self.ends[0]);
        let (validation, test) = rest.split_at(self.ends[1] - self.ends[0]);
        [train, validation, test]
    }

    /// The same with other characters, one for one.
    pub(super) fn changed(mut self, to: impl Fn(char) -> char) -> Self {
        let [train, validation, test] = self.parts().map(|part| part.chars().map(&to).collect::<String>());
        self.ends = [train.len(), train.len() + validation.len()];
        self.characters = train + &validation + &test;
        self
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
