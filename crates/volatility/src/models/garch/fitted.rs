//! A fitted model, and its forecasts.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::{
    kind::{GarchKind, surprise},
    likelihood::{log_likelihood, variance_before},
    parameters::GarchParameters,
};
use crate::{
    days::Days,
    error::VolatilityError,
    horizons::{Ahead, HORIZONS, LONGEST},
    model::{FittedVariance, check_forecasts, check_origins},
};

/// How many quantiles of Student's t stand for it in EGARCH's forecasts of several days.
const QUANTILES: usize = 800;

/// A fitted model of the GARCH family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FittedGarch {
    kind: GarchKind,
    parameters: GarchParameters,
    /// A guess at the variance of the day before the first.
    before: f64,
    log_likelihood: f64,
    /// For EGARCH: the mean factor of `exp(beta^j times the surprise)`, for each `j`.
    factors: Vec<f64>,
}

impl FittedGarch {
    /// A model with known parameters. `training` says how likely they are, and what the variance was before its first
    /// day.
    pub fn new(kind: GarchKind, parameters: GarchParameters, training: Days<'_>) -> Self {
        let returns = training.returns();
        let before = if returns.is_empty() { parameters.omega.abs() } else { variance_before(returns) };
        let log_likelihood = log_likelihood(kind, &parameters, returns, before);
        let factors = if kind == GarchKind::Egarch { factors(&parameters) } else { Vec::new() };
        Self { kind, parameters, before, log_likelihood, factors }
    }

    /// The parameters, in the unit of the returns.
    pub fn garch_parameters(&self) -> GarchParameters {
        self.parameters
    }

    /// The logarithm of the likelihood of the training returns.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// The mean variances of the next days, from the state of the first of them.
    fn ahead(&self, state: f64) -> Ahead {
        let (kind, p) = (self.kind, &self.parameters);
        let mut variance = kind.variance(state);
        let mut factor = 1.0;
        let mut log = state;
        let mut sum = 0.0;
        let mut ahead = [0.0; HORIZONS.len()];
        for day in 1..=LONGEST {
            sum += variance;
            if let Some(place) = HORIZONS.iter().position(|horizon| *horizon == day) {
                ahead[place] = sum / day as f64;
            }
            variance = match self.factors.get(day - 1) {
                None => p.omega + kind.persistence(p) * variance,
                Some(next) => {
                    factor *= next;
                    log = p.omega + p.beta * log;
                    factor * log.exp()
                }
            };
        }
        ahead
    }
}

/// The means of `exp(beta^j (alpha (|z| - sqrt(2/pi)) + gamma z))` for `j` from 0: by how much the surprise of a day
/// raises the variance of `j + 1` days later. The mean over Student's t is infinite, as that of the exponential of any
/// heavy tail; over 800 of its quantiles it is what a simulation of as many paths would see.
fn factors(p: &GarchParameters) -> Vec<f64> {
    let Ok(student) = StudentsT::new(0.0, 1.0, p.freedom) else { return vec![1.0; LONGEST] };
    let scale = ((p.freedom - 2.0) / p.freedom).sqrt();
    let quantiles =
        (0..QUANTILES).map(|place| student.inverse_cdf((place as f64 + 0.5) / QUANTILES as f64) * scale);
    let surprises: Vec<f64> = quantiles.map(|z| surprise(p, z)).collect();
    let mean = |power: f64| {
        surprises.iter().map(|surprise| (power * surprise).exp()).sum::<f64>() / QUANTILES as f64
    };
    (0..LONGEST).map(|lag| mean(p.beta.powi(lag as i32))).collect()
}

impl FittedVariance for FittedGarch {
    fn least_days(&self) -> usize {
        0
    }

    fn forecasts(&self, days: Days<'_>, origins: Range<usize>) -> Result<Vec<Ahead>, VolatilityError> {
        check_origins(days, 0, &origins)?;
        let (kind, p) = (self.kind, &self.parameters);
        let mut forecasts = Vec::with_capacity(origins.len());
        let mut state = kind.first(p, self.before);
        for origin in 0..origins.end {
            if origin > 0 {
                state = kind.next(p, state, days.returns()[origin - 1] - p.mean);
            }
            if origin >= origins.start {
                forecasts.push(self.ahead(state));
            }
        }
        check_forecasts(kind.name(), origins.start, forecasts)
    }

    fn mean_return(&self) -> f64 {
        self.parameters.mean
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        self.parameters.named(self.kind)
    }
}
