//! Whether probabilities mean what they say: of the samples at 0.7, are seven in ten positive?

use serde::{Deserialize, Serialize};

/// The reliability table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Calibration {
    /// The expected calibration error (Naeini, Cooper and Hauskrecht 2015): the mean distance between the probability and
    /// the share of positive samples, over the bins, weighted by their samples.
    pub expected_error: f64,
    /// The bins that hold a sample, from the least probability on.
    pub bins: Vec<Bin>,
}

/// The samples of similar probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Bin {
    /// The least probability of being positive that belongs here; the next bin begins a tenth later.
    pub from: f64,
    /// How many samples.
    pub samples: usize,
    /// The mean probability of being positive.
    pub probability: f64,
    /// The share that is positive.
    pub positive: f64,
}

const BINS: usize = 10;

impl Calibration {
    /// Sorts probabilities of being positive into ten bins of equal width.
    ///
    /// # Panics
    /// There are not as many probabilities as labels.
    pub fn of(probabilities: impl IntoIterator<Item = f64>, labels: &[bool]) -> Self {
        let mut sums = [(0usize, 0.0, 0.0); BINS];
        let mut probabilities = probabilities.into_iter();
        for label in labels {
            let probability = probabilities.next().expect("one probability a label");
            let bin = &mut sums[((probability * BINS as f64) as usize).min(BINS - 1)];
            *bin = (bin.0 + 1, bin.1 + probability, bin.2 + f64::from(*label));
        }
        assert!(probabilities.next().is_none(), "one probability a label");
        let bins = sums.iter().enumerate().filter(|(_, (samples, ..))| *samples > 0);
        let bins: Vec<Bin> = bins
            .map(|(place, (samples, probability, positive))| Bin {
                from: place as f64 / BINS as f64,
                samples: *samples,
                probability: probability / *samples as f64,
                positive: positive / *samples as f64,
            })
            .collect();
        let error = |bin: &Bin| bin.samples as f64 * (bin.probability - bin.positive).abs();
        let expected_error = bins.iter().map(error).sum::<f64>() / labels.len().max(1) as f64;
        Self { expected_error, bins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_what_lies_in_them() {
        let labels = [false, true, true, false, true];
        let found = Calibration::of([0.0, 0.05, 0.95, 1.0, 0.3], &labels);
        let bin = |from, samples, probability, positive| Bin { from, samples, probability, positive };
        assert_eq!(found.bins, [bin(0.0, 2, 0.025, 0.5), bin(0.3, 1, 0.3, 1.0), bin(0.9, 2, 0.975, 0.5)]);
        assert!((found.expected_error - (2.0 * 0.475 + 0.7 + 2.0 * 0.475) / 5.0).abs() < 1e-12);
    }

    #[test]
    fn right_probabilities_have_no_error() {
        let labels = [true, true, true, false];
        assert_eq!(Calibration::of([0.75; 4], &labels).expected_error, 0.0);
    }
    #[test]
    #[should_panic(expected = "one probability a label")]
    fn a_probability_without_a_label_is_refused() {
        Calibration::of([0.5; 3], &[true, false]);
    }
}
