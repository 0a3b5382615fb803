//! The regression of the logarithm of the variance at each horizon, and the way back from the logarithm.

use std::ops::Range;

use recurrent_linear::RidgeRegression;
use serde::{Deserialize, Serialize};

use crate::{
    days::Days,
    error::{VolatilityError, check_days},
    horizons::{Ahead, HORIZONS, LONGEST, realised},
    model::{check_forecasts, check_origins},
};

/// How a forecast of a logarithm becomes one of the variance itself: the exponential of a mean logarithm is less than
/// the mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retransformation {
    /// Times `exp(s^2 / 2)`, where `s^2` is the mean squared error on the training days: exact for normal errors.
    #[default]
    Normal,
    /// Times the mean of the errors' exponentials on the training days (Duan 1983), whatever their distribution; one
    /// stormy day may move it much.
    Smearing,
}

/// One horizon's regression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LogRegression {
    regression: RidgeRegression,
    factor: f64,
}

impl LogRegression {
    /// `targets` are variances.
    pub(super) fn fit(
        model: &'static str,
        rows: &[Vec<f64>],
        targets: &[f64],
        penalty: f64,
        back: Retransformation,
    ) -> Result<Self, VolatilityError> {
        let logs: Vec<f64> = targets.iter().map(|target| target.ln()).collect();
        let regression = RidgeRegression::fit(rows, &logs, penalty)
            .map_err(|source| VolatilityError::Regression { model, days: rows.len(), source })?;
        let errors = rows.iter().zip(&logs).map(|(row, log)| log - regression.predict(row));
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / rows.len() as f64;
        let factor = match back {
            Retransformation::Normal => (mean(&mut errors.map(|error| error * error)) / 2.0).exp(),
            Retransformation::Smearing => mean(&mut errors.map(f64::exp)),
        };
        Ok(Self { regression, factor })
    }

    /// How many weights it has.
    pub(super) fn weights(&self) -> usize {
        self.regression.weights().len()
    }

    /// The forecast of the variance.
    pub(super) fn predict(&self, row: &[f64]) -> f64 {
        self.regression.predict(row).exp() * self.factor
    }
}

/// Fits one thing for each of [`HORIZONS`], given its place among them, from the training origins, of which each has
/// all days of its target within the training days, and what came after them.
pub(super) fn fit_horizons<T>(
    model: &'static str,
    training: Days<'_>,
    features: usize,
    fit: impl Fn(usize, Range<usize>, &[f64]) -> Result<T, VolatilityError>,
) -> Result<[T; HORIZONS.len()], VolatilityError> {
    // As many days before the first origin as after the last, and more pairs than weights between.
    check_days(model, training.len(), 2 * LONGEST + features)?;
    let one = |place: usize| {
        let targets = realised(training, LONGEST, HORIZONS[place]);
        fit(place, LONGEST..LONGEST + targets.len(), &targets)
    };
    Ok([one(0)?, one(1)?, one(2)?])
}

/// Checks how many weights a saved regression has, so that forecasts need not.
pub(super) fn check_saved(model: &'static str, found: usize, expected: usize) -> Result<(), VolatilityError> {
    if found == expected { Ok(()) } else { Err(VolatilityError::Saved { model, found, expected }) }
}

/// The forecasts of regressions, of which there is one for each horizon, from the features of each origin.
pub(super) fn predict_horizons(
    model: &'static str,
    days: Days<'_>,
    origins: Range<usize>,
    features: impl Fn(usize) -> Vec<f64>,
    predict: impl Fn(usize, &[f64]) -> f64,
) -> Result<Vec<Ahead>, VolatilityError> {
    check_origins(days, LONGEST, &origins)?;
    let first = origins.start;
    let forecasts = origins.map(|origin| {
        let row = features(origin);
        std::array::from_fn(|horizon| predict(horizon, &row))
    });
    check_forecasts(model, first, forecasts.collect())
}
