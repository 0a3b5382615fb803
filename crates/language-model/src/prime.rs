//! What a text goes on from.

use recurrent_backend::Seed;
use recurrent_data::text::{Id, UnknownCharacter, Vocabulary};

use crate::sampling::Sampling;
use crate::writing::Opening;

/// What a text goes on from.
///
/// Where tokens are longer than a character, the last word of a prime text is not read but owed: the text begins with
/// it, in whatever tokens the network chooses. Else `The ` would be read as a word and a space, which no text has: a space is a token
/// with the word behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prime {
    /// What is read first; never empty.
    pub(crate) ids: Vec<Id>,
    /// What the text begins with and nothing was written of yet.
    pub(crate) owed: Owed,
    text: String,
}

/// What a text is still to begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Owed(String);

impl Owed {
    /// Whether nothing is owed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a token agrees with it.
    pub(crate) fn allows(&self, token: &str) -> bool {
        token.starts_with(&self.0) || self.0.starts_with(token)
    }

    /// Takes off what a token pays of it; returns what is left of the token.
    pub(crate) fn pay<'a>(&mut self, token: &'a str) -> &'a str {
        let paid = self.0.len().min(token.len());
        self.0.drain(..paid);
        &token[paid..]
    }
}

impl Prime {
    /// A text to go on with, which is not empty.
    ///
    /// # Errors
    /// The vocabulary lacks one of its characters.
    ///
    /// # Panics
    /// The text is empty.
    pub fn new(vocabulary: &Vocabulary, text: &str) -> Result<Self, UnknownCharacter> {
        assert!(!text.is_empty(), "a text goes on from at least one character");
        let whole = vocabulary.encode(text)?;
        let owed = vocabulary.open_end(text);
        let mut ids = vocabulary.encode(&text[..text.len() - owed.len()])?;
        if ids.is_empty() {
            ids.extend(vocabulary.id('\n'));
        }
        let text = text.to_owned();
        Ok(if ids.is_empty() {
            Self { ids: whole, owed: Owed::default(), text }
        } else {
            Self { ids, owed: Owed(owed.to_owned()), text }
        })
    }

    /// Nothing to go on with: see [`Opening`].
    pub fn opening(vocabulary: &Vocabulary, sampling: Sampling, seed: Seed) -> Self {
        let opening = Opening::new(vocabulary, sampling, seed);
        let text = vocabulary.decode(opening.text().as_slice());
        Self { ids: vec![opening.id()], owed: Owed::default(), text }
    }

    /// What the text begins with: the prime text, or what an opening begins with.
    pub fn text(&self) -> &str {
        &self.text
    }
}
