//! The conditional logit (McFadden 1974): how much each of a few scores of a class counts in the probability that a row is of it.

use crate::error::{FitError, check};
use crate::newton::{Convex, minimise};

/// A fitted conditional logit: the probability that a row is of class `c` is proportional to `exp(w x_c + b_c)`, where `x_c` are the
/// features that the row has for that class. The weights are the same for all classes, so that there are few of them.
///
/// ```
/// use recurrent_linear::ConditionalLogit;
///
/// // Three classes, of which each row has one feature: that of its own class is the largest.
/// let rows = [[2.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.5, 0.0, 1.5]];
/// let fitted = ConditionalLogit::fit(rows, &[0, 1, 2], 3, 0.1)?;
/// let scores = fitted.scores(&[0.1, 0.2, 1.0]);
/// assert!(scores[2] > scores[1] && scores[1] > scores[0]);
/// # Ok::<(), recurrent_linear::FitError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionalLogit {
    weights: Vec<f64>,
    constants: Vec<f64>,
}

impl ConditionalLogit {
    /// Finds the weights and constants with the least sum of losses, `-log p_c` of the class `c` of each row, and half the `penalty`
    /// times their squares, the weights' in units of the standard deviations of the features within a row. A row has the features of
    /// its first class, then those of its second, and so on. The penalty must be above 0: the same constant more for every class
    /// changes no probability.
    ///
    /// Memory, and time for each row, grow with the square of the number of features and classes.
    ///
    /// # Errors
    /// There is no row, rows and labels do not fit together, or there is no finite solution.
    ///
    /// # Panics
    /// A row is not cut into `classes` equal parts of a feature or more, a label is no class, or the penalty is 0.
    pub fn fit<R: AsRef<[f64]>>(
        rows: impl IntoIterator<Item = R>,
        labels: &[usize],
        classes: usize,
        penalty: f64,
    ) -> Result<Self, FitError> {
        let rows: Vec<R> = rows.into_iter().collect();
        let width = check(&rows, labels.len(), penalty)?;
        assert!(classes > 0 && width > 0 && width.is_multiple_of(classes), "rows of {classes} equal parts");
        assert!(penalty > 0.0, "a penalty above 0");
        assert!(labels.iter().all(|label| *label < classes), "labels below {classes}");
        let scales: Vec<f64> =
            (0..width / classes).map(|feature| scale(&rows, width / classes, feature)).collect();
        let scaled: Vec<Vec<f64>> = rows
            .iter()
            .map(|row| row.as_ref().iter().zip(scales.iter().cycle()).map(|(x, scale)| x / scale).collect())
            .collect();
        let problem = Problem { rows: &scaled, labels, features: scales.len(), penalty };
        let mut weights = minimise(&problem, vec![0.0; scales.len() + classes]);
        if weights.iter().any(|coefficient| !coefficient.is_finite()) {
            return Err(FitError::NoSolution { penalty });
        }
        let constants = weights.split_off(scales.len());
        weights.iter_mut().zip(&scales).for_each(|(weight, scale)| *weight /= scale);
        Ok(Self { weights, constants })
    }

    /// The score of each class, `w x_c + b_c`: probabilities are their softmax.
    ///
    /// # Panics
    /// The row has other features than the weights are of.
    pub fn scores(&self, row: &[f64]) -> Vec<f64> {
        assert_eq!(row.len(), self.weights.len() * self.constants.len(), "as many features as the rows had");
        scores(row, &self.weights, &self.constants)
    }

    /// The weight of each feature, the same for all classes.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// What is added to the score of each class.
    pub fn constants(&self) -> &[f64] {
        &self.constants
    }
}

fn scores(row: &[f64], weights: &[f64], constants: &[f64]) -> Vec<f64> {
    let of_class = |(features, constant): (&[f64], &f64)| dot(features, weights) + constant;
    row.chunks(weights.len()).zip(constants).map(of_class).collect()
}

/// The standard deviation of a feature over the classes of a row, over all rows; 1 where it does not vary. What is the same for all
/// classes of a row changes nothing.
fn scale(rows: &[impl AsRef<[f64]>], features: usize, feature: usize) -> f64 {
    let variance = |row: &[f64]| {
        let values = || row.iter().skip(feature).step_by(features);
        let mean = values().sum::<f64>() / values().len() as f64;
        values().map(|x| (x - mean).powi(2)).sum::<f64>() / values().len() as f64
    };
    let variance = rows.iter().map(|row| variance(row.as_ref())).sum::<f64>() / rows.len() as f64;
    if variance > 0.0 { variance.sqrt() } else { 1.0 }
}

/// Rows of `classes` times `features` numbers, the class of each, and what squares cost.
struct Problem<'a> {
    rows: &'a [Vec<f64>],
    labels: &'a [usize],
    features: usize,
    penalty: f64,
}

impl Problem<'_> {
    /// The scores of the classes of a row, and the logarithm of the sum of their exponentials.
    fn scores(&self, row: &[f64], coefficients: &[f64]) -> (Vec<f64>, f64) {
        let (weights, constants) = coefficients.split_at(self.features);
        let scores = scores(row, weights, constants);
        let most = scores.iter().fold(f64::NEG_INFINITY, |most, score| most.max(*score));
        let sum: f64 = scores.iter().map(|score| (score - most).exp()).sum();
        (scores, most + sum.ln())
    }
}

impl Convex for Problem<'_> {
    fn loss(&self, coefficients: &[f64]) -> f64 {
        let of_row = |(row, label): (&Vec<f64>, &usize)| {
            let (scores, all) = self.scores(row, coefficients);
            all - scores[*label]
        };
        let losses: f64 = self.rows.iter().zip(self.labels).map(of_row).sum();
        losses + self.penalty / 2.0 * dot(coefficients, coefficients)
    }

    /// With `d_c` for the features of a class and a one at its constant: `sum (m - d_label)` and `sum (sum_c p_c d_c d_c' - m m')`,
    /// where `m = sum_c p_c d_c`.
    fn slope(&self, coefficients: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let (features, size) = (self.features, coefficients.len());
        let mut gradient: Vec<f64> = coefficients.iter().map(|it| self.penalty * it).collect();
        let mut hessian = vec![vec![0.0; size]; size];
        (0..size).for_each(|i| hessian[i][i] = self.penalty);
        for (row, label) in self.rows.iter().zip(self.labels) {
            let (scores, all) = self.scores(row, coefficients);
            let mut mean = vec![0.0; size];
            for (class, (score, of_class)) in scores.iter().zip(row.chunks(features)).enumerate() {
                let (probability, place) = ((score - all).exp(), features + class);
                mean[place] = probability;
                hessian[place][place] += probability;
                let error = probability - f64::from(u8::from(class == *label));
                gradient[place] += error;
                for (i, x) in of_class.iter().enumerate() {
                    mean[i] += probability * x;
                    gradient[i] += error * x;
                    hessian[i][place] += probability * x;
                    hessian[place][i] += probability * x;
                    (0..features).for_each(|j| hessian[i][j] += probability * x * of_class[j]);
                }
            }
            for (row, of_row) in hessian.iter_mut().zip(&mean) {
                row.iter_mut().zip(&mean).for_each(|(entry, other)| *entry -= of_row * other);
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
    use crate::LogisticRegression;
    use proptest::prelude::*;
    use rand::RngExt;
    use recurrent_seed::Seed;

    const CLASSES: usize = 4;

    /// Rows whose classes were drawn from the probabilities that some weights and constants give.
    fn drawn(
        seed: u64,
        count: usize,
        weights: [f64; 2],
        constants: [f64; CLASSES],
    ) -> (Vec<Vec<f64>>, Vec<usize>) {
        let mut random = Seed(seed).stream(&[]);
        let row = |_| {
            let row: Vec<f64> = (0..2 * CLASSES).map(|_| random.random_range(-2.0..2.0f64)).collect();
            let scores = scores(&row, &weights, &constants).into_iter().map(f64::exp).collect::<Vec<_>>();
            let mut left = random.random_range(0.0..scores.iter().sum::<f64>());
            let class = scores.iter().position(|score| {
                left -= score;
                left < 0.0
            });
            (row, class.unwrap_or(CLASSES - 1))
        };
        (0..count).map(row).unzip()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]
        #[test]
        fn the_weights_that_made_the_classes_are_found(seed in any::<u64>()) {
            let (weights, constants) = ([1.2, -0.7], [0.5, -0.5, 0.25, -0.25]);
            let (rows, labels) = drawn(seed, 8000, weights, constants);
            let fitted = ConditionalLogit::fit(&rows, &labels, CLASSES, 1.0).unwrap();
            let found = fitted.weights().iter().chain(fitted.constants());
            for (found, expected) in found.zip(weights.iter().chain(&constants)) {
                prop_assert!((found - expected).abs() < 0.15, "{found}, not {expected}; seed {seed}");
            }
        }

        /// A step in any direction costs more, by a loss that is written out here.
        #[test]
        fn no_other_weights_cost_less(seed in any::<u64>()) {
            let (rows, labels) = drawn(seed, 40, [0.8, 0.3], [0.0, 1.0, -1.0, 0.0]);
            let fitted = ConditionalLogit::fit(&rows, &labels, CLASSES, 0.5).unwrap();
            let scales = [scale(&rows, 2, 0), scale(&rows, 2, 1)];
            let cost = |fitted: &ConditionalLogit| {
                let losses = rows.iter().zip(&labels).map(|(row, label)| {
                    let powers: Vec<f64> = fitted.scores(row).into_iter().map(f64::exp).collect();
                    -(powers[*label] / powers.iter().sum::<f64>()).ln()
                });
                let weights = fitted.weights().iter().zip(scales).map(|(weight, scale)| (weight * scale).powi(2));
                let constants = fitted.constants().iter().map(|it| it * it);
                losses.sum::<f64>() + 0.25 * (weights.sum::<f64>() + constants.sum::<f64>())
            };
            for step in [-1e-3, 1e-3] {
                for place in 0..2 + CLASSES {
                    let mut other = fitted.clone();
                    let moved = if place < 2 { &mut other.weights[place] } else { &mut other.constants[place - 2] };
                    *moved += step;
                    prop_assert!(cost(&other) > cost(&fitted), "place {place} is better moved by {step}; seed {seed}");
                }
            }
        }
    }

    /// Of two classes, the difference of the features decides, as in a logistic regression.
    #[test]
    fn two_classes_are_a_logistic_regression() {
        let (rows, labels) = drawn(7, 300, [1.0, 0.5], [0.0; CLASSES]);
        let pairs: Vec<[f64; 2]> = rows.iter().map(|row| [row[0], row[1]]).collect();
        let labels: Vec<usize> = labels.into_iter().map(|label| label % 2).collect();
        let conditional = ConditionalLogit::fit(&pairs, &labels, 2, 1e-6).unwrap();
        let differences = pairs.iter().map(|[first, second]| [second - first]);
        let is_second: Vec<bool> = labels.iter().map(|label| *label == 1).collect();
        let logistic = LogisticRegression::fit(differences, &is_second, 1e-6).unwrap();
        assert!((conditional.weights()[0] - logistic.weights()[0]).abs() < 1e-6);
        let constant = conditional.constants()[1] - conditional.constants()[0];
        assert!((constant - logistic.intercept()).abs() < 1e-5, "{constant}, not {}", logistic.intercept());
    }

    #[test]
    fn classes_that_can_be_told_apart_have_finite_weights() {
        let rows = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let fitted = ConditionalLogit::fit(rows, &[0, 1, 2], 3, 1.0).unwrap();
        assert!(fitted.weights()[0] > 0.0 && fitted.weights()[0] < 10.0, "{fitted:?}");
        let not_finite = ConditionalLogit::fit([[f64::NAN, 0.0]], &[0], 2, 1.0);
        assert_eq!(not_finite, Err(FitError::NoSolution { penalty: 1.0 }));
    }
}
