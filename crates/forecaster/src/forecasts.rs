//! What a network says of windows: one-step forecasts of those whose truth is known, and the path of the days to come.

use std::ops::Range;

use recurrent_data::prices::{LatestWindow, Moment, Windows};

use crate::batches::{Batch, in_order};
use crate::error::Error;
use crate::network::Network;
use crate::prices::Prices;

/// The forecasts of all windows before and in the test part, in price units.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecasts {
    /// Of the windows before the test part.
    pub before: Vec<f64>,
    /// Of the test windows.
    pub test: Vec<f64>,
}

impl Forecasts {
    /// Forecasts the price after each window.
    pub fn new(network: &Network, prices: &Prices) -> Self {
        Self {
            before: one_step(network, &prices.windows, prices.before_test()),
            test: one_step(network, &prices.windows, prices.split.test.clone()),
        }
    }
}

/// Forecasts the price after each window of a range.
pub fn one_step(network: &Network, windows: &Windows, range: Range<usize>) -> Vec<f64> {
    let predictions = in_order(windows, range.clone()).flat_map(|batch| network.predict(&batch));
    range.zip(predictions).map(|(i, prediction)| windows.unscale(i, prediction)).collect()
}

/// Forecasts the days after a window one by one: each day's price is fed back as the input of the next.
///
/// # Errors
/// A forecast is no price, or the calendar ends.
pub(crate) fn path(
    network: &Network,
    mut latest: LatestWindow,
    days: usize,
) -> Result<Vec<(Moment, f64)>, Error> {
    let shape = [latest.window(), latest.features()];
    let next = |_| {
        let batch = Batch { inputs: latest.inputs().to_vec(), targets: Vec::new(), shape };
        let price = latest.unscale(network.predict(&batch)[0]);
        latest.slide(price)?;
        Ok((latest.last_date(), price))
    };
    (0..days).map(next).collect()
}
