//! The one error type of the crate.

use recurrent_backend::OpenError;
use recurrent_data::{SplitError, prices::PriceError};
use recurrent_linear::FitError;
use recurrent_metrics::forecast::{ForecastError, IntervalError};
use recurrent_train::OutOfRange;

/// Why a model cannot be read, or prices cannot be forecast.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder of the model cannot be read or written, or is damaged.
    #[error("{0}")]
    File(#[from] recurrent_train::Error),
    /// A setting of the model is out of its range.
    #[error(transparent)]
    Setting(#[from] OutOfRange),
    /// The device cannot be opened.
    #[error("{0}")]
    Device(#[from] OpenError),
    /// The table is too short, lacks a column, or a forecast is no price.
    #[error(transparent)]
    Prices(#[from] PriceError),
    /// The windows cannot be split into parts.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// Forecasts cannot be judged.
    #[error(transparent)]
    Judge(#[from] ForecastError),
    /// The ridge regression has no solution.
    #[error(transparent)]
    Ridge(#[from] FitError),
    /// The windows are of another length than those that the baselines were fitted to.
    #[error("the ridge regression was fitted to windows of {fitted} days and cannot forecast from {found}")]
    Length {
        /// The length it was fitted to.
        fitted: usize,
        /// The length it was given.
        found: usize,
    },
    /// Another framework does not have what the network is.
    #[error(transparent)]
    Exchange(#[from] recurrent_exchange::Error),
    /// No interval can be given.
    #[error(transparent)]
    Interval(#[from] IntervalError),
}
