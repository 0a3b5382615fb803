//! A ridge regression on the prices of a window: what a linear model makes of the same input.
//!
//! The normal equations have as many unknowns as a window has days, so they are solved here by Cholesky's
//! method rather than with a linear-algebra crate, which would lengthen every build for one small solve.

use serde::{Deserialize, Serialize};

use super::windows::{JudgeError, PriceWindows};

/// The strength of the penalty on the weights. It is fixed beforehand, never chosen by a score.
pub const PENALTY: f64 = 1.0;

/// A linear forecast from the scaled prices of a window (Hoerl and Kennard 1970).
///
/// With `x` the prices of a window divided by its last, and `y = truth / last - 1`, the weights minimise
/// `sum (y - w x)^2 + PENALTY |w|^2`. The last scaled price is always 1, so its weight is the intercept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ridge {
    weights: Vec<f64>,
}

impl Ridge {
    /// Fits the weights to windows. Time grows with the square of the windows' length, and memory too.
    pub fn fit(windows: &PriceWindows<'_>) -> Self {
        let length = windows.length();
        let mut gram = vec![0.0; length * length];
        let mut moment = vec![0.0; length];
        for (window, growth) in windows.growths().enumerate() {
            let scaled = scaled(windows.prices(window));
            for (i, x) in scaled.iter().enumerate() {
                moment[i] += x * growth;
                for (j, other) in scaled[..=i].iter().enumerate() {
                    gram[i * length + j] += x * other;
                }
            }
        }
        for i in 0..length {
            gram[i * length + i] += PENALTY;
        }
        solve(&mut gram, &mut moment);
        Self { weights: moment }
    }

    /// Forecasts the price after each window.
    ///
    /// # Errors
    ///
    /// When the windows are of another length than those it was fitted to.
    pub fn forecast(&self, windows: &PriceWindows<'_>) -> Result<Vec<f64>, JudgeError> {
        let (fitted, found) = (self.weights.len(), windows.length());
        if fitted != found {
            return Err(JudgeError::Length { fitted, found });
        }
        let forecast = |(window, last): (usize, f64)| {
            let growth: f64 =
                scaled(windows.prices(window)).iter().zip(&self.weights).map(|(x, weight)| x * weight).sum();
            last * (1.0 + growth)
        };
        Ok(windows.last().enumerate().map(forecast).collect())
    }
}

fn scaled(prices: &[f64]) -> Vec<f64> {
    let last = prices[prices.len() - 1];
    prices.iter().map(|price| price / last).collect()
}

/// Solves `A x = b` for a symmetric, positive definite `A`, of which only the lower triangle is read. The
/// solution replaces `b`, and Cholesky's factor replaces `A`.
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
    fn windows_of_one_price_give_the_shrunken_mean_growth() {
        let windows = PriceWindows::new(&[100.0, 200.0, 50.0], &[110.0, 220.0, 55.0]).unwrap();
        let forecast = Ridge::fit(&windows).forecast(&windows).unwrap();
        // Three growths of 0.1, shrunk by n / (n + PENALTY).
        assert_relative_eq!(forecast[0], 107.5, epsilon = 1e-9);
        assert_relative_eq!(forecast[2], 53.75, epsilon = 1e-9);
    }

    #[test]
    fn the_weights_are_where_the_loss_is_least() {
        let prices: Vec<f64> = (0..40).map(|day| 100.0 + 7.0 * f64::from(day * day % 11)).collect();
        let rows: Vec<f64> = (0..36).flat_map(|start| prices[start..start + 3].to_vec()).collect();
        let windows = PriceWindows::new(&rows, &prices[3..39]).unwrap();
        let loss = |ridge: &Ridge| {
            let errors = windows.scaled_errors(&ridge.forecast(&windows).unwrap()).unwrap();
            let penalty: f64 = ridge.weights.iter().map(|weight| weight * weight).sum();
            errors.iter().map(|error| error * error).sum::<f64>() + PENALTY * penalty
        };
        let best = Ridge::fit(&windows);
        for weight in 0..3 {
            for step in [-1e-3, 1e-3] {
                let mut other = best.clone();
                other.weights[weight] += step;
                assert!(loss(&other) > loss(&best), "weight {weight} is better moved by {step}");
            }
        }
    }
}
