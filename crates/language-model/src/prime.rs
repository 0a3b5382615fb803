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
    pub(crate) owed: String,
    text: String,
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
            Self { ids: whole, owed: String::new(), text }
        } else {
            Self { ids, owed: owed.to_owned(), text }
        })
    }

    /// Nothing to go on with: see [`Opening`].
    pub fn opening(vocabulary: &Vocabulary, sampling: Sampling, seed: Seed) -> Self {
        let opening = Opening::new(vocabulary, sampling, seed);
        let text = vocabulary.decode(opening.text().as_slice());
        Self { ids: vec![opening.id()], owed: String::new(), text }
    }

    /// What the text begins with: the prime text, or what an opening begins with.
    pub fn text(&self) -> &str {
        &self.text
    }
}
