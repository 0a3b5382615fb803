//! What the scores of a text mean: one logit for two classes, a logit a class for more, of which a softmax makes probabilities, or a
//! logit a label, each of which is there or not.

use recurrent_data::reviews::{ClassNames, Label};
use recurrent_metrics::classification::{
    self, Confusion, LabelAnswers, MulticlassMetrics, likeliest, logistic, median, softmax,
};

use crate::truth::Truth;

/// What the scores of a text are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outputs {
    /// One logit, whose sign tells two classes apart.
    Two,
    /// One a class, of more than two, of which a softmax makes probabilities.
    Classes(usize),
    /// A logit a label, of which a text may have any number.
    Labels(usize),
}

impl Outputs {
    /// The scores that tell some classes apart.
    pub fn of(classes: &ClassNames) -> Self {
        match classes.len() {
            labels if classes.are_labels() => Self::Labels(labels),
            2 => Self::Two,
            more => Self::Classes(more),
        }
    }

    /// How many scores a text has.
    pub fn width(self) -> usize {
        match self {
            Self::Two => 1,
            Self::Classes(scores) | Self::Labels(scores) => scores,
        }
    }

    /// Whether there are two classes.
    pub fn is_binary(self) -> bool {
        self == Self::Two
    }

    /// The likelier class of a text, or its likeliest label, from its scores.
    pub fn said(self, scores: &[f32]) -> Label {
        match self {
            Self::Two if scores[0] > 0.0 => Label::POSITIVE,
            Self::Two => Label::NEGATIVE,
            // Of one label there is no likelier one.
            Self::Labels(1) => Label::new(0),
            Self::Classes(scored) | Self::Labels(scored) => Label::new(likeliest(scores, scored)[0]),
        }
    }

    /// The probability of each class or label.
    pub fn probabilities(self, scores: &[f32]) -> Vec<f64> {
        match self {
            Self::Two => {
                let positive = logistic(scores[0]);
                vec![1.0 - positive, positive]
            }
            Self::Classes(_) => softmax(scores),
            Self::Labels(_) => scores.iter().map(|score| logistic(*score)).collect(),
        }
    }

    /// The class of each text of several where half of the probability lies.
    pub(crate) fn medians(self, scores: &[f32]) -> Vec<usize> {
        scores.chunks(self.width()).map(|scores| median(&softmax(scores))).collect()
    }

    /// The logit of the probability of a class; of two classes, whichever it is, of the second.
    pub(crate) fn logit(self, scores: &[f32], label: Label) -> f32 {
        match self {
            Self::Two => return scores[0],
            Self::Labels(_) => return scores[label.class()],
            Self::Classes(_) => {}
        }
        let of_class = f64::from(scores[label.class()]);
        let others = scores.iter().enumerate().filter(|(class, _)| *class != label.class());
        // The logarithm of the odds: the score, less the logarithm of the sum of the others' exponentials.
        let most = others.clone().fold(f32::NEG_INFINITY, |most, (_, score)| most.max(*score));
        let sum: f64 = others.map(|(_, score)| f64::from(score - most).exp()).sum();
        (of_class - f64::from(most) - sum.ln()) as f32
    }

    /// What the network is to say of texts: 1 for the class of each or for its labels, of two classes 1 for the second, else 0.
    pub(crate) fn targets(self, truth: &Truth) -> Vec<f32> {
        let number = |is: bool| if is { 1.0 } else { 0.0 };
        match truth {
            Truth::Class(labels) if self.is_binary() => labels.iter().map(|label| label.target()).collect(),
            Truth::Class(labels) => labels
                .iter()
                .flat_map(|label| (0..self.width()).map(move |class| number(class == label.class())))
                .collect(),
            Truth::Labels(table) => table.has.iter().map(|has| number(*has)).collect(),
        }
    }

    /// The probabilities that scores stand for, in the form of targets.
    pub(crate) fn as_targets(self, scores: &[f32]) -> Vec<f32> {
        match self {
            Self::Two | Self::Labels(_) => scores.iter().map(|score| logistic(*score) as f32).collect(),
            Self::Classes(classes) => {
                scores.chunks(classes).flat_map(softmax).map(|probability| probability as f32).collect()
            }
        }
    }

    /// Whether each text was taken for what it is: of labels, whether all that it has are likely and no other.
    pub(crate) fn right(self, scores: &[f32], truth: &Truth) -> Vec<bool> {
        match truth {
            Truth::Class(labels) => {
                let rows = scores.chunks(self.width()).zip(labels);
                rows.map(|(scores, label)| self.said(scores) == *label).collect()
            }
            Truth::Labels(table) => {
                let said: Vec<bool> = scores.iter().map(|score| *score > 0.0).collect();
                LabelAnswers::new(&said, &table.has, table.labels).exactly()
            }
        }
    }

    /// The share of texts that were taken for what they are.
    pub(crate) fn accuracy(self, scores: &[f32], truth: &Truth) -> f64 {
        if self.is_binary() {
            return Confusion::of(scores, &positive(truth.classes())).accuracy();
        }
        let right = self.right(scores, truth).into_iter().filter(|right| *right).count();
        right as f64 / truth.len() as f64
    }

    /// The mean cross-entropy of a text, in nats; of labels the sum over them.
    pub(crate) fn log_loss(self, scores: &[f32], truth: &Truth) -> f64 {
        match truth {
            Truth::Class(labels) if self.is_binary() => classification::log_loss(scores, &positive(labels)),
            Truth::Class(labels) => MulticlassMetrics::of(scores, &classes(labels), self.width()).log_loss,
            Truth::Labels(table) => classification::log_loss(scores, &table.has) * table.labels as f64,
        }
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
    use crate::truth::LabelTable;

    #[test]
    fn the_logit_of_a_class_is_that_of_its_probability() {
        let (scores, outputs) = ([0.5f32, -1.0, 2.0], Outputs::Classes(3));
        for (class, probability) in outputs.probabilities(&scores).into_iter().enumerate() {
            let logit = outputs.logit(&scores, Label::new(class));
            assert!((f64::from(logit) - (probability / (1.0 - probability)).ln()).abs() < 1e-6);
        }
        assert_eq!(outputs.said(&scores), Label::new(2));
        assert_eq!(outputs.targets(&Truth::Class(vec![Label::new(1)])), [0.0, 1.0, 0.0]);
        assert_eq!(Outputs::Two.targets(&Truth::Class(Label::BOTH.to_vec())), [0.0, 1.0]);
    }

    #[test]
    fn each_label_is_a_question_of_its_own() {
        let (scores, outputs) = ([0.5f32, -1.0, 2.0, -0.5], Outputs::of(&ClassNames::labels(["a", "b"])));
        assert_eq!((outputs, outputs.width()), (Outputs::Labels(2), 2));
        let probability = |logit: f64| 1.0 / (1.0 + (-logit).exp());
        assert_eq!(outputs.probabilities(&scores[..2]), [probability(0.5), probability(-1.0)]);
        assert_eq!(
            (outputs.said(&scores[..2]), outputs.logit(&scores, Label::new(1))),
            (Label::new(0), -1.0)
        );
        let truth = Truth::Labels(LabelTable { has: vec![true, false, true, true], labels: 2 });
        assert_eq!(outputs.targets(&truth), [1.0, 0.0, 1.0, 1.0]);
        assert_eq!(
            (outputs.right(&scores, &truth), outputs.accuracy(&scores, &truth)),
            (vec![true, false], 0.5)
        );
        let loss = [0.5, 1.0, 2.0, -0.5].map(|logit| -probability(logit).ln()).iter().sum::<f64>() / 2.0;
        assert!((outputs.log_loss(&scores, &truth) - loss).abs() < 1e-7);
    }
}
