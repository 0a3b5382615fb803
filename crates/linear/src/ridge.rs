//! Ridge regression (Hoerl and Kennard 1970): least squares with a penalty on the weights.
//!
//! The normal equations have as many unknowns as a row has features, so they are solved here by Cholesky's method rather than
//! with a linear-algebra crate, which would lengthen every build for one small solve.

use serde::{Deserialize, Serialize};

use crate::error::{FitError, check};

/// A fitted ridge regression: `y = w x + b`.
///
/// ```
/// use recurrent_linear::RidgeRegression;
///
/// let rows = [[1.0], [2.0], [3.0]];
/// let line = RidgeRegression::fit(rows, &[3.0, 5.0, 7.0], 1e-9)?;
/// assert!((line.predict(&[10.0]) - 21.0).abs() < 1e-6);
/// # Ok::<(), recurrent_linear::FitError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RidgeRegression {
    weights: Vec<f64>,
    #[serde(default)]
    intercept: f64,
}

impl RidgeRegression {
    /// Finds the weights and the intercept with the least `sum (y - w x - b)^2 + penalty |w|^2`; the intercept costs nothing.
    /// Memory, and time for each row, grow with the square of the number of features.
    ///
    /// # Errors
    /// There is no row, rows and targets do not fit together, or there is no finite solution.
    pub fn fit<R: AsRef<[f64]>>(
        rows: impl IntoIterator<Item = R>,
        targets: &[f64],
        penalty: f64,
    ) -> Result<Self, FitError> {
        let rows: Vec<R> = rows.into_iter().collect();
        let features = check(&rows, targets.len(), penalty)?;
        let count = rows.len() as f64;
        let mut means = vec![0.0; features];
        for row in &rows {
            means.iter_mut().zip(row.as_ref()).for_each(|(mean, x)| *mean += x / count);
        }
        let mean = targets.iter().sum::<f64>() / count;
        let centred = rows
            .iter()
            .map(|row| row.as_ref().iter().zip(&means).map(|(x, mean)| x - mean).collect::<Vec<f64>>());
        let targets: Vec<f64> = targets.iter().map(|target| target - mean).collect();
        let Self { weights, .. } = Self::fit_through_origin(centred, &targets, penalty)?;
        let intercept = mean - dot(&weights, &means);
        Ok(Self { weights, intercept })
    }

    /// The same without an intercept: `y = w x`, all weights under the penalty.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_through_origin<R: AsRef<[f64]>>(
        rows: impl IntoIterator<Item = R>,
        targets: &[f64],
        penalty: f64,
    ) -> Result<Self, FitError> {
        let rows: Vec<R> = rows.into_iter().collect();
        let features = check(&rows, targets.len(), penalty)?;
        let mut gram = vec![0.0; features * features];
        let mut moment = vec![0.0; features];
        for (row, target) in rows.iter().zip(targets) {
            let row = row.as_ref();
            for (i, x) in row.iter().enumerate() {
                moment[i] += x * target;
                for (j, other) in row[..=i].iter().enumerate() {
                    gram[i * features + j] += x * other;
                }
            }
        }
        for i in 0..features {
            gram[i * features + i] += penalty;
        }
        solve(&mut gram, &mut moment);
        if moment.iter().any(|weight| !weight.is_finite()) {
            return Err(FitError::NoSolution { penalty });
        }
        Ok(Self { weights: moment, intercept: 0.0 })
    }

    /// The value at some features.
    ///
    /// # Panics
    /// There are not as many features as weights.
    pub fn predict(&self, features: &[f64]) -> f64 {
        assert_eq!(features.len(), self.weights.len(), "as many features as the rows had");
        dot(features, &self.weights) + self.intercept
    }

    /// The weight of each feature.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// What is added to every value; 0 for one through the origin.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Solves `A x = b` for a symmetric, positive definite `A`, of which only the lower triangle is read. The solution replaces `b`,
/// and Cholesky's factor replaces `A`.
fn solve(a: &mut [f64], b: &mut [f64]) {
    let size = b.len();
    for i in 0..size {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| a[i * size + k] * a[j * size + k]).sum();
            let rest = a[i * size + j] - dot;
            a[i * size + j] = if i == j { rest.sqrt() } else { rest / a[j * size + j] };
        }
    }
    for i in 0..size {
        let dot: f64 = (0..i).map(|k| a[i * size + k] * b[k]).sum();
        b[i] = (b[i] - dot) / a[i * size + i];
    }
    for i in (0..size).rev() {
        let dot: f64 = (i + 1..size).map(|k| a[k * size + i] * b[k]).sum();
        b[i] = (b[i] - dot) / a[i * size + i];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn a_solution_satisfies_its_equations() {
        let mut a = [4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let (matrix, mut b) = (a, [1.0, -2.0, 0.5]);
        let right = b;
        solve(&mut a, &mut b);
        for row in 0..3 {
            let left: f64 = (0..3).map(|column| matrix[row * 3 + column] * b[column]).sum();
            assert_relative_eq!(left, right[row], epsilon = 1e-14);
        }
    }

    #[test]
    fn one_constant_feature_gives_the_shrunken_mean() {
        let fitted = RidgeRegression::fit_through_origin([[1.0]; 3], &[0.1; 3], 1.0).unwrap();
        // Three targets of 0.1, shrunk by n / (n + penalty).
        assert_relative_eq!(fitted.predict(&[1.0]), 0.075, epsilon = 1e-12);
        // An intercept is not shrunk.
        let fitted = RidgeRegression::fit([[1.0]; 3], &[0.1; 3], 1.0).unwrap();
        assert_relative_eq!(fitted.predict(&[1.0]), 0.1, epsilon = 1e-12);
    }

    #[test]
    fn the_weights_are_where_the_loss_is_least() {
        let rows: Vec<[f64; 3]> =
            (0..36).map(|i| [0, 1, 2].map(|k| f64::from((i + k) * (i + k) % 11) / 7.0)).collect();
        let targets: Vec<f64> = (0..36).map(|i| f64::from(i * 5 % 9)).collect();
        let loss = |fitted: &RidgeRegression| {
            let errors =
                rows.iter().zip(&targets).map(|(row, target)| (target - fitted.predict(row)).powi(2));
            errors.sum::<f64>() + 2.0 * dot(&fitted.weights, &fitted.weights)
        };
        let best = RidgeRegression::fit(&rows, &targets, 2.0).unwrap();
        for step in [-1e-3, 1e-3] {
            for weight in 0..3 {
                let mut other = best.clone();
                other.weights[weight] += step;
                assert!(loss(&other) > loss(&best), "weight {weight} is better moved by {step}");
            }
            let other = RidgeRegression { intercept: best.intercept + step, ..best.clone() };
            assert!(loss(&other) > loss(&best), "the intercept is better moved by {step}");
        }
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        let fit = |rows: &[Vec<f64>], targets: &[f64]| {
            RidgeRegression::fit(rows, targets, 0.0).unwrap_err().to_string()
        };
        insta::assert_snapshot!(fit(&[], &[]), @"there is no row to fit a regression to");
        insta::assert_snapshot!(fit(&[vec![1.0], vec![1.0, 2.0]], &[0.0; 2]), @"row 1 has 2 features, expected 1 as in the first");
        insta::assert_snapshot!(fit(&[vec![1.0]], &[0.0; 2]), @"there are 2 targets for 1 rows; each row needs one");
        insta::assert_snapshot!(fit(&[vec![1.0], vec![1.0]], &[0.0; 2]), @"the regression has no finite solution: a feature or target is no finite number, or a penalty of 0 is too small");
        let negative = RidgeRegression::fit([[1.0], [2.0]], &[1.0, 3.0], -0.1);
        assert_eq!(negative, Err(FitError::NoSolution { penalty: -0.1 }));
    }
}
