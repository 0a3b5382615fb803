//! The baselines: forecasts that need no network, fitted to the same training windows as the model.

use serde::{Deserialize, Serialize};

use super::ridge::Ridge;
use super::scores::{mean, naive_mae};
use super::windows::{JudgeError, PriceWindows};

/// The longest window, in days, on which the ridge regression is fitted; its cost grows with the square.
pub const LONGEST_RIDGE_WINDOW: usize = 128;

/// What the baselines learn from the training windows. Fit it to the training part of the series that is
/// judged: a mean growth of another series says nothing about this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baselines {
    growth: f64,
    naive_mae: f64,
    ridge: Option<Ridge>,
}

impl Baselines {
    /// Fits the baselines. The ridge regression is left out for windows beyond [`LONGEST_RIDGE_WINDOW`].
    pub fn fit(training: &PriceWindows<'_>) -> Self {
        Self {
            growth: mean(training.growths()),
            naive_mae: naive_mae(training),
            ridge: (training.length() <= LONGEST_RIDGE_WINDOW).then(|| Ridge::fit(training)),
        }
    }

    /// The mean of `truth / last - 1` over the training windows: how much a price grows in a day.
    pub fn growth(&self) -> f64 {
        self.growth
    }

    /// The mean absolute error of "tomorrow = today" on the training windows, which MASE is a multiple of.
    pub fn naive_mae(&self) -> f64 {
        self.naive_mae
    }

    /// "Tomorrow = today": the last price of each window.
    pub fn naive(&self, windows: &PriceWindows<'_>) -> Vec<f64> {
        windows.last().collect()
    }

    /// The drift forecast: the last price of each window, grown by the mean daily growth of the training
    /// windows.
    pub fn drift(&self, windows: &PriceWindows<'_>) -> Vec<f64> {
        windows.last().map(|last| last * (1.0 + self.growth)).collect()
    }

    /// The forecast of a ridge regression on the prices of each window, where one was fitted.
    ///
    /// # Errors
    ///
    /// When the windows are of another length than the training windows.
    pub fn ridge(&self, windows: &PriceWindows<'_>) -> Result<Option<Vec<f64>>, JudgeError> {
        self.ridge.as_ref().map(|ridge| ridge.forecast(windows)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn drift_applies_the_mean_growth_of_the_training_windows() {
        let training = PriceWindows::new(&[100.0, 200.0], &[110.0, 210.0]).unwrap();
        let baselines = Baselines::fit(&training);
        assert_relative_eq!(baselines.growth(), 0.075, epsilon = 1e-12);
        assert_eq!(baselines.naive_mae(), 10.0);

        let test = PriceWindows::new(&[40.0], &[41.0]).unwrap();
        assert_eq!(baselines.naive(&test), [40.0]);
        assert_relative_eq!(baselines.drift(&test)[0], 43.0, epsilon = 1e-12);
    }

    #[test]
    fn long_windows_go_without_ridge() {
        let prices = vec![5.0; LONGEST_RIDGE_WINDOW + 1];
        let long = PriceWindows::new(&prices, &[5.0]).unwrap();
        assert_eq!(Baselines::fit(&long).ridge(&long), Ok(None));

        let short = PriceWindows::new(&prices[..3], &[5.0]).unwrap();
        let error = Baselines::fit(&short).ridge(&long).unwrap_err();
        insta::assert_snapshot!(error, @"the ridge regression was fitted to windows of 3 days and cannot forecast from 129");
    }
}
