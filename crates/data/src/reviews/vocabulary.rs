//! Words ranked by how often they occur.

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{Tokens, VocabularyFault};

/// A word's place by frequency: 1 for the most frequent one; 0 for a word that the vocabulary lacks.
pub type Rank = u32;

/// The most words that a vocabulary holds.
pub const MAX_VOCABULARY: usize = 1 << 24;

/// Words, at least one, in the order of their ranks: the most frequent first, and those of equal frequency in
/// alphabetical order (by code point).
///
/// It is saved as a list of pairs, each a word and how often it occurred; where the words are not those of
/// [`Tokens::Words`], as an object with the list and what its words are.
///
/// ```
/// use recurrent_data::reviews::Vocabulary;
///
/// let vocabulary = Vocabulary::of(["A film, a plot.", "A plot to like"])?;
/// assert_eq!((vocabulary.word(1), vocabulary.count(1)), (Some("a"), Some(3)));
/// assert_eq!(vocabulary.ranks("a silly plot"), [1, 0, 2]);
/// let saved = serde_json::to_string(&vocabulary).unwrap();
/// assert_eq!(saved, r#"[["a",3],["plot",2],["film",1],["like",1],["to",1]]"#);
/// # Ok::<(), recurrent_data::reviews::VocabularyFault>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Saved", into = "Saved")]
pub struct Vocabulary {
    tokens: Tokens,
    words: Vec<Arc<str>>,
    counts: Vec<u64>,
    ranks: HashMap<Arc<str>, Rank>,
}

// There is no `is_empty`: at least one word is held.
#[allow(clippy::len_without_is_empty)]
impl Vocabulary {
    /// The words of some texts.
    ///
    /// # Errors
    ///
    /// When the texts have no word, or more than [`MAX_VOCABULARY`].
    pub fn of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Self, VocabularyFault> {
        let mut counts = HashMap::new();
        for text in texts {
            for word in Tokens::Words.words(text.as_ref()) {
                *counts.entry(word).or_insert(0) += 1;
            }
        }
        Self::ranked(Tokens::Words, counts.into_iter().collect())
    }

    /// Words with how often each occurs, once each and in any order.
    pub(super) fn ranked(tokens: Tokens, mut counted: Vec<(String, u64)>) -> Result<Self, VocabularyFault> {
        counted.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Self::from_ranked(tokens, counted)
    }

    fn from_ranked(tokens: Tokens, counted: Vec<(String, u64)>) -> Result<Self, VocabularyFault> {
        match counted.len() {
            0 => return Err(VocabularyFault::Empty),
            words if words > MAX_VOCABULARY => return Err(VocabularyFault::TooMany(words)),
            _ => {}
        }
        let (words, counts): (Vec<Arc<str>>, _) =
            counted.into_iter().map(|(word, count)| (Arc::from(word), count)).unzip();
        let mut ranks = HashMap::with_capacity(words.len());
        for (place, word) in words.iter().enumerate() {
            if ranks.insert(word.clone(), place as Rank + 1).is_some() {
                return Err(VocabularyFault::Repeated(word.to_string()));
            }
        }
        Ok(Self { tokens, words, counts, ranks })
    }

    /// The most frequent `words` words of this vocabulary, or all where there are fewer; their ranks stay.
    ///
    /// # Errors
    ///
    /// When `words` is 0.
    pub fn most_frequent(&self, words: usize) -> Result<Self, VocabularyFault> {
        Self::from_ranked(self.tokens, self.pairs().take(words).collect())
    }

    /// What its words are.
    pub fn tokens(&self) -> Tokens {
        self.tokens
    }

    /// The number of words, at least 1; also the last rank.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// The words, that of rank 1 first.
    pub fn words(&self) -> impl ExactSizeIterator<Item = &str> {
        self.words.iter().map(AsRef::as_ref)
    }

    /// The word of a rank.
    pub fn word(&self, rank: Rank) -> Option<&str> {
        self.words.get(place(rank)?).map(AsRef::as_ref)
    }

    /// How often the word of a rank occurred where the vocabulary was made.
    pub fn count(&self, rank: Rank) -> Option<u64> {
        self.counts.get(place(rank)?).copied()
    }

    /// The rank of a word; 0 for one that the vocabulary lacks.
    pub fn rank(&self, word: &str) -> Rank {
        self.ranks.get(word).copied().unwrap_or(0)
    }

    /// The ranks of a text's words.
    pub fn ranks(&self, text: &str) -> Vec<Rank> {
        let mut ranks = Vec::new();
        self.tokens.each(text, &mut String::new(), |word| ranks.push(self.rank(word)));
        ranks
    }

    /// All words, each with how often it occurred.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (String, u64)> {
        self.words.iter().map(ToString::to_string).zip(self.counts.iter().copied())
    }
}

fn place(rank: Rank) -> Option<usize> {
    (rank as usize).checked_sub(1)
}

impl PartialEq for Vocabulary {
    fn eq(&self, other: &Self) -> bool {
        (self.tokens, &self.words, &self.counts) == (other.tokens, &other.words, &other.counts)
    }
}

impl Eq for Vocabulary {}

/// A vocabulary as it is saved.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected words, each with how often it occurred")]
enum Saved {
    Words(Vec<(String, u64)>),
    Others { tokens: Tokens, words: Vec<(String, u64)> },
}

impl From<Vocabulary> for Saved {
    fn from(vocabulary: Vocabulary) -> Self {
        let words = vocabulary.pairs().collect();
        match vocabulary.tokens {
            Tokens::Words => Self::Words(words),
            tokens => Self::Others { tokens, words },
        }
    }
}

impl TryFrom<Saved> for Vocabulary {
    type Error = VocabularyFault;

    fn try_from(saved: Saved) -> Result<Self, VocabularyFault> {
        match saved {
            Saved::Words(words) => Self::saved(Tokens::Words, words),
            Saved::Others { tokens, words } => Self::saved(tokens, words),
        }
    }
}

impl Vocabulary {
    /// Takes only what this type saves, so that a list changed by hand does not give words other ranks in silence.
    pub(super) fn saved(tokens: Tokens, counted: Vec<(String, u64)>) -> Result<Self, VocabularyFault> {
        let mut lower = String::new();
        for (word, _) in &counted {
            let (mut words, mut same) = (0, true);
            tokens.each(word, &mut lower, |found| {
                words += 1;
                same &= found == word;
            });
            if words != 1 || !same {
                return Err(VocabularyFault::NoWord(word.clone()));
            }
        }
        for pair in counted.windows(2) {
            let [(word, count), (next, next_count)] = pair else { continue };
            if word != next && (next_count, word) > (count, next) {
                return Err(VocabularyFault::Order { word: next.clone() });
            }
        }
        Self::from_ranked(tokens, counted)
    }
}
