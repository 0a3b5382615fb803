//! Stacking (Wolpert 1992): the score of a text is that of the network and that of a linear classifier on word n-grams, weighed
//! by how much each was worth on reviews that neither has learnt from. The two err in different places (Mesnil et al. 2014): one
//! reads order over any distance, the other knows every rare phrase.

mod file;
mod fit;

use rayon::prelude::*;
use recurrent_data::reviews::{Coding, Rank};
use recurrent_linear::HashedNgrams;

/// What makes one score of two, for each score of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Stacking {
    coding: Coding,
    /// NB-SVM by the hashes of its n-grams, so that a file holds weights alone; one for two classes, else one a class against the
    /// rest. It reads all of a text.
    linear: Vec<HashedNgrams>,
    /// What the network's score, the linear one and 1 are multiplied by.
    coefficients: Vec<[f32; 3]>,
}

impl Stacking {
    /// The scores of texts, from the network's and their indices: logits of what the network's are logits of.
    pub fn scores(&self, network: &[f32], texts: &[&[u32]]) -> Vec<f32> {
        let linear = linear_scores(&self.linear, texts, self.coding);
        let coefficients = self.coefficients.iter().cycle();
        network
            .iter()
            .zip(linear)
            .zip(coefficients)
            .map(|((own, linear), [of_network, of_linear, constant])| {
                of_network * own + of_linear * linear + constant
            })
            .collect()
    }
}

/// The ranks of the words of texts; 0 for one without an index of its own, over which no n-gram reaches.
fn ranks(texts: &[&[u32]], coding: Coding) -> Vec<Vec<Rank>> {
    let of = |text: &&[u32]| text.iter().map(|index| coding.rank(*index).unwrap_or_default()).collect();
    texts.par_iter().map(of).collect()
}

/// The linear scores of texts, `[texts, scores]`.
fn linear_scores(linear: &[HashedNgrams], texts: &[&[u32]], coding: Coding) -> Vec<f32> {
    let ranks = ranks(texts, coding);
    let ranks: Vec<&[Rank]> = ranks.iter().map(Vec::as_slice).collect();
    let each: Vec<Vec<f32>> = linear.iter().map(|linear| linear.scores(&ranks)).collect();
    (0..texts.len()).flat_map(|text| each.iter().map(move |scores| scores[text])).collect()
}
