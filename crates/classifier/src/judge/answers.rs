//! The figures of what was said of texts of several classes, whatever it rests on.

use recurrent_data::reviews::{ClassNames, Label};
use recurrent_metrics::classification::ConfusionMatrix;
use serde::{Deserialize, Serialize};

use crate::outputs::classes;

/// How good answers of several classes are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Answers {
    /// The share of reviews of which the right class was said.
    pub accuracy: f64,
    /// The mean F1 of the classes.
    pub macro_f1: f64,
    /// How far the class that was said is from the right one in the mean, where classes are steps of a scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_absolute_error: Option<f64>,
}

impl Answers {
    /// Judges answers.
    ///
    /// # Panics
    /// There are not as many labels as answers, or none.
    pub(crate) fn of(said: &[usize], labels: &[Label], names: &ClassNames) -> Self {
        let said = ConfusionMatrix::of(said, &classes(labels), names.len());
        Self {
            accuracy: said.accuracy(),
            macro_f1: said.macro_f1(),
            mean_absolute_error: names.numbers().map(|numbers| said.mean_absolute_error(&numbers)),
        }
    }
}
