//! NB-SVM as a file can hold it: the weights of n-grams by the hash of the n-gram (Weinberger et al. 2009), so that none of
//! the n-grams has to be kept.

use rayon::prelude::*;
use recurrent_data::reviews::{Coding, Label, Rank};

use crate::baseline::{MOST_WORDS, NbSvm, NbSvmSpec, keys};

/// Bits of a place.
const BITS: u32 = 22;
/// Places for n-grams: four times as many as there are n-grams in 25,000 reviews that occur twice, so that few share one.
pub(super) const PLACES: usize = 1 << BITS;
/// N-grams of fewer reviews are left out: they are most of all, and know only the review that they are from.
const LEAST_REVIEWS: u32 = 2;

/// A linear classifier on the n-grams of reviews, from the indices that the network sees, of which it reads all.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NgramWeights {
    pub(super) coding: Coding,
    pub(super) bias: f32,
    pub(super) weights: Vec<f32>,
}

impl NgramWeights {
    /// Fits NB-SVM to the indices of reviews. Two n-grams of one place add up there.
    pub(super) fn fit(reviews: &[&[u32]], labels: &[Label], coding: Coding) -> Self {
        let ranks: Vec<Vec<Rank>> = reviews.par_iter().map(|review| ranks(review, coding)).collect();
        let ranks: Vec<&[Rank]> = ranks.iter().map(Vec::as_slice).collect();
        let spec = NbSvmSpec { least_reviews: LEAST_REVIEWS, ..NbSvmSpec::default() };
        let fitted = NbSvm::fit(&ranks, labels, spec);
        let mut weights = vec![0.0; PLACES];
        for (ngram, weight) in fitted.ngrams() {
            weights[place(ngram)] += weight;
        }
        Self { coding, bias: fitted.bias(), weights }
    }

    /// The score of each review.
    pub(super) fn scores(&self, reviews: &[&[u32]]) -> Vec<f32> {
        let score = |review: &&[u32]| {
            let ngrams = keys(&ranks(review, self.coding), MOST_WORDS);
            self.bias + ngrams.into_iter().map(|ngram| self.weights[place(ngram)]).sum::<f32>()
        };
        reviews.par_iter().map(score).collect()
    }
}

/// The ranks of a review's words; 0 for one without an index of its own, over which no n-gram reaches.
fn ranks(review: &[u32], coding: Coding) -> Vec<Rank> {
    review.iter().map(|index| coding.rank(*index).unwrap_or_default()).collect()
}

/// Multiplication by the golden ratio scatters numbers evenly (Knuth, volume 3, section 6.4).
fn place(ngram: u64) -> usize {
    (ngram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use Label::{Negative, Positive};

    #[test]
    fn hashed_weights_score_as_the_fitted_ones() {
        let coding = Coding::new(50, 0).unwrap();
        let reviews: Vec<Vec<u32>> = (0..60u32)
            .map(|i| [1, 4 + i % 3, 10 + i % 2, 2, 20 + i % 7, 30 + (i * i) % 11].to_vec())
            .collect();
        let reviews: Vec<&[u32]> = reviews.iter().map(Vec::as_slice).collect();
        let labels: Vec<Label> = (0..60).map(|i| if i % 2 == 0 { Positive } else { Negative }).collect();
        let hashed = NgramWeights::fit(&reviews, &labels, coding);
        let of_ranks: Vec<Vec<Rank>> = reviews.iter().map(|review| ranks(review, coding)).collect();
        let of_ranks: Vec<&[Rank]> = of_ranks.iter().map(Vec::as_slice).collect();
        let spec = NbSvmSpec { least_reviews: LEAST_REVIEWS, ..NbSvmSpec::default() };
        let fitted = NbSvm::fit(&of_ranks, &labels, spec).scores(&of_ranks);
        for ((found, expected), label) in hashed.scores(&reviews).iter().zip(fitted).zip(labels) {
            assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
            assert_eq!(*found > 0.0, label == Positive);
        }
    }

    #[test]
    fn places_are_spread() {
        let mut places: Vec<usize> = (1..=100_000u64).map(|rank| place(rank << 21 | 7)).collect();
        places.sort_unstable();
        places.dedup();
        assert!(places.len() > 95_000, "{} places", places.len());
    }
}
