//! Keras's index convention: which number a network sees for a word.

use serde::{Deserialize, Serialize};

use super::{CodingFault, Rank, Sequences};

/// What fills a sequence up.
pub const PADDING: u32 = 0;

/// What every review starts with.
pub const START: u32 = 1;

/// What stands for a word that is unknown, too rare or too frequent.
pub const UNKNOWN: u32 = 2;

/// A word of rank `r` has the index `r + INDEX_FROM`. So the first word has index 4, and no word has index 3.
pub const INDEX_FROM: u32 = 3;

/// Which words keep an index of their own: those where `skip_top <= index < num_words`. The default is the chapter's, 10
/// and 5,000.
///
/// Every review starts with [`START`]; other words become [`UNKNOWN`]. Keras's own loader applies `skip_top` to the start
/// too, which then becomes 2; here it stays 1, so that the start is never taken for a word.
///
/// A review of `n` words has `n + 1` indices. With them, 10,436 of the 25,000 training reviews are longer than 200.
///
/// ```
/// use recurrent_data::reviews::Coding;
///
/// let coding = Coding::new(5000, 10)?;
/// // Ranks 6 and 7 are indices 9 and 10; rank 4,997 is index 5,000; rank 0 is a word that the vocabulary lacks.
/// assert_eq!(coding.encode(&[6, 7, 4996, 4997, 0]), [1, 2, 10, 4999, 2, 2]);
/// assert_eq!(coding.rank(10), Some(7));
/// # Ok::<(), recurrent_data::reviews::CodingFault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Limits", into = "Limits")]
pub struct Coding {
    num_words: u32,
    skip_top: u32,
}

/// A coding as it is saved, not yet checked.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    num_words: u32,
    skip_top: u32,
}

impl Default for Coding {
    fn default() -> Self {
        Self { num_words: 5000, skip_top: 10 }
    }
}

impl Coding {
    /// Keeps the words whose index is at least `skip_top` and below `num_words`.
    ///
    /// # Errors
    ///
    /// When no index is, or none that a word can have.
    pub fn new(num_words: u32, skip_top: u32) -> Result<Self, CodingFault> {
        if num_words <= skip_top {
            return Err(CodingFault::Order { num_words, skip_top });
        }
        if num_words <= INDEX_FROM + 1 {
            return Err(CodingFault::NumWords { num_words });
        }
        Ok(Self { num_words, skip_top })
    }

    /// The number of indices: each is below this. An embedding has as many rows.
    pub fn num_words(&self) -> u32 {
        self.num_words
    }

    /// The first index that a word keeps.
    pub fn skip_top(&self) -> u32 {
        self.skip_top
    }

    /// The index of a word.
    pub fn index(&self, rank: Rank) -> u32 {
        match rank.checked_add(INDEX_FROM) {
            Some(index) if rank > 0 && self.keeps(index) => index,
            _ => UNKNOWN,
        }
    }

    /// The rank of the word that an index stands for; `None` for padding, start and unknown.
    pub fn rank(&self, index: u32) -> Option<Rank> {
        index.checked_sub(INDEX_FROM).filter(|&rank| rank > 0 && self.keeps(index))
    }

    /// The indices of a review, from its words' ranks.
    pub fn encode(&self, ranks: &[Rank]) -> Vec<u32> {
        self.indices(ranks).collect()
    }

    /// The indices of many reviews.
    pub fn encode_all(&self, ranks: &Sequences) -> Sequences {
        let mut all = Sequences::default();
        for review in ranks.iter() {
            all.push(self.indices(review));
        }
        all
    }

    fn indices(&self, ranks: &[Rank]) -> impl Iterator<Item = u32> {
        std::iter::once(START).chain(ranks.iter().map(|rank| self.index(*rank)))
    }

    fn keeps(&self, index: u32) -> bool {
        (self.skip_top..self.num_words).contains(&index)
    }
}

impl TryFrom<Limits> for Coding {
    type Error = CodingFault;

    fn try_from(limits: Limits) -> Result<Self, CodingFault> {
        Self::new(limits.num_words, limits.skip_top)
    }
}

impl From<Coding> for Limits {
    fn from(coding: Coding) -> Self {
        Self { num_words: coding.num_words, skip_top: coding.skip_top }
    }
}
