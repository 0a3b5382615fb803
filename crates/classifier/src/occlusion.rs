//! What each word did to a score, by occlusion (Zeiler and Fergus 2014): the score, less the score of the same text in which
//! the word is one that the model does not know.

use recurrent_data::reviews::{Label, Tokens, UNKNOWN};
use serde::Serialize;

use crate::scorer::Scorer;

/// What a word did to a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WordEffect {
    /// The word.
    pub word: String,
    /// How much lower the logit is without it: above 0 for a word that speaks for positive, or, of several classes, for the
    /// one that the text was taken for. 0 for one that the model does not know or does not read.
    pub effect: f32,
}

impl Scorer {
    /// What each word of a text did to the scores of some classes or labels. `indices` are the text's, with the start before them.
    pub(crate) fn word_effects(
        &self,
        indices: &[u32],
        text: &str,
        tokens: Tokens,
        of: impl FnOnce(&[f32]) -> Vec<Label>,
    ) -> Vec<(Label, Vec<WordEffect>)> {
        let words = tokens.words(text);
        let of_words = |(label, effects): (Label, Vec<f32>)| {
            let words = words.iter().zip(effects.into_iter().skip(1));
            (label, words.map(|(word, effect)| WordEffect { word: word.clone(), effect }).collect())
        };
        self.effects(indices, of).into_iter().map(of_words).collect()
    }

    /// What each index of a text did to its score, the start's included, which is 0. It takes as many scores as there are
    /// words that the model knows.
    ///
    /// # Panics
    /// An index is past the words that the network knows.
    pub fn index_effects(&self, indices: &[u32]) -> Vec<f32> {
        self.effects(indices, |whole| vec![self.outputs().said(whole)]).remove(0).1
    }

    /// The same on the scores of those classes or labels that `of` chooses by the scores of the text.
    pub(crate) fn effects(
        &self,
        indices: &[u32],
        of: impl FnOnce(&[f32]) -> Vec<Label>,
    ) -> Vec<(Label, Vec<f32>)> {
        let read = self.read(indices.len());
        let places: Vec<usize> = read.filter(|place| *place > 0 && indices[*place] != UNKNOWN).collect();
        let occluded = places.iter().map(|place| {
            let mut indices = indices.to_vec();
            indices[*place] = UNKNOWN;
            indices
        });
        // The whole text stands beside the others, so that all are computed alike.
        let texts: Vec<Vec<u32>> = std::iter::once(indices.to_vec()).chain(occluded).collect();
        let texts: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
        let (scores, outputs) = (self.scores(&texts), self.outputs());
        let (whole, rows) = scores.split_at(outputs.width());
        let of_label = |label: Label| {
            let mut effects = vec![0.0; indices.len()];
            for (place, row) in places.iter().zip(rows.chunks(outputs.width())) {
                effects[*place] = outputs.logit(whole, label) - outputs.logit(row, label);
            }
            (label, effects)
        };
        of(whole).into_iter().map(of_label).collect()
    }
}
