//! How well a model predicts each character of a text.

use recurrent_data::text::{Id, Vocabulary};
use recurrent_metrics::language::{bits, perplexity};

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
    /// `None` where nothing is predicted. `text` is that of the ids, `surprises` are those of all but the first.
    pub(crate) fn new(vocabulary: &Vocabulary, ids: &[Id], text: &str, surprises: &[f32]) -> Option<Self> {
        let nats_per_character = per_character(vocabulary, ids, surprises)?;
        let spread = spread(vocabulary, ids, surprises);
        let predicted = text.chars().skip(text.chars().count() - spread.len());
        let characters =
            predicted.zip(spread).map(|(character, nats)| CharacterScore { character, nats }).collect();
        Some(Self { nats_per_character, characters })
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

/// The mean surprise of a character in nats, where `surprises` are those of all ids but the first. `None` without any.
pub(crate) fn per_character(vocabulary: &Vocabulary, ids: &[Id], surprises: &[f32]) -> Option<f64> {
    let sum: f64 = surprises.iter().map(|nats| f64::from(*nats)).sum();
    let characters = vocabulary.length_of(ids.get(1..)?);
    (characters > 0).then(|| sum / characters as f64)
}

/// The surprise of each character of a text but its first token's, in nats, where `surprises` are those of all ids but the first: of a
/// token of several characters each has an equal share, so that the sum stays.
pub fn spread(vocabulary: &Vocabulary, ids: &[Id], surprises: &[f32]) -> Vec<f32> {
    let tokens = ids.iter().skip(1).zip(surprises);
    let shares = tokens.map(|(id, nats)| (vocabulary.length_of(&[*id]), *nats));
    shares.flat_map(|(length, nats)| std::iter::repeat_n(nats / length as f32, length)).collect()
}
