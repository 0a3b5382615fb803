//! What each word did to a score, by occlusion (Zeiler and Fergus 2014): the score, less the score of the same review in
//! which the word is one that the model does not know.

use recurrent_data::reviews::{UNKNOWN, tokenise};
use serde::Serialize;

use crate::predict::Scorer;

/// What a word did to a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordEffect {
    /// The word.
    pub word: String,
    /// How much lower the logit is without it: above 0 for a word that speaks for praise. 0 for one that the model does not
    /// know or does not read.
    pub effect: f32,
}

/// What each word of a text did to its score. `indices` are the text's, with the start before them.
pub fn effects(scorer: &Scorer, indices: &[u32], text: &str) -> Vec<WordEffect> {
    let words = tokenise(text);
    let effects = index_effects(scorer, indices);
    words
        .into_iter()
        .zip(effects.into_iter().skip(1))
        .map(|(word, effect)| WordEffect { word, effect })
        .collect()
}

/// What each index of a review did to its score, the start's included, which is 0.
pub fn index_effects(scorer: &Scorer, indices: &[u32]) -> Vec<f32> {
    let read = read(scorer, indices.len());
    let places: Vec<usize> = read.filter(|place| *place > 0 && indices[*place] != UNKNOWN).collect();
    let occluded = places.iter().map(|place| {
        let mut indices = indices.to_vec();
        indices[*place] = UNKNOWN;
        indices
    });
    // The whole review stands beside the others, so that all are computed alike.
    let reviews: Vec<Vec<u32>> = std::iter::once(indices.to_vec()).chain(occluded).collect();
    let reviews: Vec<&[u32]> = reviews.iter().map(Vec::as_slice).collect();
    let scores = scorer.scores(&reviews);
    let mut effects = vec![0.0; indices.len()];
    for (place, score) in places.iter().zip(&scores[1..]) {
        effects[*place] = scores[0] - score;
    }
    effects
}

/// The places of a review that the model reads; the others are cut off. A linear classifier beside the network reads all.
fn read(scorer: &Scorer, length: usize) -> std::ops::Range<usize> {
    use recurrent_data::reviews::Side;

    if scorer.stacking.is_some() {
        return 0..length;
    }
    let reading = scorer.network.reading();
    let kept = reading.pad().kept(length);
    match reading.truncating {
        Side::Pre => length - kept..length,
        Side::Post => 0..kept,
    }
}
