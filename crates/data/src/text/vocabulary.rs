//! The tokens that a text is read in, and their ids.

use serde::{Deserialize, Serialize};

use super::characters::{Ids, distinct};
use super::pieces::Pieces;
use super::{Tokens, UnknownCharacter, VocabularyFault};

/// The id of a token: its place in a vocabulary. Two bytes serve every script, and halve the memory that four take.
pub type Id = u16;

/// The most tokens that a vocabulary holds: every id but the last one, which marks what is unknown.
pub const MAX_VOCABULARY: usize = Id::MAX as usize;

/// Distinct tokens in the order of their ids. Each character that any of them has, at least two, is a token itself, so that every
/// text of these characters can be read, and comes back from its ids as it was.
///
/// Of [characters alone](Tokens::Characters) it is saved as one string of them, else as a list of tokens.
///
/// ```
/// use recurrent_data::text::{Tokens, Vocabulary};
///
/// let vocabulary = Vocabulary::of("banana")?;
/// assert_eq!(vocabulary.characters(), ['a', 'b', 'n']);
/// assert_eq!(vocabulary.encode("nab").unwrap(), [2, 0, 1]);
/// assert_eq!(vocabulary.decode(&[2, 0, 1]), "nab");
///
/// let text = "the dog, the dogs";
/// let vocabulary = Vocabulary::learn(Tokens::Words, text, text, None)?;
/// let ids = vocabulary.encode(text).unwrap();
/// let tokens: Vec<String> = ids.iter().map(|id| vocabulary.decode(&[*id])).collect();
/// assert_eq!(tokens, ["t", "h", "e", " ", "d", "o", "g", ",", " ", "t", "h", "e", " ", "d", "o", "g", "s"]);
/// # Ok::<(), recurrent_data::text::VocabularyFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct Vocabulary {
    /// The tokens of one character.
    characters: Vec<char>,
    /// Their ids.
    ids: Ids,
    /// All tokens, where some have more than one character.
    pieces: Option<Pieces>,
}

/// A vocabulary in a file.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a string of characters, or `tokens` with their `texts`")]
enum Saved {
    Characters(String),
    Pieces { tokens: Tokens, texts: Vec<Box<str>> },
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
        Self::spelt(characters.into_iter().enumerate().map(|(id, character)| (id as Id, character)).collect())
    }

    /// The tokens of a text: all its characters, and the longer ones that its part `learnt_from` makes worth having, which occur there
    /// at least twice. They are `size` together, or the [usual number](Tokens::usual_size) where the text has so many.
    ///
    /// # Errors
    ///
    /// As [`of`](Self::of); or when the text has more characters than `size`, or has not so many tokens.
    pub fn learn(
        tokens: Tokens,
        text: &str,
        learnt_from: &str,
        size: Option<usize>,
    ) -> Result<Self, VocabularyFault> {
        let alphabet = Self::of(text)?;
        let characters = alphabet.len();
        let Some(usual) = tokens.usual_size(characters) else { return Ok(alphabet) };
        let most = size.unwrap_or(usual).min(MAX_VOCABULARY);
        let texts = Pieces::learn(tokens, learnt_from, &alphabet.characters, &alphabet.ids, most);
        match size {
            Some(size) if size < characters => Err(VocabularyFault::TooSmall { size, characters }),
            Some(size) if size > texts.len() => Err(VocabularyFault::TooLarge { size, found: texts.len() }),
            _ => Self::of_tokens(tokens, texts),
        }
    }

    /// The tokens given, in that order; some have more than one character.
    fn of_tokens(tokens: Tokens, texts: Vec<Box<str>>) -> Result<Self, VocabularyFault> {
        if texts.len() > MAX_VOCABULARY {
            return Err(VocabularyFault::TooManyTokens(texts.len()));
        }
        let mut characters = Vec::new();
        for (text, id) in texts.iter().zip(0..) {
            let mut signs = text.chars();
            match (signs.next(), signs.next()) {
                (None, _) => return Err(VocabularyFault::EmptyToken),
                (Some(character), None) => characters.push((id, character)),
                _ => {}
            }
        }
        let mut vocabulary = Self::spelt(characters)?;
        vocabulary.pieces = Some(Pieces::new(tokens, texts, &vocabulary.ids)?);
        Ok(vocabulary)
    }

    /// Tokens of one character, with their ids.
    fn spelt(characters: Vec<(Id, char)>) -> Result<Self, VocabularyFault> {
        match characters[..] {
            [] => return Err(VocabularyFault::Empty),
            [(_, one)] => return Err(VocabularyFault::One(one)),
            _ if characters.len() > MAX_VOCABULARY => return Err(VocabularyFault::TooMany(characters.len())),
            _ => {}
        }
        let mut ids = Ids::new();
        for (id, character) in &characters {
            if ids.get(*character).is_some() {
                return Err(VocabularyFault::Repeated(*character));
            }
            ids.set(*character, *id);
        }
        let characters = characters.into_iter().map(|(_, character)| character).collect();
        Ok(Self { characters, ids, pieces: None })
    }

    /// What the tokens are.
    pub fn tokens(&self) -> Tokens {
        self.pieces.as_ref().map_or(Tokens::Characters, Pieces::tokens)
    }

    /// The number of tokens, at least 2.
    pub fn len(&self) -> usize {
        self.pieces.as_ref().map_or(self.characters.len(), |pieces| pieces.texts().len())
    }

    /// The characters that a text may have, in the order of their ids.
    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    /// The text of each token, in the order of their ids.
    ///
    /// ```
    /// let vocabulary = recurrent_data::text::Vocabulary::of("banana")?;
    /// assert_eq!(vocabulary.texts().collect::<Vec<_>>(), ["a", "b", "n"]);
    /// # Ok::<(), recurrent_data::text::VocabularyFault>(())
    /// ```
    pub fn texts(&self) -> impl Iterator<Item = String> {
        (0..self.len()).map(|id| self.decode(&[id as Id]))
    }

    /// The id of a character.
    pub fn id(&self, character: char) -> Option<Id> {
        self.ids.get(character)
    }

    /// The ids of a text's tokens.
    ///
    /// # Errors
    ///
    /// When a character is not in the vocabulary: the first such one, with its place.
    pub fn encode(&self, text: &str) -> Result<Vec<Id>, UnknownCharacter> {
        let mut ids = Vec::new();
        self.encode_into(text, &mut ids).ok_or_else(|| self.unknown(text))?;
        Ok(ids)
    }

    /// The ids of a text that is to be predicted: its first character, which nothing predicts, is a token by itself, so that what is
    /// predicted is the same of every kind of tokens.
    ///
    /// # Errors
    ///
    /// As [`encode`](Self::encode).
    pub fn encode_predicted(&self, text: &str) -> Result<Vec<Id>, UnknownCharacter> {
        let mut ids = Vec::new();
        self.encode_predicted_into(text, &mut ids).ok_or_else(|| self.unknown(text))?;
        Ok(ids)
    }

    /// Adds the same; `None` where a character is not in the vocabulary.
    pub(super) fn encode_predicted_into(&self, text: &str, ids: &mut Vec<Id>) -> Option<()> {
        let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
        self.encode_into(first, ids)?;
        self.encode_into(rest, ids)
    }

    fn encode_into(&self, text: &str, ids: &mut Vec<Id>) -> Option<()> {
        match &self.pieces {
            None => {
                for character in text.chars() {
                    ids.push(self.id(character)?);
                }
            }
            Some(pieces) => {
                text.chars().all(|character| self.id(character).is_some()).then_some(())?;
                pieces.encode(text, &self.ids, ids);
            }
        }
        Some(())
    }

    /// The ids of a text's tokens, where a character that the vocabulary lacks becomes `replacement`.
    ///
    /// # Errors
    ///
    /// When the replacement itself is not in the vocabulary.
    pub fn encode_replacing(&self, text: &str, replacement: char) -> Result<Vec<Id>, VocabularyFault> {
        if self.id(replacement).is_none() {
            return Err(VocabularyFault::Replacement(replacement));
        }
        let known: String =
            text.chars().map(|character| self.id(character).map_or(replacement, |_| character)).collect();
        Ok(self.encode(&known).expect("known characters alone"))
    }

    /// The end of a text that may be other tokens where more follows: its last word, as `the` is the beginning of `they` and `can'` of
    /// `can't`. Of characters there is none.
    pub fn open_end<'a>(&self, text: &'a str) -> &'a str {
        self.pieces.as_ref().map_or("", |pieces| pieces.open_end(text))
    }

    /// The text of some ids.
    ///
    /// # Panics
    ///
    /// When an id is not below [`len`](Self::len).
    pub fn decode(&self, ids: &[Id]) -> String {
        match &self.pieces {
            None => ids.iter().map(|id| self.characters[usize::from(*id)]).collect(),
            Some(pieces) => ids.iter().map(|id| &*pieces.texts()[usize::from(*id)]).collect(),
        }
    }

    /// The number of characters of the text of some ids.
    ///
    /// # Panics
    ///
    /// When an id is not below [`len`](Self::len).
    pub fn length_of(&self, ids: &[Id]) -> usize {
        match &self.pieces {
            None => ids.len(),
            Some(pieces) => ids.iter().map(|id| pieces.length(*id)).sum(),
        }
    }

    /// This vocabulary, with the further characters of a text behind it, sorted among themselves. The ids that there are
    /// stay, so that the weights of a trained model keep their places.
    ///
    /// # Errors
    ///
    /// When there are more than [`MAX_VOCABULARY`] tokens then.
    pub fn extended(&self, text: &str) -> Result<Self, VocabularyFault> {
        let further = distinct(text).into_iter().filter(|character| self.id(*character).is_none());
        match &self.pieces {
            None => Self::new(self.characters.iter().copied().chain(further).collect()),
            Some(pieces) => {
                let further = further.map(|character| character.to_string().into());
                Self::of_tokens(pieces.tokens(), pieces.texts().iter().cloned().chain(further).collect())
            }
        }
    }

    /// The first character of a text that is not in the vocabulary.
    pub(super) fn unknown(&self, text: &str) -> UnknownCharacter {
        let mut characters = text.chars().enumerate();
        let (offset, character) =
            characters.find(|(_, character)| self.id(*character).is_none()).expect("one that is not");
        let mut lower = character.to_lowercase();
        let small = lower.next().filter(|small| lower.next().is_none() && self.id(*small).is_some());
        let line = 1 + text.chars().take(offset).filter(|character| *character == '\n').count();
        UnknownCharacter { character, offset, line, known: self.characters.len(), small }
    }
}

impl From<Vocabulary> for Saved {
    fn from(vocabulary: Vocabulary) -> Self {
        match vocabulary.pieces {
            None => Self::Characters(vocabulary.characters.into_iter().collect()),
            Some(pieces) => Self::Pieces { tokens: pieces.tokens(), texts: pieces.texts().to_vec() },
        }
    }
}

impl TryFrom<Saved> for Vocabulary {
    type Error = VocabularyFault;

    fn try_from(saved: Saved) -> Result<Self, VocabularyFault> {
        match saved {
            Saved::Characters(text) => Self::new(text.chars().collect()),
            Saved::Pieces { tokens: Tokens::Characters, .. } => Err(VocabularyFault::NotCharacters),
            Saved::Pieces { tokens, texts } => Self::of_tokens(tokens, texts),
        }
    }
}
