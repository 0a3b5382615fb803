//! How good the scores of a classifier of several classes are.
//!
//! Scores are logits in rows, one a class: the probabilities of a sample are the softmax of its row. The definitions are those of
//! scikit-learn.

use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::said::ConfusionMatrix;

/// How good scores in rows of several classes are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MulticlassMetrics {
    /// On how many samples.
    pub samples: usize,
    /// The share of samples whose class is the likeliest one.
    pub accuracy: f64,
    /// The mean F1 of the classes that a sample has or was taken for, whatever their sizes.
    pub macro_f1: f64,
    /// The F1 of all decisions together, which is the accuracy where each sample has one class.
    pub micro_f1: f64,
    /// The mean cross-entropy, in nats.
    pub log_loss: f64,
    /// How many samples of each class, by row, were taken for which, by column.
    pub confusion: ConfusionMatrix,
    /// The figures of each class.
    pub classes: Vec<ClassMetrics>,
    /// How often the likeliest class is right, of samples of which it has a given probability.
    pub calibration: Calibration,
}

/// How good a classifier is for one class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClassMetrics {
    /// How many samples are of the class.
    pub samples: usize,
    /// The share of what was taken for it that is of it. Absent where nothing was.
    pub precision: Option<f64>,
    /// The share of it that was taken for it. Absent where no sample is of it.
    pub recall: Option<f64>,
    /// The harmonic mean of the two; 0 where neither is above 0, absent where neither is there.
    pub f1: Option<f64>,
}

impl MulticlassMetrics {
    /// Judges scores of `classes` classes, `[samples, classes]`, against the class of each sample.
    ///
    /// ```
    /// use recurrent_metrics::classification::MulticlassMetrics;
    ///
    /// let scores = [2.0, 0.0, 0.0, 0.0, 1.0, 3.0, 0.0, 1.0, 0.0];
    /// let metrics = MulticlassMetrics::of(&scores, &[0, 1, 1], 3);
    /// assert_eq!((metrics.accuracy, metrics.confusion.counts()[1][2]), (2.0 / 3.0, 1));
    /// ```
    ///
    /// # Panics
    /// There is no sample, there are not `classes` scores for each, or a label is no class.
    pub fn of(scores: &[f32], labels: &[usize], classes: usize) -> Self {
        let confusion = ConfusionMatrix::of(&likeliest(scores, classes), labels, classes);
        let (mut loss, mut sure) = (0.0, Vec::with_capacity(labels.len()));
        let mut right = Vec::with_capacity(labels.len());
        for (row, label) in scores.chunks(classes).zip(labels) {
            let probabilities = softmax(row);
            let said = largest(row);
            // The logarithm is taken of what it is a logarithm of, so that no probability of 0 makes it infinite.
            loss -= f64::from(row[*label]) - log_of_sum(row);
            sure.push(probabilities[said]);
            right.push(said == *label);
        }
        let accuracy = confusion.accuracy();
        Self {
            samples: labels.len(),
            accuracy,
            macro_f1: confusion.macro_f1(),
            micro_f1: accuracy,
            log_loss: loss / labels.len() as f64,
            classes: confusion.classes(),
            confusion,
            calibration: Calibration::of(sure, &right),
        }
    }
}

/// The probabilities of a row of logits.
pub fn softmax(row: &[f32]) -> Vec<f64> {
    let all = log_of_sum(row);
    row.iter().map(|logit| (f64::from(*logit) - all).exp()).collect()
}

/// The likeliest class of each row, `[samples, classes]`; of equally likely ones the first.
///
/// # Panics
/// The scores are no whole rows.
pub fn likeliest(scores: &[f32], classes: usize) -> Vec<usize> {
    assert!(classes > 1 && scores.len().is_multiple_of(classes), "rows of {classes} scores");
    scores.chunks(classes).map(largest).collect()
}

fn largest(row: &[f32]) -> usize {
    (1..row.len()).fold(0, |best, class| if row[class] > row[best] { class } else { best })
}

/// `log(sum(exp(row)))`, in which nothing overflows.
fn log_of_sum(row: &[f32]) -> f64 {
    let most = row.iter().fold(f32::NEG_INFINITY, |most, logit| most.max(*logit));
    f64::from(most) + row.iter().map(|logit| f64::from(logit - most).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores whose largest is at the given class.
    fn saying(said: &[usize]) -> Vec<f32> {
        said.iter().flat_map(|said| (0..3).map(move |class| if class == *said { 1.0 } else { 0.0 })).collect()
    }

    /// The example of `f1_score` in scikit-learn's manual: macro 0.266..., micro 0.333...
    #[test]
    fn figures_are_those_of_scikit_learn() {
        let metrics = MulticlassMetrics::of(&saying(&[0, 2, 1, 0, 0, 1]), &[0, 1, 2, 0, 1, 2], 3);
        assert_eq!(metrics.confusion.counts(), [vec![2, 0, 0], vec![1, 0, 1], vec![0, 2, 0]]);
        assert!((metrics.macro_f1 - 0.8 / 3.0).abs() < 1e-12, "{}", metrics.macro_f1);
        assert_eq!((metrics.accuracy, metrics.micro_f1), (1.0 / 3.0, 1.0 / 3.0));
        let first = metrics.classes[0];
        assert_eq!((first.samples, first.precision, first.recall), (2, Some(2.0 / 3.0), Some(1.0)));
        assert_eq!(metrics.classes[2].f1, Some(0.0));
        // One step off four times, two of six right; the numbers are 1, 3 and 10.
        assert!(
            (metrics.confusion.mean_absolute_error(&[1.0, 3.0, 10.0]) - (2.0 + 7.0 + 7.0 + 7.0) / 6.0).abs()
                < 1e-12
        );
        // Of e / (e + 2) each is as sure, and a third of them right.
        let sure = 1f64.exp() / (1f64.exp() + 2.0);
        assert!((metrics.calibration.expected_error - (sure - 1.0 / 3.0).abs()).abs() < 1e-7);
        let loss = (1f64.exp() + 2.0).ln() - 2.0 / 6.0;
        assert!((metrics.log_loss - loss).abs() < 1e-7, "{}", metrics.log_loss);
    }

    #[test]
    fn classes_that_are_nowhere_have_no_figures() {
        let metrics = MulticlassMetrics::of(&saying(&[0, 1]), &[0, 1], 3);
        assert_eq!((metrics.macro_f1, metrics.classes[2].f1), (1.0, None));
    }

    #[test]
    fn the_largest_logits_have_finite_losses() {
        let metrics = MulticlassMetrics::of(&[1e30, -1e30, 0.0, -1e4, 0.0, -1e4], &[0, 0], 3);
        assert_eq!(metrics.log_loss, 5e3);
        assert_eq!(softmax(&[1e30, -1e30]), [1.0, 0.0]);
    }
}
