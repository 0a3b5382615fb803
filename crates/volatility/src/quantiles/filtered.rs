//! Filtered historical simulation (Barone-Adesi, Giannopoulos and Vosper 1999): the next return is a past one, as large
//! as the variance forecast makes it.

use std::ops::Range;

use super::{Empirical, FittedQuantiles, QuantileModel};
use crate::{
    days::Days,
    error::VolatilityError,
    model::{FittedVariance, VarianceModel},
};

/// Filtered historical simulation over any model of variance.
///
/// With `F_t` the model's forecast of the variance of day `t` and `m` its mean return, the residuals
/// `z_t = (r_t - m) / sqrt(F_t)` of the training days have the shape of the distribution, and the quantile of the next
/// return is `m + sqrt(F) q(z)`. The forecasts on the training days are those of the model that was fitted to all of
/// them.
#[derive(Clone, Copy, Debug)]
pub struct FilteredHistory<M> {
    /// The model of variance.
    pub model: M,
}

impl<M: VarianceModel> FilteredHistory<M> {
    /// Over a model of variance.
    pub fn over(model: M) -> Self {
        Self { model }
    }
}

impl<M: VarianceModel> QuantileModel for FilteredHistory<M> {
    fn name(&self) -> String {
        format!("filtered by {}", self.model.name())
    }

    fn fit(&self, training: Days<'_>) -> Result<Box<dyn FittedQuantiles>, VolatilityError> {
        Ok(Box::new(FittedHistory::new(self.model.fit(training)?, training)?))
    }
}

/// A fitted model of variance, with the distribution of its residuals.
pub struct FittedHistory {
    variance: Box<dyn FittedVariance>,
    residuals: Empirical,
}

impl FittedHistory {
    /// Takes the residuals of a fitted model on days, which should be those that it was fitted to or later ones.
    ///
    /// # Errors
    ///
    /// When no forecast can be made on the days.
    pub fn new(variance: Box<dyn FittedVariance>, days: Days<'_>) -> Result<Self, VolatilityError> {
        let residuals = residuals(&*variance, days)?;
        Ok(Self { variance, residuals })
    }

    /// The distribution of the residuals.
    pub fn residuals(&self) -> &Empirical {
        &self.residuals
    }
}

/// The residuals `(r - m) / sqrt(F)` of a fitted model on days: of all that have enough days before them.
///
/// # Errors
///
/// When no forecast can be made on the days.
pub fn residuals(variance: &dyn FittedVariance, days: Days<'_>) -> Result<Empirical, VolatilityError> {
    let first = variance.least_days();
    let forecasts = variance.forecasts(days, first..days.len().max(first))?;
    let returns = days.returns().iter().skip(first);
    let mean = variance.mean_return();
    Empirical::of(returns.zip(&forecasts).map(|(r, ahead)| (r - mean) / ahead[0].sqrt()).collect())
}

impl FittedQuantiles for FittedHistory {
    fn quantiles(
        &self,
        days: Days<'_>,
        origins: Range<usize>,
        levels: &[f64],
    ) -> Result<Vec<Vec<f64>>, VolatilityError> {
        let mean = self.variance.mean_return();
        let shape =
            levels.iter().map(|level| self.residuals.quantile(*level)).collect::<Result<Vec<_>, _>>()?;
        let forecasts = self.variance.forecasts(days, origins)?;
        let quantiles = |variance: f64| shape.iter().map(|z| mean + variance.sqrt() * z).collect();
        Ok(forecasts.iter().map(|ahead| quantiles(ahead[0])).collect())
    }
}
