//! What each word did to a score, by occlusion (Zeiler and Fergus 2014): the score, less the score of the same text in which
//! the word is one that the model does not know.

use std::ops::Range;

use recurrent_data::reviews::{Label, Tokens, UNKNOWN};
use serde::Serialize;

use crate::outputs::Outputs;
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

/// A text, and the same with each word hidden in turn that the model knows and reads: its forms.
#[derive(Clone, Debug)]
pub(crate) struct Occluded {
    /// The indices of the text, with the start before them.
    pub(crate) indices: Vec<u32>,
    /// The place that is hidden in each form but the first.
    places: Vec<usize>,
}

impl Occluded {
    /// Hides the words of a text, of whose indices `read` are read.
    pub(crate) fn new(indices: Vec<u32>, read: Range<usize>) -> Self {
        let places = read.filter(|place| *place > 0 && indices[*place] != UNKNOWN).collect();
        Self { indices, places }
    }

    /// How many forms there are.
    pub(crate) fn forms(&self) -> usize {
        1 + self.places.len()
    }

    /// The indices of a form; the first is the whole text.
    pub(crate) fn form(&self, number: usize) -> Vec<u32> {
        let mut indices = self.indices.clone();
        if let Some(hidden) = number.checked_sub(1) {
            indices[self.places[hidden]] = UNKNOWN;
        }
        indices
    }

    /// What each index did to the scores of some classes or labels, from the scores of all forms.
    pub(crate) fn effects(
        &self,
        scores: &[f32],
        outputs: Outputs,
        of: impl FnOnce(&[f32]) -> Vec<Label>,
    ) -> Vec<(Label, Vec<f32>)> {
        let (whole, rows) = scores.split_at(outputs.width());
        let of_label = |label: Label| {
            let mut effects = vec![0.0; self.indices.len()];
            for (place, row) in self.places.iter().zip(rows.chunks(outputs.width())) {
                effects[*place] = outputs.logit(whole, label) - outputs.logit(row, label);
            }
            (label, effects)
        };
        of(whole).into_iter().map(of_label).collect()
    }
}

/// The effects of the words of a text, from those of its indices.
pub(crate) fn of_words(effects: Vec<f32>, text: &str, tokens: Tokens) -> Vec<WordEffect> {
    // The first index is the start's.
    let words = tokens.words(text).into_iter().zip(effects.into_iter().skip(1));
    words.map(|(word, effect)| WordEffect { word, effect }).collect()
}

impl Scorer {
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
        // The whole text stands beside the others, so that all are computed alike.
        let occluded = Occluded::new(indices.to_vec(), self.read(indices.len()));
        let forms: Vec<Vec<u32>> = (0..occluded.forms()).map(|number| occluded.form(number)).collect();
        let texts: Vec<&[u32]> = forms.iter().map(Vec::as_slice).collect();
        occluded.effects(&self.scores(&texts), self.outputs(), of)
    }
}
