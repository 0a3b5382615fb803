//! A text as it is written, character by character.

use crate::texts::Texts;

/// A text as it is written: an iterator of characters that never ends and borrows nothing.
///
/// It holds the weights and the state of one text; the weights are shared with the model that it came from.
#[derive(Clone, Debug)]
pub struct Generation {
    texts: Texts,
    /// Characters that were written and not handed out yet, the last one first.
    ready: Vec<char>,
}

impl Generation {
    /// `first` is what the text starts with, where nothing was there to go on with.
    pub(crate) fn new(texts: Texts, first: &str) -> Self {
        Self { texts, ready: first.chars().rev().collect() }
    }
}

impl Iterator for Generation {
    type Item = char;

    /// Writes the next character; there is always one.
    fn next(&mut self) -> Option<char> {
        while self.ready.is_empty() {
            self.ready = self.texts.next()?.first()?.chars().rev().collect();
        }
        self.ready.pop()
    }
}
