//! The figures of a model's scores on labelled reviews.

use recurrent_data::reviews::Label;
use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::roc::roc;
use crate::predict::probability;

/// How good scores are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

/// How many reviews of each class were taken for which. Positive ones are those that praise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Negative reviews taken for negative.
    pub true_negative: usize,
    /// Negative reviews taken for positive.
    pub false_positive: usize,
    /// Positive reviews taken for negative.
    pub false_negative: usize,
    /// Positive reviews taken for positive.
    pub true_positive: usize,
}

impl Metrics {
    /// Judges scores, which are logits; one above 0 means a positive review.
    ///
    /// # Panics
    /// There are not as many labels as scores, or none.
    pub fn of(scores: &[f32], labels: &[Label]) -> Self {
        let confusion = Confusion::of(scores, labels);
        Self {
            reviews: scores.len(),
            accuracy: confusion.accuracy(),
            auc: roc(scores, labels).map(|roc| roc.auc),
            log_loss: log_loss(scores, labels),
            confusion,
            calibration: Calibration::of(scores.iter().map(|score| probability(*score)), labels),
        }
    }
}

impl Confusion {
    /// Counts; a score above 0 means a positive review.
    ///
    /// # Panics
    /// There are not as many labels as scores, or none.
    pub fn of(scores: &[f32], labels: &[Label]) -> Self {
        assert!(scores.len() == labels.len() && !scores.is_empty(), "one label a score, and at least one");
        let mut confusion = Self::default();
        for (score, label) in scores.iter().zip(labels) {
            let count = match (label, *score > 0.0) {
                (Label::Negative, false) => &mut confusion.true_negative,
                (Label::Negative, true) => &mut confusion.false_positive,
                (Label::Positive, false) => &mut confusion.false_negative,
                (Label::Positive, true) => &mut confusion.true_positive,
            };
            *count += 1;
        }
        confusion
    }

    /// The share of reviews that were taken for what they are.
    pub fn accuracy(&self) -> f64 {
        let right = self.true_negative + self.true_positive;
        right as f64 / (right + self.false_positive + self.false_negative) as f64
    }
}

/// The mean binary cross-entropy of scores, which are logits, in nats; computed so that none overflows.
pub fn log_loss(scores: &[f32], labels: &[Label]) -> f64 {
    let loss = |(score, label): (&f32, &Label)| {
        let score = f64::from(*score);
        score.max(0.0) - score * f64::from(label.target()) + (-score.abs()).exp().ln_1p()
    };
    scores.iter().zip(labels).map(loss).sum::<f64>() / scores.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use Label::{Negative, Positive};

    #[test]
    fn figures_are_those_computed_by_hand() {
        let labels = [Negative, Negative, Positive, Positive, Positive];
        let metrics = Metrics::of(&[-1.0, 2.0, 0.0, 1.0, 3.0], &labels);
        let expected = Confusion { true_negative: 1, false_positive: 1, false_negative: 1, true_positive: 2 };
        assert_eq!(metrics.confusion, expected);
        assert_eq!(metrics.accuracy, 0.6);
        // Of the six pairs, 2.0 stands above 0.0 and 1.0.
        assert!((metrics.auc.unwrap() - 4.0 / 6.0).abs() < 1e-12);
        let softplus = |x: f64| x.exp().ln_1p();
        let sum = softplus(-1.0) + softplus(2.0) + softplus(0.0) + softplus(-1.0) + softplus(-3.0);
        assert!((metrics.log_loss - sum / 5.0).abs() < 1e-12);
    }

    #[test]
    fn scores_of_any_size_have_a_finite_loss() {
        assert_eq!(log_loss(&[1e30, -1e30], &[Positive, Negative]), 0.0);
        assert_eq!(log_loss(&[-1e4], &[Positive]), 1e4);
    }

    #[test]
    fn one_class_alone_has_no_auc() {
        assert_eq!(Metrics::of(&[1.0, -1.0], &[Positive, Positive]).auc, None);
    }
}
