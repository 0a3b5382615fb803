//! How far forecasts of a variance fall from what came.

use serde::{Deserialize, Serialize};

use super::error::{RiskError, check_count};
use crate::regression::{mean, mean_square};

/// How many of the worst days [`VarianceScores::qlike_without_worst`] leaves out. One stormy day may be a twentieth of
/// a forecaster's loss over five years.
pub const WORST_DAYS: usize = 5;

/// The loss of one forecast `F` of a variance that came out as `y`: `y/F - ln(y/F) - 1` (Patton 2011, equation 24). It
/// is 0 where they agree, without unit, and harder on too low a forecast than on too high a one.
///
/// ```
/// use recurrent_metrics::risk::qlike;
///
/// assert_eq!(qlike(2.0, 2.0), 0.0);
/// assert!(qlike(2.0, 1.0) > qlike(1.0, 2.0));
/// ```
pub fn qlike(truth: f64, forecast: f64) -> f64 {
    let ratio = truth / forecast;
    ratio - ratio.ln() - 1.0
}

/// The [`qlike`] of each day, `[days]`, such as
/// [`diebold_mariano_of_losses`](crate::forecast::diebold_mariano_of_losses) compares.
///
/// # Errors
///
/// When there is no day, not one forecast for each day, or a variance is not a positive, finite number.
pub fn qlike_losses(truth: &[f64], forecast: &[f64]) -> Result<Vec<f64>, RiskError> {
    check_count(truth.len(), forecast.len())?;
    check_variances("variance", truth)?;
    check_variances("forecast", forecast)?;
    Ok(truth.iter().zip(forecast).map(|(truth, forecast)| qlike(*truth, *forecast)).collect())
}

/// The scores of forecasts of a variance; those that need what is not there are absent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct VarianceScores {
    /// The mean of [`qlike`].
    pub qlike: f64,
    /// The same without the [`WORST_DAYS`] days with the largest losses. Absent where there are no other days.
    pub qlike_without_worst: Option<f64>,
    /// The mean of `(ln y - ln F)^2`.
    pub log_mse: f64,
    /// The regression of the logarithms of what came on those of the forecasts.
    pub in_logs: Option<MincerZarnowitz>,
    /// The mean forecast over the mean of what came: above 1 where too much risk is forecast.
    pub ratio: f64,
}

impl VarianceScores {
    /// Scores one forecast for each day. Both are `[days]`, in the same unit.
    ///
    /// ```
    /// use recurrent_metrics::risk::VarianceScores;
    ///
    /// let scores = VarianceScores::of(&[1.0, 4.0, 2.0], &[2.0, 2.0, 2.0])?;
    /// assert!((scores.qlike - (0.5 + 2.0 + 1.0 - 3.0) / 3.0).abs() < 1e-12);
    /// assert_eq!(scores.in_logs, None); // forecasts that never differ explain nothing
    /// # Ok::<(), recurrent_metrics::risk::RiskError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no day, not one forecast for each day, or a variance is not a positive, finite number.
    pub fn of(truth: &[f64], forecast: &[f64]) -> Result<Self, RiskError> {
        let mut losses = qlike_losses(truth, forecast)?;
        let pairs = || truth.iter().zip(forecast);
        let qlike = mean(losses.iter().copied());
        losses.sort_by(f64::total_cmp);
        let others = &losses[..losses.len().saturating_sub(WORST_DAYS)];
        Ok(Self {
            qlike,
            qlike_without_worst: (!others.is_empty()).then(|| mean(others.iter().copied())),
            log_mse: mean_square(pairs().map(|(truth, forecast)| (truth / forecast).ln())),
            in_logs: MincerZarnowitz::of(pairs().map(|(truth, forecast)| (forecast.ln(), truth.ln()))),
            ratio: mean(forecast.iter().copied()) / mean(truth.iter().copied()),
        })
    }
}

/// The regression `y = intercept + slope F` of what came on its forecasts (Mincer and Zarnowitz 1969). Good forecasts
/// have an intercept near 0 and a slope near 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MincerZarnowitz {
    /// What is added.
    pub intercept: f64,
    /// What a forecast is multiplied by.
    pub slope: f64,
    /// The share of the variance of what came that the forecasts explain, from 0 to 1.
    pub r2: f64,
}

impl MincerZarnowitz {
    /// From pairs of forecast and truth. Absent where either never changes.
    fn of(pairs: impl Iterator<Item = (f64, f64)> + Clone) -> Option<Self> {
        let forecast = mean(pairs.clone().map(|(forecast, _)| forecast));
        let truth = mean(pairs.clone().map(|(_, truth)| truth));
        let moment =
            |of: &dyn Fn(f64, f64) -> f64| mean(pairs.clone().map(|(f, y)| of(f - forecast, y - truth)));
        let (forecasts, truths) = (moment(&|f, _| f * f), moment(&|_, y| y * y));
        // Values that are all the same leave rounding behind, not exactly nothing.
        let least = |centre: f64| (centre * f64::EPSILON * 8.0).powi(2);
        if forecasts <= least(forecast) || truths <= least(truth) {
            return None;
        }
        let both = moment(&|f, y| f * y);
        let slope = both / forecasts;
        Some(Self { intercept: truth - slope * forecast, slope, r2: both * both / (forecasts * truths) })
    }
}

fn check_variances(kind: &'static str, values: &[f64]) -> Result<(), RiskError> {
    match values.iter().position(|value| !(value.is_finite() && *value > 0.0)) {
        Some(day) => Err(RiskError::Variance { kind, day, value: values[day] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_worst_days_are_left_out() {
        let truth = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0];
        let forecast = [9.0, 8.0, 7.0, 6.0, 5.0, 3.0, 3.0];
        let scores = VarianceScores::of(&truth, &forecast).unwrap();
        assert_relative_eq!(scores.qlike_without_worst.unwrap(), qlike(1.0, 3.0) / 2.0);
        assert_eq!(VarianceScores::of(&truth[..5], &forecast[..5]).unwrap().qlike_without_worst, None);
        assert_relative_eq!(scores.ratio, 41.0 / 9.0);
    }

    #[test]
    fn forecasts_off_by_a_power_and_a_factor_explain_everything() {
        let forecast: [f64; 4] = [1.0, 2.0, 3.0, 7.0];
        let truth = forecast.map(|forecast| 3.0 * forecast.powf(0.5));
        let found = VarianceScores::of(&truth, &forecast).unwrap().in_logs.unwrap();
        assert_relative_eq!(found.slope, 0.5, epsilon = 1e-12);
        assert_relative_eq!(found.intercept, 3f64.ln(), epsilon = 1e-12);
        assert_relative_eq!(found.r2, 1.0, epsilon = 1e-12);
    }

    #[test]
    fn what_never_changes_is_not_explained() {
        assert_eq!(VarianceScores::of(&[1.0, 2.0, 3.0], &[0.1; 3]).unwrap().in_logs, None);
        assert_eq!(
            VarianceScores::of(&[0.1; 7], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).unwrap().in_logs,
            None
        );
    }

    #[test]
    fn what_cannot_be_judged_is_refused() {
        let error = |truth: &[f64], forecast: &[f64]| qlike_losses(truth, forecast).unwrap_err().to_string();
        insta::assert_snapshot!(error(&[], &[]), @"there is no day to judge forecasts on; at least one is needed");
        insta::assert_snapshot!(error(&[1.0], &[]), @"there are 0 forecasts for 1 days; each day needs one");
        insta::assert_snapshot!(error(&[1.0, 0.0], &[1.0, 1.0]), @"the variance of day 1 is 0; variances must be positive, finite numbers");
        insta::assert_snapshot!(error(&[1.0], &[f64::NAN]), @"the forecast of day 0 is NaN; variances must be positive, finite numbers");
    }
}
