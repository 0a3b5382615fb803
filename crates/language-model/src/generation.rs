//! A text as it is written, character by character.

use recurrent_data::text::{Id, Vocabulary};

use crate::writing::Writing;

/// A text as it is written: an iterator of characters that never ends and borrows nothing.
///
/// It holds the weights and the state of one text; the weights are shared with the model that it came from.
#[derive(Clone, Debug)]
pub struct Generation {
    writing: Writing,
    characters: Vec<char>,
    /// A character that the text starts with, where none was there to go on with.
    first: Option<Id>,
}

impl Generation {
    pub(crate) fn new(writing: Writing, vocabulary: &Vocabulary, first: Option<Id>) -> Self {
        Self { writing, characters: vocabulary.characters().to_vec(), first }
    }
}

impl Iterator for Generation {
    type Item = char;

    /// Writes the next character; there is always one.
    fn next(&mut self) -> Option<char> {
        let id = match self.first.take() {
            Some(id) => id,
            None => *self.writing.next()?.first()?,
        };
        self.characters.get(usize::from(id)).copied()
    }
}
