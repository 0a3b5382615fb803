//! What the scores of a text mean: one logit for two classes, or a logit a class for more, of which a softmax makes
//! probabilities.

use recurrent_data::reviews::{ClassNames, Label};
use recurrent_metrics::classification::{
    self, Confusion, MulticlassMetrics, likeliest, logistic, median, softmax,
};

/// How many scores a text has: one, whose sign tells two classes apart, or one a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outputs(usize);

impl Outputs {
    /// The scores that tell some classes apart.
    pub fn of(classes: &ClassNames) -> Self {
        Self(if classes.len() == 2 { 1 } else { classes.len() })
    }

    /// That many scores a text.
    pub(crate) fn wide(width: usize) -> Self {
        Self(width)
    }

    /// How many scores a text has.
    pub fn width(self) -> usize {
        self.0
    }

    /// Whether there are two classes.
    pub fn is_binary(self) -> bool {
        self.0 == 1
    }

    /// The likelier class of a text, from its scores.
    pub fn said(self, scores: &[f32]) -> Label {
        match self.0 {
            1 if scores[0] > 0.0 => Label::POSITIVE,
            1 => Label::NEGATIVE,
            classes => Label::new(likeliest(scores, classes)[0]),
        }
    }

    /// The probability of each class.
    pub fn probabilities(self, scores: &[f32]) -> Vec<f64> {
        if self.is_binary() {
            let positive = logistic(scores[0]);
            return vec![1.0 - positive, positive];
        }
        softmax(scores)
    }

    /// The class of each text of several where half of the probability lies.
    pub(crate) fn medians(self, scores: &[f32]) -> Vec<usize> {
        scores.chunks(self.0).map(|scores| median(&softmax(scores))).collect()
    }

    /// The logit of the probability of a class; of two classes, whichever it is, of the second.
    pub(crate) fn logit(self, scores: &[f32], label: Label) -> f32 {
        if self.is_binary() {
            return scores[0];
        }
        let of_class = f64::from(scores[label.class()]);
        let others = scores.iter().enumerate().filter(|(class, _)| *class != label.class());
        // The logarithm of the odds: the score, less the logarithm of the sum of the others' exponentials.
        let most = others.clone().fold(f32::NEG_INFINITY, |most, (_, score)| most.max(*score));
        let sum: f64 = others.map(|(_, score)| f64::from(score - most).exp()).sum();
        (of_class - f64::from(most) - sum.ln()) as f32
    }

    /// What the network is to say of a text with a label: 1 for its class; of two classes 1 for the second.
    pub(crate) fn targets(self, label: Label) -> impl Iterator<Item = f32> {
        let first = if self.is_binary() { 1 } else { 0 };
        (first..first + self.0).map(move |class| if class == label.class() { 1.0 } else { 0.0 })
    }

    /// The probabilities that scores stand for, in the form of targets.
    pub(crate) fn as_targets(self, scores: &[f32]) -> Vec<f32> {
        if self.is_binary() {
            return scores.iter().map(|score| logistic(*score) as f32).collect();
        }
        scores.chunks(self.0).flat_map(softmax).map(|probability| probability as f32).collect()
    }

    /// Whether each text was taken for what it is.
    pub(crate) fn right(self, scores: &[f32], labels: &[Label]) -> Vec<bool> {
        scores.chunks(self.0).zip(labels).map(|(scores, label)| self.said(scores) == *label).collect()
    }

    /// The share of texts that were taken for what they are.
    pub(crate) fn accuracy(self, scores: &[f32], labels: &[Label]) -> f64 {
        if self.is_binary() {
            return Confusion::of(scores, &positive(labels)).accuracy();
        }
        let right = self.right(scores, labels).into_iter().filter(|right| *right).count();
        right as f64 / labels.len() as f64
    }

    /// The mean cross-entropy, in nats.
    pub(crate) fn log_loss(self, scores: &[f32], labels: &[Label]) -> f64 {
        if self.is_binary() {
            return classification::log_loss(scores, &positive(labels));
        }
        MulticlassMetrics::of(scores, &classes(labels), self.0).log_loss
    }
}

/// Whether each label is that of the second of two classes.
pub(crate) fn positive(labels: &[Label]) -> Vec<bool> {
    labels.iter().map(|label| *label == Label::POSITIVE).collect()
}

/// The class of each label.
pub(crate) fn classes(labels: &[Label]) -> Vec<usize> {
    labels.iter().map(|label| label.class()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logit_of_a_class_is_that_of_its_probability() {
        let (scores, outputs) = ([0.5f32, -1.0, 2.0], Outputs(3));
        for (class, probability) in outputs.probabilities(&scores).into_iter().enumerate() {
            let logit = outputs.logit(&scores, Label::new(class));
            assert!((f64::from(logit) - (probability / (1.0 - probability)).ln()).abs() < 1e-6);
        }
        assert_eq!(outputs.said(&scores), Label::new(2));
        assert_eq!(outputs.targets(Label::new(1)).collect::<Vec<_>>(), [0.0, 1.0, 0.0]);
        assert_eq!(Outputs(1).targets(Label::POSITIVE).collect::<Vec<_>>(), [1.0]);
        assert_eq!(Outputs(1).targets(Label::NEGATIVE).collect::<Vec<_>>(), [0.0]);
    }
}
