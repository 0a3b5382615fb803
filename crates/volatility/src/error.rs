//! Why a risk cannot be measured or forecast.

use recurrent_linear::FitError;

/// Why a risk cannot be measured or forecast.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VolatilityError {
    /// A column has not one value for each row.
    #[error("the column `{column}` has {values} values for {rows} rows; each row needs one")]
    Length {
        /// The column's name.
        column: &'static str,
        /// How many values it has.
        values: usize,
        /// How many rows there are, counted by the closes.
        rows: usize,
    },
    /// A price has no logarithm.
    #[error("the {column} of row {row} is {value}; prices must be positive, finite numbers")]
    Price {
        /// The column's name.
        column: &'static str,
        /// The row, from 0.
        row: usize,
        /// What stands there.
        value: f64,
    },
    /// The highest prices are below the lowest ones on most days.
    #[error("the high is below the low in {crossed} of {rows} rows; are the columns exchanged?")]
    HighBelowLow {
        /// In how many rows.
        crossed: usize,
        /// How many rows there are.
        rows: usize,
    },
    /// An estimate of the variance needs prices that are not there.
    #[error("variances by {proxy} need the column `{column}`, which is not there; {remedy}")]
    NoColumn {
        /// The estimate, in words.
        proxy: &'static str,
        /// The missing column.
        column: &'static str,
        /// What to use instead.
        remedy: &'static str,
    },
    /// A price never moves on the training days, or always alike.
    #[error(
        "the returns of the {training} training days are all the same, so that there is no risk to measure"
    )]
    Motionless {
        /// How many training days there are.
        training: usize,
    },
    /// There are too few days for what is asked.
    #[error("{what} needs at least {least} days, and there are {days}")]
    TooFewDays {
        /// What needs them.
        what: &'static str,
        /// How many it needs.
        least: usize,
        /// How many there are.
        days: usize,
    },
    /// Returns and variances are not as many as each other.
    #[error("there are {returns} returns and {variances} variances; each day needs one of both")]
    Unequal {
        /// How many returns there are.
        returns: usize,
        /// How many variances there are.
        variances: usize,
    },
    /// A number is not what it must be.
    #[error("the {kind} of day {day} is {value}; it must be a {expected} number")]
    Value {
        /// `return`, `variance` or `score`.
        kind: &'static str,
        /// The day, from 0.
        day: usize,
        /// What stands there.
        value: f64,
        /// What it must be, in words.
        expected: &'static str,
    },
    /// A forecast is asked for from a day that is too early or not there.
    #[error(
        "there is no forecast from origin {origin}: {least} days must lie before it, and {days} are known"
    )]
    Origin {
        /// How many days lie before the forecast.
        origin: usize,
        /// How many the model needs.
        least: usize,
        /// How many there are.
        days: usize,
    },
    /// A setting is out of its range.
    #[error("{setting} is {value}; it must be {expected}")]
    Setting {
        /// The setting, in words.
        setting: &'static str,
        /// What was given.
        value: f64,
        /// What it must be.
        expected: &'static str,
    },
    /// A regression has no solution.
    #[error("the regression of {model} cannot be fitted to {days} days")]
    Regression {
        /// The model.
        model: &'static str,
        /// How many training days there were.
        days: usize,
        /// Why.
        source: FitError,
    },
    /// A saved model is not of the form that it is read as.
    #[error("the saved model {model} has {found} weights, not {expected}; was it saved by another version?")]
    Saved {
        /// The model.
        model: &'static str,
        /// How many weights it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A forecast is no positive number.
    #[error("{model} forecasts a variance of {value} from origin {origin}; are the prices before it right?")]
    Forecast {
        /// The model.
        model: &'static str,
        /// How many days lie before the forecast.
        origin: usize,
        /// What was forecast.
        value: f64,
    },
    /// A model that learns elsewhere, such as a network, could not learn.
    #[error("{model} cannot be fitted: {reason}")]
    Learning {
        /// The model.
        model: &'static str,
        /// Why, in words.
        reason: String,
    },
    /// The likelihood of a model has no maximum that could be found.
    #[error(
        "the likelihood of {model} is not finite at any first guess; are the {days} returns of one market?"
    )]
    NoLikelihood {
        /// The model.
        model: &'static str,
        /// How many training days there were.
        days: usize,
    },
}

/// Checks that there are enough days.
pub(crate) fn check_days(what: &'static str, days: usize, least: usize) -> Result<(), VolatilityError> {
    if days < least { Err(VolatilityError::TooFewDays { what, least, days }) } else { Ok(()) }
}
