//! The baselines: forecasts that need no network, fitted to the same training windows as the model.

use recurrent_linear::RidgeRegression;
use recurrent_metrics::forecast::{PriceWindows, naive_mae};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The longest window, in days, on which the ridge regression is fitted; its cost grows with the square.
pub const LONGEST_RIDGE_WINDOW: usize = 128;
/// The strength of the ridge regression's penalty on its weights. It is fixed beforehand, never chosen by a score.
pub const PENALTY: f64 = 1.0;

/// What the baselines learn from the training windows. Fit it to the training part of the series that is
/// judged: a mean growth of another series says nothing about this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baselines {
    growth: f64,
    naive_mae: f64,
    /// A linear forecast from the scaled prices of a window (Hoerl and Kennard 1970): with `x` the prices of a window divided by
    /// its last, and `y = truth / last - 1`, the weights minimise `sum (y - w x)^2 + PENALTY |w|^2`. The last scaled price is
    /// always 1, so its weight is the intercept.
    ridge: Option<RidgeRegression>,
}

impl Baselines {
    /// Fits the baselines. The ridge regression is left out for windows beyond [`LONGEST_RIDGE_WINDOW`].
    ///
    /// # Errors
    /// The prices of a window lie so far apart that the regression has no solution.
    pub fn fit(training: &PriceWindows<'_>) -> Result<Self, Error> {
        let growths: Vec<f64> = training.growths().collect();
        let fitted = training.length() <= LONGEST_RIDGE_WINDOW;
        let ridge = fitted.then(|| RidgeRegression::fit_through_origin(scaled(training), &growths, PENALTY));
        Ok(Self {
            growth: growths.iter().sum::<f64>() / growths.len() as f64,
            naive_mae: naive_mae(training),
            ridge: ridge.transpose()?,
        })
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
    /// The windows are of another length than the training windows.
    pub fn ridge(&self, windows: &PriceWindows<'_>) -> Result<Option<Vec<f64>>, Error> {
        let Some(ridge) = &self.ridge else { return Ok(None) };
        let (fitted, found) = (ridge.weights().len(), windows.length());
        if fitted != found {
            return Err(Error::Length { fitted, found });
        }
        let growths = scaled(windows).map(|prices| ridge.predict(&prices));
        Ok(Some(windows.last().zip(growths).map(|(last, growth)| last * (1.0 + growth)).collect()))
    }
}

/// The prices of each window, divided by its last.
fn scaled(windows: &PriceWindows<'_>) -> impl Iterator<Item = Vec<f64>> {
    let of = |window| {
        let prices: &[f64] = windows.prices(window);
        prices.iter().map(|price| price / prices[prices.len() - 1]).collect()
    };
    (0..windows.count()).map(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn drift_applies_the_mean_growth_of_the_training_windows() {
        let training = PriceWindows::new(&[100.0, 200.0], &[110.0, 210.0]).unwrap();
        let baselines = Baselines::fit(&training).unwrap();
        assert_relative_eq!(baselines.growth(), 0.075, epsilon = 1e-12);
        assert_eq!(baselines.naive_mae(), 10.0);

        let test = PriceWindows::new(&[40.0], &[41.0]).unwrap();
        assert_eq!(baselines.naive(&test), [40.0]);
        assert_relative_eq!(baselines.drift(&test)[0], 43.0, epsilon = 1e-12);
    }

    #[test]
    fn ridge_on_windows_of_one_price_gives_the_shrunken_mean_growth() {
        let windows = PriceWindows::new(&[100.0, 200.0, 50.0], &[110.0, 220.0, 55.0]).unwrap();
        let forecast = Baselines::fit(&windows).unwrap().ridge(&windows).unwrap().unwrap();
        // Three growths of 0.1, shrunk by n / (n + PENALTY).
        assert_relative_eq!(forecast[0], 107.5, epsilon = 1e-9);
        assert_relative_eq!(forecast[2], 53.75, epsilon = 1e-9);
    }

    #[test]
    fn long_windows_go_without_ridge() {
        let prices = vec![5.0; LONGEST_RIDGE_WINDOW + 1];
        let long = PriceWindows::new(&prices, &[5.0]).unwrap();
        assert_eq!(Baselines::fit(&long).unwrap().ridge(&long).unwrap(), None);

        let short = PriceWindows::new(&prices[..3], &[5.0]).unwrap();
        let error = Baselines::fit(&short).unwrap().ridge(&long).unwrap_err();
        insta::assert_snapshot!(error, @"the ridge regression was fitted to windows of 3 days and cannot forecast from 129");
    }
}
