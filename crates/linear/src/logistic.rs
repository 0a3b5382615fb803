//! Logistic regression, by Newton's method.

use serde::{Deserialize, Serialize};

use crate::error::{FitError, check};
use crate::newton::{Convex, minimise};

/// A fitted logistic regression: the logit of the probability that a label is true is `w x + b`.
///
/// ```
/// use recurrent_linear::LogisticRegression;
///
/// let rows = [[-2.0], [-1.0], [0.5], [-0.5], [1.0], [2.0]];
/// let fitted = LogisticRegression::fit(rows, &[false, false, false, true, true, true], 0.1)?;
/// assert!(fitted.probability(&[3.0]) > 0.9 && fitted.probability(&[-3.0]) < 0.1);
/// # Ok::<(), recurrent_linear::FitError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogisticRegression {
    weights: Vec<f64>,
    intercept: f64,
}

impl LogisticRegression {
    /// Finds the weights and the intercept with the least sum of losses, `log(1 + exp(-y (w x + b)))`, and half the `penalty`
    /// times the weights' squares, in units of the features' standard deviations; the intercept costs nothing. `y` is 1 for a
    /// label that is true and -1 for one that is not. Without a penalty the weights of classes that can be told apart would grow
    /// without end; so does the intercept where all labels are the same, until the steps end.
    ///
    /// Memory, and time for each row, grow with the square of the number of features.
    ///
    /// # Errors
    /// There is no row, rows and labels do not fit together, or there is no finite solution.
    pub fn fit<R: AsRef<[f64]>>(
        rows: impl IntoIterator<Item = R>,
        labels: &[bool],
        penalty: f64,
    ) -> Result<Self, FitError> {
        let rows: Vec<R> = rows.into_iter().collect();
        let features = check(&rows, labels.len(), penalty)?;
        let scales: Vec<f64> = (0..features).map(|feature| scale(&rows, feature)).collect();
        // The last feature is the constant.
        let scaled: Vec<Vec<f64>> = rows
            .iter()
            .map(|row| row.as_ref().iter().zip(&scales).map(|(x, scale)| x / scale).chain([1.0]).collect())
            .collect();
        let problem = Problem { rows: &scaled, labels, penalty };
        let coefficients = minimise(&problem, vec![0.0; features + 1]);
        if coefficients.iter().any(|coefficient| !coefficient.is_finite()) {
            return Err(FitError::NoSolution { penalty });
        }
        let weights =
            coefficients.iter().zip(&scales).map(|(coefficient, scale)| coefficient / scale).collect();
        Ok(Self { weights, intercept: coefficients[features] })
    }

    /// The logit of the probability that a label is true.
    ///
    /// # Panics
    /// There are not as many features as weights.
    pub fn logit(&self, features: &[f64]) -> f64 {
        assert_eq!(features.len(), self.weights.len(), "as many features as the rows had");
        dot(features, &self.weights) + self.intercept
    }

    /// The probability that a label is true.
    ///
    /// # Panics
    /// As [`logit`](Self::logit).
    pub fn probability(&self, features: &[f64]) -> f64 {
        logistic(self.logit(features))
    }

    /// The weight of each feature.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// What is added to every logit.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }
}

fn logistic(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

/// The standard deviation of a feature; 1 where it does not vary.
fn scale(rows: &[impl AsRef<[f64]>], feature: usize) -> f64 {
    let values = || rows.iter().map(|row| row.as_ref()[feature]);
    let count = rows.len() as f64;
    let mean = values().sum::<f64>() / count;
    let variance = values().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    if variance > 0.0 { variance.sqrt() } else { 1.0 }
}

/// Rows whose last feature is the constant, the labels, and what squares cost.
struct Problem<'a> {
    rows: &'a [Vec<f64>],
    labels: &'a [bool],
    penalty: f64,
}

impl Convex for Problem<'_> {
    /// The sum of the losses of the rows, and the penalty.
    fn loss(&self, coefficients: &[f64]) -> f64 {
        let of_row = |(row, label): (&Vec<f64>, &bool)| {
            let logit = dot(row, coefficients);
            // The logistic loss, written so that none overflows.
            logit.max(0.0) - logit * f64::from(*label) + (-logit.abs()).exp().ln_1p()
        };
        let weights = &coefficients[..coefficients.len() - 1];
        self.rows.iter().zip(self.labels).map(of_row).sum::<f64>()
            + self.penalty / 2.0 * dot(weights, weights)
    }

    fn slope(&self, coefficients: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let size = coefficients.len();
        let mut gradient: Vec<f64> =
            coefficients.iter().map(|coefficient| self.penalty * coefficient).collect();
        gradient[size - 1] = 0.0;
        let mut hessian = vec![vec![0.0; size]; size];
        (0..size).for_each(|i| hessian[i][i] = self.penalty);
        // The constant's curvature is never quite 0, so that there is an inverse.
        hessian[size - 1][size - 1] = 1e-9;
        for (row, label) in self.rows.iter().zip(self.labels) {
            let probability = logistic(dot(row, coefficients));
            let curvature = probability * (1.0 - probability);
            let error = probability - f64::from(*label);
            for i in 0..size {
                gradient[i] += error * row[i];
                (0..size).for_each(|j| hessian[i][j] += curvature * row[i] * row[j]);
            }
        }
        (gradient, hessian)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::RngExt;
    use recurrent_seed::Seed;

    proptest! {
        #[test]
        fn the_coefficients_that_made_the_labels_are_found(seed in any::<u64>()) {
            let mut random = Seed(seed).stream(&[]);
            let rows: Vec<[f64; 2]> = (0..20_000).map(|_| [0; 2].map(|_| random.random_range(-3.0..3.0f64))).collect();
            let expected = [0.8, -1.5, 0.3];
            let labels: Vec<bool> = rows
                .iter()
                .map(|[one, two]| random.random_bool(logistic(expected[0] * one + expected[1] * two + expected[2])))
                .collect();
            let fitted = LogisticRegression::fit(&rows, &labels, 1.0).unwrap();
            for (found, expected) in fitted.weights().iter().chain([&fitted.intercept()]).zip(expected) {
                prop_assert!((found - expected).abs() < 0.12, "{found}, not {expected}; seed {seed}");
            }
        }

        #[test]
        fn classes_that_can_be_told_apart_have_finite_coefficients(count in 1usize..40) {
            let rows: Vec<[f64; 2]> = (0..count).map(|i| [if i % 2 == 0 { -1.0 } else { 1.0 }, 3.0]).collect();
            let labels: Vec<bool> = (0..count).map(|i| i % 2 == 1).collect();
            let fitted = LogisticRegression::fit(&rows, &labels, 1.0).unwrap();
            prop_assert!(fitted.intercept().is_finite() && fitted.weights()[0] >= 0.0, "{:?}", fitted);
        }
    }

    /// At the least, the gradient is zero: `penalty w s^2 + sum e x` of a feature with standard deviation `s`, and `sum e` of the
    /// intercept, where `e` is the probability less the label.
    #[test]
    fn the_gradient_is_zero_where_whole_steps_lead_away() {
        let rows = [[-2.0, -2.0], [-2.0, -1.0], [2.0, 10.0], [1.0, 1.0]];
        let (labels, penalty) = ([true, false, false, true], 1e-3);
        let fitted = LogisticRegression::fit(rows, &labels, penalty).unwrap();
        let errors: Vec<f64> =
            rows.iter().zip(labels).map(|(row, label)| fitted.probability(row) - f64::from(label)).collect();
        for (feature, weight) in fitted.weights().iter().enumerate() {
            let values: Vec<f64> = rows.iter().map(|row| row[feature]).collect();
            let gradient = penalty * weight * scale(&rows, feature).powi(2) + dot(&errors, &values);
            assert!(gradient.abs() < 1e-6, "feature {feature}: {gradient}");
        }
        assert!(errors.iter().sum::<f64>().abs() < 1e-6, "{errors:?}");
    }

    #[test]
    fn features_that_are_no_numbers_are_refused() {
        let fitted = LogisticRegression::fit([[1.0], [f64::NAN]], &[true, false], 1.0);
        assert_eq!(fitted, Err(FitError::NoSolution { penalty: 1.0 }));
    }
}
