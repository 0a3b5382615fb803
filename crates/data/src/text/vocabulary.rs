//! The distinct characters of a text, and their indices.

use serde::{Deserialize, Serialize};

use super::{TextError, UnknownCharacter};

/// The index of a character in a vocabulary.
pub type Id = u32;

/// Distinct characters, at least two. Their places are the ids; those of one text are sorted by code point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Vocabulary {
    characters: Vec<char>,
    /// The characters in order, with their ids.
    sorted: Vec<(char, Id)>,
}

// There is no `is_empty`: at least two characters are held.
#[allow(clippy::len_without_is_empty)]
impl Vocabulary {
    /// The characters of a text, sorted by code point.
    ///
    /// # Errors
    /// The text has fewer than two distinct characters.
    pub fn of(text: &str) -> Result<Self, TextError> {
        Self::new(distinct(text))
    }

    fn new(characters: Vec<char>) -> Result<Self, TextError> {
        if characters.len() < 2 {
            return Err(TextError::FewCharacters(characters.len()));
        }
        let mut sorted: Vec<_> = characters.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        Ok(Self { characters, sorted })
    }

    /// The number of characters, at least 2.
    pub fn len(&self) -> usize {
        self.characters.len()
    }

    /// The characters, in the order of their ids.
    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    /// The id of a character.
    pub fn id(&self, character: char) -> Option<Id> {
        let place = self.sorted.binary_search_by_key(&character, |(character, _)| *character).ok()?;
        Some(self.sorted[place].1)
    }

    /// The ids of a text's characters.
    ///
    /// # Errors
    /// A character is not in the vocabulary.
    pub fn encode(&self, text: &str) -> Result<Vec<Id>, UnknownCharacter> {
        self.encode_with(text, |_| None)
    }

    /// The ids of a text's characters, where a character that the vocabulary lacks becomes `replacement`.
    ///
    /// # Errors
    /// The replacement itself is not in the vocabulary.
    pub fn encode_replacing(&self, text: &str, replacement: char) -> Result<Vec<Id>, UnknownCharacter> {
        self.encode_with(text, |_| self.id(replacement))
    }

    fn encode_with(
        &self,
        text: &str,
        other: impl Fn(char) -> Option<Id>,
    ) -> Result<Vec<Id>, UnknownCharacter> {
        let table = Table::new(self);
        let mut ids = Vec::with_capacity(text.len());
        for (place, character) in text.chars().enumerate() {
            match table.id(character).or_else(|| other(character)) {
                Some(id) => ids.push(id),
                None => {
                    let line = 1 + text.chars().take(place).filter(|character| *character == '\n').count();
                    return Err(UnknownCharacter { character, place, line });
                }
            }
        }
        Ok(ids)
    }

    /// The text of some ids.
    ///
    /// # Panics
    /// An id is not below [`len`](Self::len).
    pub fn decode(&self, ids: &[Id]) -> String {
        ids.iter().map(|id| self.characters[*id as usize]).collect()
    }

    /// The same vocabulary with the further characters of a text behind it: the ids that there are stay.
    pub fn extended(&self, text: &str) -> Self {
        let further = distinct(text).into_iter().filter(|character| self.id(*character).is_none());
        let characters = self.characters.iter().copied().chain(further).collect();
        Self::new(characters).expect("a vocabulary has at least two characters")
    }
}

/// Ids of common characters by their code, so that a long text is not searched for each.
struct Table<'a> {
    vocabulary: &'a Vocabulary,
    common: [Option<Id>; 256],
}

impl<'a> Table<'a> {
    fn new(vocabulary: &'a Vocabulary) -> Self {
        Self { vocabulary, common: std::array::from_fn(|code| vocabulary.id(char::from(code as u8))) }
    }

    fn id(&self, character: char) -> Option<Id> {
        match self.common.get(character as usize) {
            Some(id) => *id,
            None => self.vocabulary.id(character),
        }
    }
}

/// The distinct characters of a text, sorted by code point.
fn distinct(text: &str) -> Vec<char> {
    // A bit for each code point: 136 KiB, whatever the text.
    let mut seen = vec![0u64; (char::MAX as usize + 1) / 64];
    for character in text.chars() {
        seen[character as usize / 64] |= 1 << (character as usize % 64);
    }
    (0..=char::MAX as u32)
        .filter(|code| seen[*code as usize / 64] >> (code % 64) & 1 == 1)
        .filter_map(char::from_u32)
        .collect()
}

impl From<Vocabulary> for String {
    fn from(vocabulary: Vocabulary) -> Self {
        vocabulary.characters.into_iter().collect()
    }
}

impl TryFrom<String> for Vocabulary {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let characters: Vec<char> = text.chars().collect();
        if distinct(&text).len() != characters.len() {
            return Err("a vocabulary holds a character twice".to_owned());
        }
        Self::new(characters).map_err(|error| error.to_string())
    }
}
