//! The scores of many reviews: batches of similar length, so that little is padded, and the scores in the reviews' order.

use burn::tensor::Tensor;
use recurrent_data::reviews::pad_sequences;

use crate::data::Reviews;
use crate::model::Classifier;
use crate::settings::{Partner, Settings};
use crate::stacking::Stacking;

/// Reviews in a batch: more are no faster, and take memory.
const BATCH: usize = 64;

/// What scores reviews: a network, alone or stacked with a linear classifier.
pub struct Scorer {
    /// The network.
    pub network: Classifier,
    /// What it is stacked with.
    pub stacking: Option<Stacking>,
}

impl Scorer {
    /// A trained network with the partner that the settings ask for, fitted to the same reviews and weighed on those held out.
    pub fn of(network: Classifier, settings: &Settings, reviews: &Reviews) -> Self {
        let stacking = (settings.stacking != Partner::None).then(|| {
            let held_out = reviews.choose();
            let scores = scores(&network, &held_out.reviews());
            Stacking::fit(&reviews.learn(), &held_out, &scores, settings)
        });
        Self { network, stacking }
    }

    /// The score of each review, from its indices: the logit of the probability that it praises.
    pub fn scores(&self, reviews: &[&[u32]]) -> Vec<f32> {
        self.stacked(scores(&self.network, reviews), reviews)
    }

    /// The same from what the network says of the reviews.
    pub fn stacked(&self, network: Vec<f32>, reviews: &[&[u32]]) -> Vec<f32> {
        match &self.stacking {
            Some(stacking) => stacking.scores(&network, reviews),
            None => network,
        }
    }
}

/// The network's score of each review, from its indices: the logit of the probability that it praises.
pub fn scores(model: &Classifier, reviews: &[&[u32]]) -> Vec<f32> {
    let pad = model.reading().pad();
    let mut order: Vec<usize> = (0..reviews.len()).collect();
    order.sort_by_key(|place| pad.kept(reviews[*place].len()));
    let mut scores = vec![0.0; reviews.len()];
    for places in order.chunks(BATCH) {
        let padded = pad_sequences(places.iter().map(|place| reviews[*place]), &pad);
        for (place, logit) in places.iter().zip(numbers(model.logits(&padded))) {
            scores[*place] = logit;
        }
    }
    scores
}

/// The numbers of a tensor.
pub(crate) fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("the network computes in 32-bit floats")
}

/// The probability of a score: the logistic function.
pub fn probability(logit: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(logit)).exp())
}
