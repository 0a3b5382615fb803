//! The distinct characters of a text, and their ids.

use serde::{Deserialize, Serialize};

use super::{UnknownCharacter, VocabularyFault};

/// The id of a character: its place in a vocabulary. Two bytes serve every script, and halve the memory that four take.
pub type Id = u16;

/// The most characters that a vocabulary holds: every id but the last one, which marks what is unknown.
pub const MAX_VOCABULARY: usize = UNKNOWN as usize;

const UNKNOWN: Id = Id::MAX;

/// Distinct characters, at least two, in the order of their ids. Those of one text are sorted by code point.
///
/// It is saved as one string of its characters.
///
/// ```
/// use recurrent_data::text::Vocabulary;
///
/// let vocabulary = Vocabulary::of("banana")?;
/// assert_eq!(vocabulary.characters(), ['a', 'b', 'n']);
/// assert_eq!(vocabulary.encode("nab").unwrap(), [2, 0, 1]);
/// assert_eq!(vocabulary.decode(&[2, 0, 1]), "nab");
/// # Ok::<(), recurrent_data::text::VocabularyFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Vocabulary {
    characters: Vec<char>,
    ids: Ids,
}

// There is no `is_empty`: at least two characters are held.
#[allow(clippy::len_without_is_empty)]
impl Vocabulary {
    /// The characters of a text, sorted by code point.
    ///
    /// # Errors
    ///
    /// When the text has fewer than two distinct characters, or more than [`MAX_VOCABULARY`].
    pub fn of(text: &str) -> Result<Self, VocabularyFault> {
        Self::new(distinct(text))
    }

    /// The characters given, in that order.
    ///
    /// # Errors
    ///
    /// When they are fewer than two or more than [`MAX_VOCABULARY`], or one is listed twice.
    pub fn new(characters: Vec<char>) -> Result<Self, VocabularyFault> {
        match characters[..] {
            [] => return Err(VocabularyFault::Empty),
            [one] => return Err(VocabularyFault::One(one)),
            _ if characters.len() > MAX_VOCABULARY => return Err(VocabularyFault::TooMany(characters.len())),
            _ => {}
        }
        let mut ids = Ids::new();
        for (id, &character) in characters.iter().enumerate() {
            if ids.get(character).is_some() {
                return Err(VocabularyFault::Repeated(character));
            }
            ids.set(character, id as Id);
        }
        Ok(Self { characters, ids })
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
        self.ids.get(character)
    }

    /// The character of an id.
    pub fn character(&self, id: Id) -> Option<char> {
        self.characters.get(usize::from(id)).copied()
    }

    /// The ids of a text's characters.
    ///
    /// # Errors
    ///
    /// When a character is not in the vocabulary: the first such one, with its place.
    pub fn encode(&self, text: &str) -> Result<Vec<Id>, UnknownCharacter> {
        // Counted first, because most scripts take several bytes a character.
        let mut ids = Vec::with_capacity(text.chars().count());
        for character in text.chars() {
            match self.ids.get(character) {
                Some(id) => ids.push(id),
                None => return Err(self.unknown(text, character, ids.len())),
            }
        }
        Ok(ids)
    }

    /// The ids of a text's characters, where a character that the vocabulary lacks becomes `replacement`.
    ///
    /// # Errors
    ///
    /// When the replacement itself is not in the vocabulary.
    pub fn encode_replacing(&self, text: &str, replacement: char) -> Result<Vec<Id>, VocabularyFault> {
        let Some(other) = self.id(replacement) else { return Err(VocabularyFault::Replacement(replacement)) };
        let mut ids = Vec::with_capacity(text.chars().count());
        ids.extend(text.chars().map(|character| self.ids.get(character).unwrap_or(other)));
        Ok(ids)
    }

    /// The text of some ids.
    ///
    /// # Panics
    ///
    /// When an id is not below [`len`](Self::len).
    pub fn decode(&self, ids: &[Id]) -> String {
        ids.iter().map(|id| self.characters[usize::from(*id)]).collect()
    }

    /// This vocabulary, with the further characters of a text behind it, sorted among themselves. The ids that there are
    /// stay, so that the weights of a trained model keep their places.
    ///
    /// # Errors
    ///
    /// When there are more than [`MAX_VOCABULARY`] characters then.
    pub fn extended(&self, text: &str) -> Result<Self, VocabularyFault> {
        let further = distinct(text).into_iter().filter(|character| self.id(*character).is_none());
        Self::new(self.characters.iter().copied().chain(further).collect())
    }

    fn unknown(&self, text: &str, character: char, offset: usize) -> UnknownCharacter {
        let mut lower = character.to_lowercase();
        let small = lower.next().filter(|small| lower.next().is_none() && self.id(*small).is_some());
        let line = 1 + text.chars().take(offset).filter(|character| *character == '\n').count();
        UnknownCharacter { character, offset, line, known: self.len(), small }
    }
}

impl From<Vocabulary> for String {
    fn from(vocabulary: Vocabulary) -> Self {
        vocabulary.characters.into_iter().collect()
    }
}

impl TryFrom<String> for Vocabulary {
    type Error = VocabularyFault;

    fn try_from(text: String) -> Result<Self, VocabularyFault> {
        Self::new(text.chars().collect())
    }
}

/// Ids by code point, in pages of 256 that are made where a script needs them: two loads a character, where a search among
/// sorted characters takes a dozen steps for Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ids {
    /// For each page of code points, its place in `pages`; place 0 is a page without ids.
    places: Vec<u16>,
    pages: Vec<[Id; 256]>,
}

impl Ids {
    fn new() -> Self {
        Self { places: vec![0; (char::MAX as usize >> 8) + 1], pages: vec![[UNKNOWN; 256]] }
    }

    fn get(&self, character: char) -> Option<Id> {
        let page = &self.pages[usize::from(self.places[character as usize >> 8])];
        let id = page[character as usize & 255];
        (id != UNKNOWN).then_some(id)
    }

    fn set(&mut self, character: char, id: Id) {
        let place = &mut self.places[character as usize >> 8];
        if *place == 0 {
            // There are 4,352 pages in all.
            *place = self.pages.len() as u16;
            self.pages.push([UNKNOWN; 256]);
        }
        self.pages[usize::from(*place)][character as usize & 255] = id;
    }
}

/// The distinct characters of a text, sorted by code point.
fn distinct(text: &str) -> Vec<char> {
    // A bit for each code point: 136 KiB, whatever the text.
    let mut seen = vec![0u64; (char::MAX as usize + 1) / 64];
    for character in text.chars() {
        seen[character as usize / 64] |= 1 << (character as usize % 64);
    }
    ('\0'..=char::MAX)
        .filter(|&character| seen[character as usize / 64] >> (character as usize % 64) & 1 == 1)
        .collect()
}
