//! Which class was taken for which, and the shares that are named after it.

use serde::{Deserialize, Serialize};

/// How many samples of each class were taken for which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// Negative samples taken for negative.
    pub true_negative: usize,
    /// Negative samples taken for positive.
    pub false_positive: usize,
    /// Positive samples taken for negative.
    pub false_negative: usize,
    /// Positive samples taken for positive.
    pub true_positive: usize,
}

impl Confusion {
    /// Counts; a score above 0 means positive.
    ///
    /// # Panics
    /// There are not as many labels as scores, or none.
    pub fn of(scores: &[f32], labels: &[bool]) -> Self {
        assert!(scores.len() == labels.len() && !scores.is_empty(), "one label a score, and at least one");
        let mut confusion = Self::default();
        for (score, label) in scores.iter().zip(labels) {
            confusion.add(*score > 0.0, *label);
        }
        confusion
    }

    /// Counts a sample that was taken for positive or not, and is it or not.
    pub(super) fn add(&mut self, said: bool, label: bool) {
        let count = match (label, said) {
            (false, false) => &mut self.true_negative,
            (false, true) => &mut self.false_positive,
            (true, false) => &mut self.false_negative,
            (true, true) => &mut self.true_positive,
        };
        *count += 1;
    }

    /// The share of samples that were taken for what they are.
    pub fn accuracy(&self) -> f64 {
        let right = self.true_negative + self.true_positive;
        right as f64 / (right + self.false_positive + self.false_negative) as f64
    }

    /// The share of what was taken for positive that is positive. Absent where nothing was.
    pub fn precision(&self) -> Option<f64> {
        share(self.true_positive, self.true_positive + self.false_positive)
    }

    /// The share of the positive samples that were taken for positive. Absent where there is none.
    pub fn recall(&self) -> Option<f64> {
        share(self.true_positive, self.true_positive + self.false_negative)
    }

    /// The harmonic mean of precision and recall (van Rijsbergen 1979), `2 TP / (2 TP + FP + FN)`. Absent where no sample is
    /// positive or was taken for it.
    pub fn f1(&self) -> Option<f64> {
        share(2 * self.true_positive, 2 * self.true_positive + self.false_positive + self.false_negative)
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_their_definitions() {
        let confusion =
            Confusion { true_negative: 50, false_positive: 10, false_negative: 20, true_positive: 40 };
        assert_eq!(confusion.accuracy(), 0.75);
        let (precision, recall) = (confusion.precision().unwrap(), confusion.recall().unwrap());
        assert_eq!((precision, recall), (0.8, 40.0 / 60.0));
        let harmonic = 2.0 / (1.0 / precision + 1.0 / recall);
        assert!((confusion.f1().unwrap() - harmonic).abs() < 1e-12);
    }

    #[test]
    fn shares_of_nothing_are_absent() {
        let never = Confusion { true_negative: 3, false_negative: 2, ..Confusion::default() };
        assert_eq!((never.precision(), never.recall(), never.f1()), (None, Some(0.0), Some(0.0)));
        let without = Confusion { true_negative: 3, false_positive: 2, ..Confusion::default() };
        assert_eq!((without.precision(), without.recall(), without.f1()), (Some(0.0), None, Some(0.0)));
        let neither = Confusion { true_negative: 3, ..Confusion::default() };
        assert_eq!((neither.precision(), neither.recall(), neither.f1()), (None, None, None));
    }

    #[test]
    fn a_score_of_0_is_not_taken_for_positive() {
        let expected = Confusion { true_negative: 1, false_negative: 1, ..Confusion::default() };
        assert_eq!(Confusion::of(&[0.0, 0.0], &[false, true]), expected);
    }

    #[test]
    #[should_panic(expected = "one label a score, and at least one")]
    fn no_scores_are_refused() {
        Confusion::of(&[], &[]);
    }
}
