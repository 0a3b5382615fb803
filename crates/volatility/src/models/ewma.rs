//! The exponentially weighted moving average of RiskMetrics (J.P. Morgan 1996).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{
    days::Days,
    error::VolatilityError,
    horizons::{Ahead, HORIZONS, LONGEST},
    model::{FittedVariance, VarianceModel, check_forecasts, check_origins},
};

/// `s_t = decay s_{t-1} + (1 - decay) x_t`, from the mean of the first 22 days on; the forecast is `s_t` at all
/// horizons. It has nothing to fit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ewma {
    decay: f64,
    smoothed: Smoothed,
}

/// What is averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Smoothed {
    /// Squared returns, as RiskMetrics does.
    SquaredReturns,
    /// The variances of the days, which have less noise.
    Variances,
}

impl Default for Ewma {
    /// RiskMetrics' daily average: squared returns with a decay of 0.94.
    fn default() -> Self {
        Self { decay: 0.94, smoothed: Smoothed::SquaredReturns }
    }
}

impl Ewma {
    /// An average with a decay.
    ///
    /// # Errors
    ///
    /// When `decay` is not above 0 and below 1.
    pub fn new(decay: f64, smoothed: Smoothed) -> Result<Self, VolatilityError> {
        if decay > 0.0 && decay < 1.0 {
            Ok(Self { decay, smoothed })
        } else {
            Err(VolatilityError::Setting {
                setting: "the decay of a moving average",
                value: decay,
                expected: "above 0 and below 1",
            })
        }
    }
}

impl VarianceModel for Ewma {
    fn name(&self) -> &'static str {
        match self.smoothed {
            Smoothed::SquaredReturns => "EWMA",
            Smoothed::Variances => "EWMA of variances",
        }
    }

    fn fit(&self, _training: Days<'_>) -> Result<Box<dyn FittedVariance>, VolatilityError> {
        Ok(Box::new(*self))
    }
}

impl FittedVariance for Ewma {
    fn least_days(&self) -> usize {
        LONGEST
    }

    fn forecasts(&self, days: Days<'_>, origins: Range<usize>) -> Result<Vec<Ahead>, VolatilityError> {
        check_origins(days, LONGEST, &origins)?;
        let value = |day: usize| match self.smoothed {
            Smoothed::SquaredReturns => days.returns()[day].powi(2),
            Smoothed::Variances => days.variances()[day],
        };
        let mut average = (0..LONGEST.min(days.len())).map(value).sum::<f64>() / LONGEST as f64;
        let mut forecasts = Vec::with_capacity(origins.len());
        for origin in LONGEST..origins.end {
            if origin > LONGEST {
                average = self.decay * average + (1.0 - self.decay) * value(origin - 1);
            }
            if origin >= origins.start {
                forecasts.push([average; HORIZONS.len()]);
            }
        }
        check_forecasts("the moving average", origins.start, forecasts)
    }
}
