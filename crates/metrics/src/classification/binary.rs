//! The figures of a classifier, together.

use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::confusion::Confusion;
use super::probability::{log_loss, logistic};
use super::roc::roc;

/// How good scores are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BinaryMetrics {
    /// On how many samples.
    pub samples: usize,
    /// The share of samples whose class is the likelier one.
    pub accuracy: f64,
    /// The probability that a positive sample has a higher score than a negative one, both drawn at random. Absent where one
    /// class is.
    pub auc: Option<f64>,
    /// The mean binary cross-entropy, in nats.
    pub log_loss: f64,
    /// How many samples of each class were taken for which.
    pub confusion: Confusion,
    /// How often samples of a given probability are positive.
    pub calibration: Calibration,
}

impl BinaryMetrics {
    /// Judges scores, which are logits.
    ///
    /// ```
    /// use recurrent_metrics::classification::BinaryMetrics;
    ///
    /// let metrics = BinaryMetrics::of(&[-1.0, 2.0, 0.5, 3.0], &[false, false, true, true]);
    /// assert_eq!(metrics.accuracy, 0.75);
    /// assert_eq!(metrics.auc, Some(0.75)); // of four pairs, 0.5 stands below 2.0
    /// assert_eq!(metrics.confusion.precision(), Some(2.0 / 3.0));
    /// ```
    ///
    /// # Panics
    /// There are not as many labels as scores, or none.
    pub fn of(scores: &[f32], labels: &[bool]) -> Self {
        let confusion = Confusion::of(scores, labels);
        Self {
            samples: scores.len(),
            accuracy: confusion.accuracy(),
            auc: roc(scores, labels).map(|roc| roc.auc),
            log_loss: log_loss(scores, labels),
            confusion,
            calibration: Calibration::of(scores.iter().map(|score| logistic(*score)), labels),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_computed_by_hand() {
        let labels = [false, false, true, true, true];
        let metrics = BinaryMetrics::of(&[-1.0, 2.0, 0.0, 1.0, 3.0], &labels);
        let expected = Confusion { true_negative: 1, false_positive: 1, false_negative: 1, true_positive: 2 };
        assert_eq!(metrics.confusion, expected);
        assert_eq!((metrics.samples, metrics.accuracy), (5, 0.6));
        // Of the six pairs, 2.0 stands above 0.0 and 1.0.
        assert!((metrics.auc.unwrap() - 4.0 / 6.0).abs() < 1e-12);
        let softplus = |x: f64| x.exp().ln_1p();
        let sum = softplus(-1.0) + softplus(2.0) + softplus(0.0) + softplus(-1.0) + softplus(-3.0);
        assert!((metrics.log_loss - sum / 5.0).abs() < 1e-12);
    }

    #[test]
    fn one_class_alone_has_no_auc() {
        assert_eq!(BinaryMetrics::of(&[1.0, -1.0], &[true, true]).auc, None);
    }

    #[test]
    fn figures_read_back_from_json() {
        let metrics = BinaryMetrics::of(&[0.3, -0.2, 0.1], &[true, true, false]);
        let json = serde_json::to_string(&metrics).unwrap();
        assert_eq!(serde_json::from_str::<BinaryMetrics>(&json).unwrap(), metrics);
    }
}
