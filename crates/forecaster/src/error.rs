//! The one error type of the crate.

use recurrent_backend::OpenError;
use recurrent_data::{SplitError, prices::PriceError};
use recurrent_linear::FitError;
use recurrent_metrics::forecast::{ForecastError, IntervalError};
use recurrent_metrics::risk::RiskError;
use recurrent_train::OutOfRange;
use recurrent_volatility::VolatilityError;

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
    /// A part of the windows is shorter than the days ahead are many.
    #[error("{ahead} days ahead cannot be learnt from {windows} windows; take fewer, or a longer series")]
    TooFarAhead {
        /// The days ahead.
        ahead: usize,
        /// The windows of the shortest part.
        windows: usize,
    },
    /// A network that reads calendar and events is to be exported.
    #[error(
        "the network reads what is known of the days to come, calendar or events, which other frameworks do not have; train it without"
    )]
    KnownInputs,
    /// No interval can be given.
    #[error(transparent)]
    Interval(#[from] IntervalError),
    /// Risk cannot be measured or forecast.
    #[error(transparent)]
    Risk(#[from] VolatilityError),
    /// Forecasts of risk cannot be judged.
    #[error(transparent)]
    JudgeRisk(#[from] RiskError),
    /// All days were learnt from, or have too few days before them.
    #[error(
        "no day is left to judge: the model learnt until {until}, and {least} days must lie before a forecast"
    )]
    NoLaterDay {
        /// The last moment that was learnt from.
        until: String,
        /// How many days must lie before a forecast.
        least: usize,
    },
    /// A model of several prices did not learn from this one.
    #[error("the model learnt nothing of `{name}`; it knows {known}")]
    NoPrice {
        /// The price's name.
        name: String,
        /// Those that it learnt from.
        known: String,
    },
    /// A model file lacks the distribution of a model's residuals.
    #[error("the model file has no residuals of {0}; train the model again")]
    NoShape(&'static str),
    /// So many of the last days passed their intervals that the next has no bound.
    #[error(
        "the next adaptive interval of level {level} has no bound, for too many of the last days passed theirs; take a lower level, \
         or conformal intervals"
    )]
    Unbounded {
        /// The probability that was asked for.
        level: f64,
    },
    /// No date of a backtest has enough days before it.
    #[error("no refit of a backtest has {least} days before it: there are {days}")]
    NoRefit {
        /// How many days must lie before the first.
        least: usize,
        /// How many there are.
        days: usize,
    },
    /// There is no day after the last.
    #[error("the calendar ends before the last day that is to be forecast")]
    CalendarEnds,
    /// There are no forecasts of the network.
    #[error("there are no forecasts of the network to judge")]
    NoNetwork,
}
