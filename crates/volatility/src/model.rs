//! What every model of variance can do: be fitted, and forecast.

use std::ops::Range;

use crate::{days::Days, error::VolatilityError, horizons::Ahead, refits::Refits};

/// A model of variance before it is fitted: its settings. Many threads may fit one at once.
pub trait VarianceModel: Send + Sync {
    /// The model's name, as a table shows it.
    fn name(&self) -> &'static str;

    /// Fits the model to training days. It reads nothing but them.
    ///
    /// # Errors
    ///
    /// When there are too few days, or they do not determine the model.
    fn fit(&self, training: Days<'_>) -> Result<Box<dyn FittedVariance>, VolatilityError>;

    /// Fits the model again to more or later days. Models that search for their parameters may begin where the last
    /// search ended.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit).
    fn refit(
        &self,
        training: Days<'_>,
        _before: &dyn FittedVariance,
    ) -> Result<Box<dyn FittedVariance>, VolatilityError> {
        self.fit(training)
    }
}

/// A fitted model of variance. Many threads may use one at once.
pub trait FittedVariance: Send + Sync {
    /// How many days must lie before a forecast.
    fn least_days(&self) -> usize;

    /// The forecasts from several origins, one for each. A forecast from origin `o` reads the days before the place `o`
    /// alone, so `days` may hold later ones; `days.len()` is the last origin there is.
    ///
    /// # Errors
    ///
    /// When too few days lie before the first origin, the last lies past the end, or a forecast is not a positive
    /// number.
    fn forecasts(&self, days: Days<'_>, origins: Range<usize>) -> Result<Vec<Ahead>, VolatilityError>;

    /// The mean return that the model expects of a day; 0 where it has none.
    fn mean_return(&self) -> f64 {
        0.0
    }

    /// The fitted parameters by their names, for a report, and for the next fit to begin from.
    fn parameters(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }
}

/// The forecast that follows the last day.
///
/// # Errors
///
/// As [`FittedVariance::forecasts`].
pub fn forecast(fitted: &dyn FittedVariance, days: Days<'_>) -> Result<Ahead, VolatilityError> {
    let forecasts = fitted.forecasts(days, days.len()..days.len() + 1)?;
    Ok(forecasts[0])
}

/// The forecasts of a model from several origins, fitted anew as `refits` says. Each reads only days before its origin,
/// to be fitted to as well.
///
/// ```
/// use recurrent_volatility::{Refits, Seed, models::Har, simulate, walk};
///
/// let market = simulate::log_har(&simulate::LogHar::default(), 400, Seed(1))?;
/// let forecasts = walk(&Har::default(), market.days(), 300..400, Refits::Expanding { every: 21 })?;
/// assert_eq!(forecasts.len(), 100);
/// # Ok::<(), recurrent_volatility::VolatilityError>(())
/// ```
///
/// # Errors
///
/// When a refit's setting is 0, a fit fails, or a forecast does.
pub fn walk(
    model: &dyn VarianceModel,
    days: Days<'_>,
    origins: Range<usize>,
    refits: Refits,
) -> Result<Vec<Ahead>, VolatilityError> {
    let mut forecasts = Vec::with_capacity(origins.len());
    let mut before: Option<Box<dyn FittedVariance>> = None;
    for segment in refits.plan(origins, days.len())? {
        let training = days.until(segment.training.end).since(segment.training.start);
        let fitted = match &before {
            None => model.fit(training)?,
            Some(before) => model.refit(training, &**before)?,
        };
        forecasts.extend(fitted.forecasts(days, segment.origins)?);
        before = Some(fitted);
    }
    Ok(forecasts)
}

/// Checks that every origin has enough days before it and is there.
pub(crate) fn check_origins(
    days: Days<'_>,
    least: usize,
    origins: &Range<usize>,
) -> Result<(), VolatilityError> {
    let fault = |origin| Err(VolatilityError::Origin { origin, least, days: days.len() });
    if origins.is_empty() {
        Ok(())
    } else if origins.start < least {
        fault(origins.start)
    } else if origins.end - 1 > days.len() {
        fault(origins.end - 1)
    } else {
        Ok(())
    }
}

/// Checks that forecasts are variances.
pub(crate) fn check_forecasts(
    model: &'static str,
    first: usize,
    forecasts: Vec<Ahead>,
) -> Result<Vec<Ahead>, VolatilityError> {
    for (ahead, origin) in forecasts.iter().zip(first..) {
        if let Some(&value) = ahead.iter().find(|value| !(value.is_finite() && **value > 0.0)) {
            return Err(VolatilityError::Forecast { model, origin, value });
        }
    }
    Ok(forecasts)
}
