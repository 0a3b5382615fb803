//! Windows side by side: the samples of stateless training.

use super::{Id, TextError};

/// Windows of a text: sample `i` reads `ids[i * length .. (i + 1) * length]` and predicts each next character. What
/// is left at the end is dropped.
#[derive(Clone, Copy, Debug)]
pub struct Windows<'a> {
    ids: &'a [Id],
    length: usize,
}

// There is no `is_empty`: at least one window is held.
#[allow(clippy::len_without_is_empty)]
impl<'a> Windows<'a> {
    /// Cuts windows of `length` characters.
    ///
    /// # Errors
    /// The length is 0, or the text is shorter than one window and the character after it.
    pub fn new(ids: &'a [Id], length: usize) -> Result<Self, TextError> {
        if length == 0 {
            return Err(TextError::Zero("a window"));
        }
        if ids.len() <= length {
            let wanted = format!("a window of {length}");
            return Err(TextError::Short { characters: ids.len(), wanted, needed: length.saturating_add(1) });
        }
        Ok(Self { ids, length })
    }

    /// The number of windows, at least 1.
    pub fn len(&self) -> usize {
        (self.ids.len() - 1) / self.length
    }

    /// The number of characters in a window.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The characters that window `i` reads.
    ///
    /// # Panics
    /// There is no window `i`.
    pub fn input(&self, i: usize) -> &'a [Id] {
        &self.ids[i * self.length..][..self.length]
    }

    /// The characters that window `i` predicts: those that it reads, one later.
    ///
    /// # Panics
    /// There is no window `i`.
    pub fn target(&self, i: usize) -> &'a [Id] {
        &self.ids[i * self.length + 1..][..self.length]
    }
}
