//! What a network says of windows whose truth is known.

use std::ops::Range;

use recurrent_data::prices::Windows;

use crate::batches::in_order;
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
    let predictions = in_order(windows, range.clone(), 1).flat_map(|batch| network.predict(&batch));
    range.zip(predictions).map(|(i, prediction)| windows.unscale(i, prediction)).collect()
}
