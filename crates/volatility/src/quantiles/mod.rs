//! Quantiles of the next return, and its whole distribution, from what came in the past.

mod empirical;
mod filtered;
mod historical;

use std::ops::Range;

pub use empirical::Empirical;
pub(crate) use empirical::check_level;
pub use filtered::{FilteredHistory, FittedHistory, residuals};
pub use historical::HistoricalSimulation;

use crate::{days::Days, error::VolatilityError, refits::Refits};

/// The levels that risk is commonly told at: losses that one day in a hundred and one in twenty exceeds, and gains
/// alike.
pub const LEVELS: [f64; 4] = [0.01, 0.05, 0.95, 0.99];

/// How many quantiles, at the levels `k / 200`, stand for a whole distribution.
pub const GRID: usize = 199;

/// The levels of the whole distribution, `[GRID]`: those that
/// [`crps_of_quantiles`](recurrent_metrics::risk::crps_of_quantiles) expects.
///
/// ```
/// use recurrent_volatility::quantiles::{LEVELS, grid};
///
/// assert!(LEVELS.iter().all(|level| grid().contains(level)));
/// ```
pub fn grid() -> Vec<f64> {
    (1..=GRID).map(|place| place as f64 / (GRID + 1) as f64).collect()
}

/// A model of the next return's distribution before it is fitted. Many threads may fit one at once.
pub trait QuantileModel: Send + Sync {
    /// The model's name, as a table shows it.
    fn name(&self) -> String;

    /// Fits the model to training days. It reads nothing but them.
    ///
    /// # Errors
    ///
    /// When there are too few days, or they do not determine the model.
    fn fit(&self, training: Days<'_>) -> Result<Box<dyn FittedQuantiles>, VolatilityError>;
}

/// A fitted model of the next return's distribution. Many threads may use one at once.
pub trait FittedQuantiles: Send + Sync {
    /// The quantiles of the next return at some levels, `[origins, levels]`. A forecast reads the days before its
    /// origin alone.
    ///
    /// # Errors
    ///
    /// When too few days lie before the first origin, the last lies past the end, or a level is not between 0 and 1.
    fn quantiles(
        &self,
        days: Days<'_>,
        origins: Range<usize>,
        levels: &[f64],
    ) -> Result<Vec<Vec<f64>>, VolatilityError>;
}

/// The quantiles of a model from several origins, `[origins, levels]`, fitted anew as `refits` says.
///
/// # Errors
///
/// When a refit's setting is 0, a fit fails, or a forecast does.
pub fn walk(
    model: &dyn QuantileModel,
    days: Days<'_>,
    origins: Range<usize>,
    refits: Refits,
    levels: &[f64],
) -> Result<Vec<Vec<f64>>, VolatilityError> {
    let mut quantiles = Vec::with_capacity(origins.len());
    for segment in refits.plan(origins, days.len())? {
        let training = days.until(segment.training.end).since(segment.training.start);
        quantiles.extend(model.fit(training)?.quantiles(days, segment.origins, levels)?);
    }
    Ok(quantiles)
}
