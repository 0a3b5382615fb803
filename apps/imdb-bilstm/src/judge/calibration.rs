//! Whether probabilities mean what they say: of the reviews at 0.7, are seven in ten positive?

use recurrent_data::reviews::Label;
use serde::{Deserialize, Serialize};

/// The reliability table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The expected calibration error (Naeini, Cooper and Hauskrecht 2015): the mean distance between the probability and
    /// the share of positive reviews, over the bins, weighted by their reviews.
    pub expected_error: f64,
    /// The bins that hold a review, from the least probability on.
    pub bins: Vec<Bin>,
}

/// The reviews of similar probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The least probability of being positive that belongs here; the next bin begins a tenth later.
    pub from: f64,
    /// How many reviews.
    pub reviews: usize,
    /// The mean probability of being positive.
    pub probability: f64,
    /// The share that is positive.
    pub positive: f64,
}

const BINS: usize = 10;

impl Calibration {
    /// Sorts probabilities of being positive into ten bins of equal width.
    pub fn of(probabilities: impl IntoIterator<Item = f64>, labels: &[Label]) -> Self {
        let mut sums = [(0usize, 0.0, 0.0); BINS];
        for (probability, label) in probabilities.into_iter().zip(labels) {
            let bin = &mut sums[((probability * BINS as f64) as usize).min(BINS - 1)];
            *bin = (bin.0 + 1, bin.1 + probability, bin.2 + f64::from(label.target()));
        }
        let bins = sums.iter().enumerate().filter(|(_, (reviews, ..))| *reviews > 0);
        let bins: Vec<Bin> = bins
            .map(|(place, (reviews, probability, positive))| Bin {
                from: place as f64 / BINS as f64,
                reviews: *reviews,
                probability: probability / *reviews as f64,
                positive: positive / *reviews as f64,
            })
            .collect();
        let error = |bin: &Bin| bin.reviews as f64 * (bin.probability - bin.positive).abs();
        let expected_error = bins.iter().map(error).sum::<f64>() / labels.len().max(1) as f64;
        Self { expected_error, bins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Label::{Negative, Positive};

    #[test]
    fn bins_hold_what_lies_in_them() {
        let labels = [Negative, Positive, Positive, Negative, Positive];
        let found = Calibration::of([0.0, 0.05, 0.95, 1.0, 0.3], &labels);
        let bin = |from, reviews, probability, positive| Bin { from, reviews, probability, positive };
        assert_eq!(found.bins, [bin(0.0, 2, 0.025, 0.5), bin(0.3, 1, 0.3, 1.0), bin(0.9, 2, 0.975, 0.5)]);
        assert!((found.expected_error - (2.0 * 0.475 + 0.7 + 2.0 * 0.475) / 5.0).abs() < 1e-12);
    }

    #[test]
    fn right_probabilities_have_no_error() {
        let labels = [Positive, Positive, Positive, Negative];
        assert_eq!(Calibration::of([0.75; 4], &labels).expected_error, 0.0);
    }
}
