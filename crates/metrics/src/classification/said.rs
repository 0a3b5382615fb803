//! Which of several classes were said of which, and the figures that follow from that alone, whatever the scores were.

use serde::{Deserialize, Serialize};

use super::several::ClassMetrics;

/// How many samples of each class, by row, were taken for which, by column.
///
/// ```
/// use recurrent_metrics::classification::ConfusionMatrix;
///
/// let said = ConfusionMatrix::of(&[0, 2, 1, 0], &[0, 1, 1, 0], 3);
/// assert_eq!((said.accuracy(), said.counts()[1][2]), (0.75, 1));
/// assert_eq!(said.mean_absolute_error(&[1.0, 2.0, 5.0]), 0.75);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConfusionMatrix {
    counts: Vec<Vec<usize>>,
}

impl ConfusionMatrix {
    /// Counts what was said of samples, of `classes` classes, against what they are.
    ///
    /// # Panics
    /// There is no sample, there are not as many labels as answers, or one is no class.
    pub fn of(said: &[usize], labels: &[usize], classes: usize) -> Self {
        assert!(said.len() == labels.len() && !said.is_empty(), "one label an answer, and at least one");
        let mut counts = vec![vec![0; classes]; classes];
        for (said, label) in said.iter().zip(labels) {
            counts[*label][*said] += 1;
        }
        Self { counts }
    }

    /// The counts, `[class, said]`.
    pub fn counts(&self) -> &[Vec<usize>] {
        &self.counts
    }

    /// The share of samples that were taken for what they are.
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.counts.len()).map(|class| self.counts[class][class]).sum();
        right as f64 / self.samples() as f64
    }

    /// The figures of each class.
    pub fn classes(&self) -> Vec<ClassMetrics> {
        (0..self.counts.len()).map(|class| self.of_class(class)).collect()
    }

    /// The mean F1 of the classes that a sample has or was taken for, whatever their sizes.
    pub fn macro_f1(&self) -> f64 {
        let f1: Vec<f64> = self.classes().iter().filter_map(|class| class.f1).collect();
        f1.iter().sum::<f64>() / f1.len() as f64
    }

    /// How far the class that was said is from the right one in the mean, where the classes are numbers.
    ///
    /// # Panics
    /// There are not as many numbers as classes.
    pub fn mean_absolute_error(&self, numbers: &[f64]) -> f64 {
        assert_eq!(numbers.len(), self.counts.len(), "one number a class");
        let error = |(is, row): (&f64, &Vec<usize>)| -> f64 {
            row.iter().zip(numbers).map(|(count, said)| *count as f64 * (is - said).abs()).sum()
        };
        numbers.iter().zip(&self.counts).map(error).sum::<f64>() / self.samples() as f64
    }

    fn samples(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    fn of_class(&self, class: usize) -> ClassMetrics {
        let right = self.counts[class][class];
        let samples: usize = self.counts[class].iter().sum();
        let said: usize = self.counts.iter().map(|row| row[class]).sum();
        let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
        ClassMetrics {
            samples,
            precision: share(right, said),
            recall: share(right, samples),
            f1: share(2 * right, said + samples),
        }
    }
}

/// Where half of the probability lies, of the probabilities of steps of a scale in their order: the step whose expected distance
/// from the right one is least.
///
/// ```
/// use recurrent_metrics::classification::median;
///
/// // The likeliest is the first, but six tenths lie beyond it.
/// assert_eq!(median(&[0.4, 0.25, 0.35]), 1);
/// ```
pub fn median(probabilities: &[f64]) -> usize {
    let mut sum = 0.0;
    let reached = probabilities.iter().position(|probability| {
        sum += probability;
        sum >= 0.5
    });
    reached.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_are_those_counted_by_hand() {
        // Of three first ones two are found; of two second ones one; the last was said once and is nowhere.
        let said = ConfusionMatrix::of(&[0, 0, 1, 1, 2], &[0, 0, 0, 1, 1], 3);
        assert_eq!(said.counts(), [vec![2, 1, 0], vec![0, 1, 1], vec![0, 0, 0]]);
        assert_eq!(said.accuracy(), 0.6);
        let f1: Vec<Option<f64>> = said.classes().iter().map(|class| class.f1).collect();
        assert_eq!(f1, [Some(0.8), Some(0.5), Some(0.0)]);
        assert!((said.macro_f1() - 1.3 / 3.0).abs() < 1e-12);
        assert_eq!(said.mean_absolute_error(&[1.0, 4.0, 10.0]), (3.0 + 6.0) / 5.0);
    }

    proptest! {
        /// No other step has a smaller expected distance.
        #[test]
        fn the_median_is_nearest(weights in proptest::collection::vec(0.0..1.0f64, 1..9), gaps in proptest::collection::vec(0.1..3.0f64, 9)) {
            let sum: f64 = weights.iter().sum();
            prop_assume!(sum > 1e-3);
            let probabilities: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();
            let numbers: Vec<f64> = gaps.iter().scan(0.0, |at, gap| { *at += gap; Some(*at) }).take(weights.len()).collect();
            let expected = |said: usize| -> f64 {
                probabilities.iter().zip(&numbers).map(|(p, is)| p * (is - numbers[said]).abs()).sum()
            };
            let found = expected(median(&probabilities));
            for other in 0..weights.len() {
                prop_assert!(found <= expected(other) + 1e-12, "{other} is nearer than {}", median(&probabilities));
            }
        }
    }
}
