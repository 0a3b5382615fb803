//! What a text is read in: characters, words, or pieces of words.

use serde::{Deserialize, Serialize};

/// What a text is read in. Nothing of it is lost: spaces, line ends and punctuation are tokens, or parts of some.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tokens {
    /// Its characters.
    #[default]
    Characters,
    /// The words and marks of Unicode's text segmentation (UAX #29), each with the space in front of it. One that the vocabulary
    /// lacks is spelt out in characters.
    Words,
    /// Pieces of words that byte-pair encoding finds (Sennrich, Haddow and Birch 2016), here of characters: from a single one
    /// to a whole word with the space in front of it.
    Subwords,
}

impl Tokens {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Characters, Self::Words, Self::Subwords];

    /// The name in summaries and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Words => "words",
            Self::Subwords => "subwords",
        }
    }

    /// The tokens that a vocabulary has where no number is asked for, if the text has so many: more where so many are its characters alone,
    /// as in Chinese. Of characters there are as many as there are.
    pub fn usual_size(self, characters: usize) -> Option<usize> {
        let usual = match self {
            Self::Characters => return None,
            Self::Words => 4000,
            Self::Subwords => 2000,
        };
        Some(usual.max(characters + usual / 2))
    }
}
