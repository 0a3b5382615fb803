//! The figures of a model's scores on labelled reviews, as a run's summary has them.

use recurrent_metrics::classification::{self, BinaryMetrics, Confusion};
use serde::{Deserialize, Serialize};

/// How good scores are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Metrics {
    /// On how many reviews.
    pub reviews: usize,
    /// The share of reviews whose class is the likelier one.
    pub accuracy: f64,
    /// The probability that a positive review has a higher score than a negative one, both drawn at random. Absent where one
    /// class is.
    pub auc: Option<f64>,
    /// The mean binary cross-entropy, in nats.
    pub log_loss: f64,
    /// How many reviews of each class were taken for which.
    pub confusion: Confusion,
    /// How often reviews of a given probability are positive.
    pub calibration: Calibration,
}

/// The reliability table, as [`classification::Calibration`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Calibration {
    /// The expected calibration error.
    pub expected_error: f64,
    /// The bins that hold a review, from the least probability on.
    pub bins: Vec<Bin>,
}

/// The reviews of similar probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
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

impl Metrics {
    /// Judges scores, which are logits; one above 0 means a positive review.
    ///
    /// # Panics
    /// There are not as many labels as scores, or none.
    pub fn of(scores: &[f32], positive: &[bool]) -> Self {
        let BinaryMetrics { samples, accuracy, auc, log_loss, confusion, calibration, .. } =
            BinaryMetrics::of(scores, positive);
        Self { reviews: samples, accuracy, auc, log_loss, confusion, calibration: calibration.into() }
    }
}

impl From<classification::Calibration> for Calibration {
    fn from(table: classification::Calibration) -> Self {
        let bins = table.bins.into_iter().map(|bin| Bin {
            from: bin.from,
            reviews: bin.samples,
            probability: bin.probability,
            positive: bin.positive,
        });
        Self { expected_error: table.expected_error, bins: bins.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_speaks_of_reviews() {
        let metrics = Metrics::of(&[-1.0, 2.0, 1.0], &[false, false, true]);
        let json = serde_json::to_value(&metrics).unwrap();
        assert_eq!((&json["reviews"], &json["calibration"]["bins"][0]["reviews"]), (&3.into(), &1.into()));
        assert_eq!(json["confusion"]["false_positive"], 1);
        assert_eq!(serde_json::from_value::<Metrics>(json).unwrap(), metrics);
    }
}
