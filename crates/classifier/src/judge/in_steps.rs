//! How near a model comes to the right step of a scale, beside the baseline that comes nearest.

use recurrent_data::reviews::Label;
use recurrent_metrics::classification::{McNemar, mcnemar_of};
use serde::{Deserialize, Serialize};

use super::baselines::Steps;
use super::standing::{Standing, p_value};

/// A model and the nearest baseline, counted in steps of the scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InSteps {
    /// How far the step where half of the model's probability lies is from the right one in the mean.
    pub mean_absolute_error: f64,
    /// The baseline that comes nearest in the mean.
    pub nearest: StepBaseline,
    /// Its mean absolute error.
    pub of_nearest: f64,
    /// The sign test (Dixon and Mood 1946): of how many reviews the model alone is nearer, of how many the baseline, and how likely
    /// such a difference is between two that are equally near.
    pub sign_test: McNemar,
    /// Where the model stands.
    pub standing: Standing,
}

/// A baseline that says a step of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepBaseline {
    /// An NB-SVM for each class against the rest.
    NbSvm,
    /// An NB-SVM for each threshold.
    Thresholds,
    /// A ridge regression on n-grams.
    Ridge,
    /// Always the step in the middle of the training reviews.
    Median,
}

impl InSteps {
    /// Sets the model's steps beside those of the baselines, of which NB-SVM's are given apart.
    pub(super) fn of(
        model: &[usize],
        steps: &Steps,
        nb_svm: &[usize],
        labels: &[Label],
        numbers: &[f64],
    ) -> Self {
        let distances = |said: &[usize]| -> Vec<f64> {
            let distance = |(said, label): (&usize, &Label)| (numbers[*said] - numbers[label.class()]).abs();
            said.iter().zip(labels).map(distance).collect()
        };
        let mean = |distances: &[f64]| distances.iter().sum::<f64>() / distances.len() as f64;
        let baselines = [
            (StepBaseline::Thresholds, distances(&steps.thresholds)),
            (StepBaseline::Ridge, distances(&steps.ridge)),
            (StepBaseline::Median, distances(&steps.median)),
            (StepBaseline::NbSvm, distances(nb_svm)),
        ];
        let [mut least, rest @ ..] = baselines;
        for other in rest {
            if mean(&other.1) < mean(&least.1) {
                least = other;
            }
        }
        let ((nearest, of_nearest), of_model) = (least, distances(model));
        let nearer = |one: &[f64], other: &[f64]| -> Vec<bool> {
            one.iter().zip(other).map(|(one, other)| one < other).collect()
        };
        let sign_test = mcnemar_of(&nearer(&of_model, &of_nearest), &nearer(&of_nearest, &of_model));
        let (mean_absolute_error, of_nearest) = (mean(&of_model), mean(&of_nearest));
        // The larger number is the better one.
        let standing = match Standing::of(-mean_absolute_error, -of_nearest, &sign_test) {
            // Nearer in the mean by a few that are much nearer, and further more often.
            Standing::Ahead if sign_test.first_alone < sign_test.second_alone => Standing::Chance,
            standing => standing,
        };
        Self { mean_absolute_error, nearest, of_nearest, sign_test, standing }
    }

    /// The standing in a sentence, with the figures that it rests on.
    pub(super) fn sentence(&self, stacked: bool) -> String {
        let Self { mean_absolute_error, nearest, of_nearest, sign_test, standing } = self;
        let model = if stacked { "the network and NB-SVM together come" } else { "the network comes" };
        let p = p_value(sign_test.p_value);
        let figures =
            format!("mean absolute error {mean_absolute_error:.4} against {of_nearest:.4}, sign test {p}");
        let nearest = nearest.name();
        let rest = match standing {
            Standing::Behind => format!("no nearer than {nearest} ({figures})"),
            Standing::Chance if sign_test.first_alone < sign_test.second_alone => {
                format!("nearer than {nearest} in the mean, but further on more reviews ({figures})")
            }
            Standing::Chance => {
                format!("nearer than {nearest} by what cannot be told from chance ({figures})")
            }
            Standing::Ahead => format!("nearer than {nearest} by more than chance explains ({figures})"),
        };
        format!("in steps of the scale, {model} {rest}")
    }
}

impl StepBaseline {
    /// What it is called in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Self::NbSvm => "NB-SVM",
            Self::Thresholds => "an NB-SVM for each threshold",
            Self::Ridge => "ridge regression",
            Self::Median => "the median step for every text",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(model: [usize; 8], thresholds: [usize; 8], ridge: [usize; 8]) -> InSteps {
        let labels = [0, 0, 1, 1, 2, 2, 2, 2].map(Label::new);
        let steps = Steps::said(thresholds.to_vec(), ridge.to_vec());
        InSteps::of(&model, &steps, &[2, 2, 2, 2, 0, 0, 0, 0], &labels, &[1.0, 2.0, 5.0])
    }

    #[test]
    fn the_nearest_baseline_is_the_one_to_beat() {
        let right = [0, 0, 1, 1, 2, 2, 2, 2];
        let found = judged(right, [0, 0, 0, 0, 2, 2, 2, 2], [1; 8]);
        assert_eq!((found.nearest, found.of_nearest), (StepBaseline::Thresholds, 0.25));
        // Two alone are nearer of two: 2 / 2^2.
        assert!(found.sign_test.first_alone == 2 && (found.sign_test.p_value - 0.5).abs() < 1e-12);
        assert_eq!((found.mean_absolute_error, found.standing), (0.0, Standing::Chance));
        let found = judged(right, [1, 1, 0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 2]);
        assert_eq!((found.nearest, found.of_nearest), (StepBaseline::Ridge, (2.0 + 9.0) / 8.0));
        assert_eq!((found.sign_test.first_alone, found.standing), (5, Standing::Chance));
        assert_eq!(judged([1; 8], right, [1; 8]).standing, Standing::Behind);
    }

    #[test]
    fn nothing_that_is_not_nearer_is_praised() {
        let right = [0, 0, 1, 1, 2, 2, 2, 2];
        let far = [1, 1, 0, 0, 1, 1, 1, 1];
        let words = [
            judged([1; 8], right, right).sentence(true),
            judged(right, [0, 0, 0, 0, 2, 2, 2, 2], far).sentence(false),
            judged(right, far, [1; 8]).sentence(true),
        ];
        insta::assert_snapshot!(words.join("\n"), @r"
        in steps of the scale, the network and NB-SVM together come no nearer than an NB-SVM for each threshold (mean absolute error 1.7500 against 0.0000, sign test p = 0.031)
        in steps of the scale, the network comes nearer than an NB-SVM for each threshold by what cannot be told from chance (mean absolute error 0.0000 against 0.2500, sign test p = 0.500)
        in steps of the scale, the network and NB-SVM together come nearer than ridge regression by more than chance explains (mean absolute error 0.0000 against 1.7500, sign test p = 0.031)
        ");
    }
}
