//! The windows that forecasts are made from, with the price that followed each, checked once.

/// Windows of prices, and the price of the day after each window.
///
/// A value of this type holds at least one window, all windows are of one length, and every price is a
/// positive number, so that what follows can divide by any of them.
///
/// ```
/// use recurrent_metrics::forecast::PriceWindows;
///
/// // Two windows of two days, and the day after each.
/// let windows = PriceWindows::new(&[1.0, 2.0, 2.0, 4.0], &[4.0, 3.0])?;
/// assert_eq!(windows.last().collect::<Vec<_>>(), [2.0, 4.0]);
/// assert_eq!(windows.growths().collect::<Vec<_>>(), [1.0, -0.25]);
/// # Ok::<(), recurrent_metrics::forecast::ForecastError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PriceWindows<'a> {
    prices: &'a [f64],
    truth: &'a [f64],
    length: usize,
}

/// Why forecasts cannot be judged.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// There is no window.
    #[error(
        "there is no window to judge forecasts on; the price file needs more rows than a window has days"
    )]
    NoWindow,
    /// The prices do not divide into windows.
    #[error("{prices} prices do not divide into {windows} windows of one length")]
    Ragged {
        /// How many prices there are.
        prices: usize,
        /// How many windows, counted by the prices that follow them.
        windows: usize,
    },
    /// A price is zero, negative, infinite or not a number.
    #[error("a price of window {window} is {price}; prices must be positive numbers")]
    Price {
        /// The window's place, from 0.
        window: usize,
        /// What stands there.
        price: f64,
    },
    /// There are more or fewer forecasts than windows.
    #[error("there are {forecasts} forecasts for {windows} windows; each window needs one")]
    Count {
        /// How many forecasts were given.
        forecasts: usize,
        /// How many windows there are.
        windows: usize,
    },
    /// A forecast is infinite or not a number.
    #[error("the forecast for window {window} is {forecast}, not a finite number")]
    Forecast {
        /// The window's place, from 0.
        window: usize,
        /// What was forecast.
        forecast: f64,
    },
}

impl<'a> PriceWindows<'a> {
    /// Checks and takes windows of prices.
    ///
    /// `prices` is `[windows, length]`, oldest price first; `truth` is `[windows]`, the price after each.
    ///
    /// # Errors
    ///
    /// When there is no window, the prices do not divide into windows, or a price is not a positive number.
    pub fn new(prices: &'a [f64], truth: &'a [f64]) -> Result<Self, ForecastError> {
        if truth.is_empty() {
            return Err(ForecastError::NoWindow);
        }
        if prices.is_empty() || !prices.len().is_multiple_of(truth.len()) {
            return Err(ForecastError::Ragged { prices: prices.len(), windows: truth.len() });
        }
        let windows = Self { prices, truth, length: prices.len() / truth.len() };
        for window in 0..windows.count() {
            let mut all = windows.prices(window).iter().chain(&truth[window..=window]);
            if let Some(&price) = all.find(|price| !(price.is_finite() && **price > 0.0)) {
                return Err(ForecastError::Price { window, price });
            }
        }
        Ok(windows)
    }

    /// How many windows there are; at least one.
    pub fn count(&self) -> usize {
        self.truth.len()
    }

    /// How many prices each window holds; at least one.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The prices of one window, oldest first.
    pub fn prices(&self, window: usize) -> &'a [f64] {
        &self.prices[window * self.length..(window + 1) * self.length]
    }

    /// The last price of each window.
    pub fn last(&self) -> impl Iterator<Item = f64> + Clone + use<'a> {
        self.prices.chunks_exact(self.length).map(|prices| prices[prices.len() - 1])
    }

    /// The price that followed each window.
    pub fn truth(&self) -> &'a [f64] {
        self.truth
    }

    /// The growth from each window's last price to the one that followed: `truth / last - 1`.
    pub fn growths(&self) -> impl Iterator<Item = f64> + use<'a> {
        self.last().zip(self.truth).map(|(last, truth)| truth / last - 1.0)
    }

    /// The scaled error of each forecast: `(forecast - truth) / last`.
    ///
    /// # Errors
    ///
    /// When there is not one finite forecast for each window.
    pub fn scaled_errors(&self, forecast: &[f64]) -> Result<Vec<f64>, ForecastError> {
        if forecast.len() != self.count() {
            return Err(ForecastError::Count { forecasts: forecast.len(), windows: self.count() });
        }
        if let Some(window) = forecast.iter().position(|forecast| !forecast.is_finite()) {
            return Err(ForecastError::Forecast { window, forecast: forecast[window] });
        }
        let pairs = self.truth.iter().zip(forecast);
        Ok(self.last().zip(pairs).map(|(last, (truth, forecast))| (forecast - truth) / last).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_rows_of_the_prices() {
        let windows = PriceWindows::new(&[1.0, 2.0, 2.0, 4.0], &[3.0, 2.0]).unwrap();
        assert_eq!((windows.count(), windows.length()), (2, 2));
        assert_eq!(windows.prices(1), [2.0, 4.0]);
        assert_eq!(windows.last().collect::<Vec<_>>(), [2.0, 4.0]);
        assert_eq!(windows.growths().collect::<Vec<_>>(), [0.5, -0.5]);
        assert_eq!(windows.scaled_errors(&[2.0, 6.0]).unwrap(), [-0.5, 1.0]);
    }

    #[test]
    fn what_cannot_be_judged_is_refused() {
        let error = |prices: &[f64], truth: &[f64]| PriceWindows::new(prices, truth).unwrap_err().to_string();
        insta::assert_snapshot!(error(&[], &[]), @"there is no window to judge forecasts on; the price file needs more rows than a window has days");
        insta::assert_snapshot!(error(&[1.0, 2.0, 3.0], &[1.0, 2.0]), @"3 prices do not divide into 2 windows of one length");
        insta::assert_snapshot!(error(&[], &[1.0]), @"0 prices do not divide into 1 windows of one length");
        insta::assert_snapshot!(error(&[1.0, 0.0], &[1.0, 2.0]), @"a price of window 1 is 0; prices must be positive numbers");
        insta::assert_snapshot!(error(&[1.0], &[f64::NAN]), @"a price of window 0 is NaN; prices must be positive numbers");

        let windows = PriceWindows::new(&[1.0, 2.0], &[3.0, 4.0]).unwrap();
        let error = |forecast: &[f64]| windows.scaled_errors(forecast).unwrap_err().to_string();
        insta::assert_snapshot!(error(&[1.0]), @"there are 1 forecasts for 2 windows; each window needs one");
        insta::assert_snapshot!(error(&[1.0, f64::INFINITY]), @"the forecast for window 1 is inf, not a finite number");
    }
}
