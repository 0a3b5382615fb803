//! The figures of a model's scores on labelled reviews, as a run's summary has them.

use recurrent_data::reviews::ClassNames;
use recurrent_metrics::classification::{
    self, BinaryMetrics, Confusion, LabelAnswers, MulticlassMetrics, logistic,
};
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use crate::outputs::{Outputs, classes, positive};
use crate::thresholds::said;
use crate::truth::{LabelTable, Truth};

/// How good scores are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Metrics {
    /// On how many reviews.
    pub reviews: usize,
    /// The share of reviews whose class is the likeliest one; of labels, of which all were said and no other.
    pub accuracy: f64,
    /// The probability that a positive review has a higher score than a negative one, both drawn at random. Absent where one
    /// class is, and of several classes.
    pub auc: Option<f64>,
    /// The mean cross-entropy of a review, in nats.
    pub log_loss: f64,
    /// The names of two classes, where they are not `negative` and `positive`; what is told of positive reviews is of the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<[String; 2]>,
    /// How many reviews of each of two classes were taken for which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confusion: Option<Confusion>,
    /// How often reviews of a given probability are positive; of several classes, are of the likeliest one; of labels, have the label.
    pub calibration: Calibration,
    /// What only several classes have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub several: Option<Several>,
    /// What only labels have of which a review may have any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<AnyLabels>,
}

/// The figures where a review may have any number of labels, as [`LabelAnswers`] defines them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AnyLabels {
    /// The mean F1 of the labels.
    pub macro_f1: f64,
    /// The F1 of all answers together.
    pub micro_f1: f64,
    /// Each label.
    pub labels: Vec<LabelFigures>,
}

/// The figures of a label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LabelFigures {
    /// Its name.
    pub label: String,
    /// The reviews that have it.
    pub reviews: usize,
    /// The share of the reviews that it was said of that have it.
    pub precision: Option<f64>,
    /// The share of those that have it that it was said of.
    pub recall: Option<f64>,
    /// The harmonic mean of both.
    pub f1: Option<f64>,
    /// The probability above which it is said.
    pub threshold: f64,
    /// The probability that a review that has it has a higher score than one that has not. Absent where there is but one kind.
    pub auc: Option<f64>,
    /// The expected calibration error of its probabilities.
    pub calibration_error: f64,
}

/// The figures of more than two classes, as [`MulticlassMetrics`] defines them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Several {
    /// The mean F1 of the classes.
    pub macro_f1: f64,
    /// The F1 of all decisions together.
    pub micro_f1: f64,
    /// How far the likeliest class is from the right one in the mean, where classes are steps of a scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_absolute_error: Option<f64>,
    /// The figures of the class where half of the probability lies, whose expected distance from the right one is least; where classes
    /// are steps of a scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<Answers>,
    /// Each class.
    pub classes: Vec<ClassFigures>,
    /// How many reviews of each class, by row, were taken for which, by column.
    pub confusion: Vec<Vec<usize>>,
}

/// The figures of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClassFigures {
    /// Its name.
    pub class: String,
    /// Its reviews.
    pub reviews: usize,
    /// The share of what was taken for it that is of it.
    pub precision: Option<f64>,
    /// The share of it that was taken for it.
    pub recall: Option<f64>,
    /// The harmonic mean of both.
    pub f1: Option<f64>,
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
    /// Judges scores, which are logits: one a review for two classes, where one above 0 means the second, one a class, or one a label,
    /// which is said where it is above the label's threshold.
    ///
    /// # Panics
    /// There are not as many labels as there are scores for, or none.
    pub fn of(scores: &[f32], truth: &Truth, names: &ClassNames, thresholds: &[f32]) -> Self {
        let labels = match truth {
            Truth::Class(labels) => labels,
            Truth::Labels(table) => return Self::of_labels(scores, table, names, thresholds),
        };
        if names.len() > 2 {
            let medians = Outputs::of(names).medians(scores);
            let median = names.numbers().map(|_| Answers::of(&medians, labels, names));
            let found = MulticlassMetrics::of(scores, &classes(labels), names.len());
            return Self::of_several(found, median, names);
        }
        let BinaryMetrics { samples, accuracy, auc, log_loss, confusion, calibration, .. } =
            BinaryMetrics::of(scores, &positive(labels));
        let (confusion, calibration) = (Some(confusion), calibration.into());
        Self {
            reviews: samples,
            accuracy,
            auc,
            log_loss,
            classes: (*names != ClassNames::binary())
                .then(|| [0, 1].map(|class| names.names()[class].clone())),
            confusion,
            calibration,
            several: None,
            labels: None,
        }
    }

    /// What two classes are called.
    pub fn pair(&self) -> [&str; 2] {
        self.classes.as_ref().map_or(["negative", "positive"], |names| names.each_ref().map(String::as_str))
    }

    fn of_labels(scores: &[f32], table: &LabelTable, names: &ClassNames, thresholds: &[f32]) -> Self {
        let said = said(scores, thresholds);
        let answers = LabelAnswers::new(&said, &table.has, table.labels);
        let label = |(place, confusion): (usize, &Confusion)| {
            let own: Vec<f32> = scores.iter().skip(place).step_by(table.labels).copied().collect();
            let found = BinaryMetrics::of(&own, &table.column(place));
            LabelFigures {
                label: names.names()[place].clone(),
                reviews: confusion.true_positive + confusion.false_negative,
                precision: confusion.precision(),
                recall: confusion.recall(),
                f1: confusion.f1(),
                threshold: logistic(thresholds[place]),
                auc: found.auc,
                calibration_error: found.calibration.expected_error,
            }
        };
        let labels = AnyLabels {
            macro_f1: answers.macro_f1(),
            micro_f1: answers.micro_f1(),
            labels: answers.confusions().iter().enumerate().map(label).collect(),
        };
        let probabilities = scores.iter().map(|score| logistic(*score));
        Self {
            reviews: table.has.len() / table.labels,
            accuracy: answers.exact(),
            auc: None,
            log_loss: Outputs::of(names).log_loss(scores, &Truth::Labels(table.clone())),
            classes: None,
            confusion: None,
            calibration: classification::Calibration::of(probabilities, &table.has).into(),
            several: None,
            labels: Some(labels),
        }
    }

    fn of_several(found: MulticlassMetrics, median: Option<Answers>, names: &ClassNames) -> Self {
        let error = names.numbers().map(|numbers| found.confusion.mean_absolute_error(&numbers));
        let class = |(class, name): (&classification::ClassMetrics, &String)| ClassFigures {
            class: name.clone(),
            reviews: class.samples,
            precision: class.precision,
            recall: class.recall,
            f1: class.f1,
        };
        let several = Several {
            macro_f1: found.macro_f1,
            micro_f1: found.micro_f1,
            mean_absolute_error: error,
            classes: found.classes.iter().zip(names.names()).map(class).collect(),
            confusion: found.confusion.counts().to_vec(),
            median,
        };
        Self {
            reviews: found.samples,
            accuracy: found.accuracy,
            auc: None,
            log_loss: found.log_loss,
            classes: None,
            confusion: None,
            calibration: found.calibration.into(),
            several: Some(several),
            labels: None,
        }
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
    use recurrent_data::reviews::Label;

    #[test]
    fn a_summary_speaks_of_reviews() {
        let labels = [Label::NEGATIVE, Label::NEGATIVE, Label::POSITIVE];
        let truth = Truth::Class(labels.to_vec());
        let metrics = Metrics::of(&[-1.0, 2.0, 1.0], &truth, &ClassNames::binary(), &[]);
        let json = serde_json::to_value(&metrics).unwrap();
        assert_eq!((&json["reviews"], &json["calibration"]["bins"][0]["reviews"]), (&3.into(), &1.into()));
        assert_eq!(json["confusion"]["false_positive"], 1);
        assert!(json.get("several").is_none(), "two classes have the names that they had");
        assert_eq!(serde_json::from_value::<Metrics>(json).unwrap(), metrics);
    }

    #[test]
    fn two_classes_of_other_names_have_these() {
        let truth = Truth::Class(Label::BOTH.to_vec());
        let metrics = Metrics::of(&[-1.0, 2.0], &truth, &ClassNames::new(["ham", "spam"]), &[]);
        assert_eq!(metrics.pair(), ["ham", "spam"]);
        let json = serde_json::to_value(&metrics).unwrap();
        assert_eq!(json["classes"], serde_json::json!(["ham", "spam"]));
        assert_eq!(serde_json::from_value::<Metrics>(json).unwrap(), metrics);
        let usual = Metrics::of(&[-1.0, 2.0], &truth, &ClassNames::binary(), &[]);
        assert_eq!((usual.pair(), &usual.classes), (["negative", "positive"], &None));
    }

    #[test]
    fn stars_have_an_error_and_words_have_none() {
        let (scores, truth) = ([1.0, 0.0, 0.0, 0.0, 0.0, 1.0], Truth::Class(vec![Label::new(0); 2]));
        let error = |names: &ClassNames| {
            Metrics::of(&scores, &truth, names, &[]).several.unwrap().mean_absolute_error
        };
        assert_eq!(error(&ClassNames::steps(["1", "2", "4"])), Some(1.5));
        assert_eq!(error(&ClassNames::new(["1", "2", "4"])), None);
    }

    #[test]
    fn each_label_is_judged_by_its_own_threshold() {
        let truth = Truth::Labels(LabelTable { has: vec![true, false, false, true, true, true], labels: 2 });
        let names = ClassNames::labels(["a", "b"]);
        let metrics = Metrics::of(&[1.0, 0.5, -2.0, 1.5, -1.0, 2.0], &truth, &names, &[-1.5, 1.0]);
        assert_eq!((metrics.reviews, metrics.accuracy), (3, 1.0));
        let labels = metrics.labels.as_ref().unwrap();
        assert_eq!((labels.micro_f1, labels.macro_f1), (1.0, 1.0));
        let first = &labels.labels[0];
        assert_eq!((first.label.as_str(), first.reviews, first.auc), ("a", 2, Some(1.0)));
        assert!((first.threshold - 1.0 / (1.0 + 1.5f64.exp())).abs() < 1e-12);
        // By one half, each label is wrong once.
        let halves = Metrics::of(&[1.0, 0.5, -2.0, 1.5, -1.0, 2.0], &truth, &names, &[0.0, 0.0]);
        assert!((halves.accuracy - 1.0 / 3.0).abs() < 1e-12);
        let json = serde_json::to_value(&metrics).unwrap();
        assert_eq!(serde_json::from_value::<Metrics>(json).unwrap(), metrics);
    }
}
