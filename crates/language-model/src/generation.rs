//! A text as it is written, character by character.

use recurrent_data::text::{Id, Vocabulary};

use crate::writing::Writing;

/// A text as it is written: an iterator of characters that never ends and borrows nothing.
///
/// It holds the weights and the state of one text; the weights are shared with the model that it came from.
#[derive(Clone, Debug)]
pub struct Generation {
    writing: Writing,
    vocabulary: Vocabulary,
    /// Characters that were written and not handed out yet, the last one first.
    ready: Vec<char>,
}

impl Generation {
    /// `first` is a token that the text starts with, where none was there to go on with.
    pub(crate) fn new(writing: Writing, vocabulary: &Vocabulary, first: Option<Id>) -> Self {
        let ready = first.map_or_else(Vec::new, |first| reversed(vocabulary, first));
        Self { writing, vocabulary: vocabulary.clone(), ready }
    }
}

impl Iterator for Generation {
    type Item = char;

    /// Writes the next character; there is always one.
    fn next(&mut self) -> Option<char> {
        if self.ready.is_empty() {
            self.ready = reversed(&self.vocabulary, *self.writing.next()?.first()?);
        }
        self.ready.pop()
    }
}

fn reversed(vocabulary: &Vocabulary, id: Id) -> Vec<char> {
    vocabulary.decode(&[id]).chars().rev().collect()
}
