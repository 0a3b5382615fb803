//! The scores of many reviews: batches of similar length, so that little is padded, and the scores in the reviews' order.

use recurrent_data::reviews::pad_sequences;

use crate::model::Classifier;

/// Reviews in a batch: more are no faster, and take memory.
const BATCH: usize = 64;

/// The score of each review, from its indices: the logit of the probability that it praises.
pub fn scores(model: &Classifier, reviews: &[&[u32]]) -> Vec<f32> {
    let pad = model.reading().pad();
    let mut order: Vec<usize> = (0..reviews.len()).collect();
    order.sort_by_key(|place| pad.kept(reviews[*place].len()));
    let mut scores = vec![0.0; reviews.len()];
    for places in order.chunks(BATCH) {
        let padded = pad_sequences(places.iter().map(|place| reviews[*place]), &pad);
        let logits = model.logits(&padded).into_data().try_into_vec::<f32>();
        let logits = logits.expect("the network computes in 32-bit floats");
        for (place, logit) in places.iter().zip(logits) {
            scores[*place] = logit;
        }
    }
    scores
}

/// The probability of a score: the logistic function.
pub fn probability(logit: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(logit)).exp())
}
