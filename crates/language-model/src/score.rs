//! How well a model predicts each character of a text.

use recurrent_metrics::language::{bits, mean, perplexity};

/// How well a model predicts a text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Score {
    /// The mean over the characters that were predicted, in nats: the negative logarithm of the probability given to each.
    pub nats_per_character: f64,
    /// Each character but the first, which nothing predicts.
    pub characters: Vec<CharacterScore>,
}

/// How well a model predicts a character.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CharacterScore {
    /// The character.
    pub character: char,
    /// The negative logarithm of the probability given to it.
    pub nats: f32,
}

impl Score {
    /// `None` without a character.
    pub(crate) fn new(characters: impl Iterator<Item = (char, f32)>) -> Option<Self> {
        let characters: Vec<_> =
            characters.map(|(character, nats)| CharacterScore { character, nats }).collect();
        let nats: Vec<f32> = characters.iter().map(|score| score.nats).collect();
        Some(Self { nats_per_character: mean(&nats)?, characters })
    }

    /// The mean in bits.
    pub fn bits_per_character(&self) -> f64 {
        bits(self.nats_per_character)
    }

    /// The number of equally likely characters that would be as hard to predict.
    pub fn perplexity(&self) -> f64 {
        perplexity(self.nats_per_character)
    }
}
