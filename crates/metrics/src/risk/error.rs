//! Why forecasts of risk cannot be judged.

/// Why forecasts of risk cannot be judged.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RiskError {
    /// There is no day to judge.
    #[error("there is no day to judge forecasts on; at least one is needed")]
    NoDay,
    /// There are more or fewer forecasts than days.
    #[error("there are {forecasts} forecasts for {days} days; each day needs one")]
    Count {
        /// How many forecasts were given.
        forecasts: usize,
        /// How many days there are.
        days: usize,
    },
    /// A variance has no logarithm.
    #[error("the {kind} of day {day} is {value}; variances must be positive, finite numbers")]
    Variance {
        /// `variance` or `forecast`.
        kind: &'static str,
        /// The day's place, from 0.
        day: usize,
        /// What stands there.
        value: f64,
    },
    /// A return or quantile is infinite or not a number.
    #[error("the {kind} at place {place} is {value}, not a finite number")]
    Number {
        /// `return`, `quantile` or `draw`.
        kind: &'static str,
        /// Its place, from 0.
        place: usize,
        /// What stands there.
        value: f64,
    },
    /// A level is no probability between 0 and 1.
    #[error("the level {0} must be above 0 and below 1")]
    Level(f64),
    /// A distribution is given by no number.
    #[error("a distribution needs at least one quantile or draw, and there is none")]
    NoDistribution,
}

/// Checks that there is one forecast for each day, and a day at all.
pub(super) fn check_count(days: usize, forecasts: usize) -> Result<(), RiskError> {
    if days == 0 {
        return Err(RiskError::NoDay);
    }
    if forecasts != days {
        return Err(RiskError::Count { forecasts, days });
    }
    Ok(())
}

/// Checks that numbers are finite.
pub(super) fn check_finite(kind: &'static str, values: &[f64]) -> Result<(), RiskError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(place) => Err(RiskError::Number { kind, place, value: values[place] }),
        None => Ok(()),
    }
}

/// Checks that a level is a probability strictly between 0 and 1.
pub(super) fn check_level(level: f64) -> Result<(), RiskError> {
    if level > 0.0 && level < 1.0 { Ok(()) } else { Err(RiskError::Level(level)) }
}
