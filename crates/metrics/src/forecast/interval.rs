//! How far prices may stray from a forecast path: an interval for each day ahead, from the forecaster's own
//! past errors.

use rand::RngExt;
use recurrent_seed::Seed;
use serde::{Deserialize, Serialize};

/// How many paths are drawn. With 10,000, the bounds of a 90 % interval hold to about half a per cent of the
/// probability.
pub const PATHS: usize = 10_000;

/// Keeps the draws here apart from others under the same seed.
const STREAM: u64 = u64::from_be_bytes(*b"interval");

/// The bounds between which the price of one day is expected.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

/// Why no interval can be given.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IntervalError {
    /// There are no past errors to draw from.
    #[error("an interval needs the errors of past forecasts, and there are none")]
    NoResiduals,
    /// The level is not a probability between 0 and 1.
    #[error("the level of an interval is {0}; it must be above 0 and below 1")]
    Level(f64),
    /// A day's scale is no size.
    #[error("the scale of a day's errors is {0}; it must be a finite number, not below 0")]
    Scale(f64),
    /// A price or forecast has no logarithm.
    #[error("a price or forecast is {0}; an interval needs positive, finite ones")]
    Price(f64),
}

/// The logarithmic error of each one-step forecast: `ln(truth / forecast)`.
///
/// # Errors
///
/// When a price or a forecast is not a positive number.
///
/// # Panics
///
/// When there are not as many forecasts as prices.
pub fn residuals(truth: &[f64], forecast: &[f64]) -> Result<Vec<f64>, IntervalError> {
    assert_eq!(truth.len(), forecast.len(), "each price needs its forecast");
    truth
        .iter()
        .zip(forecast)
        .map(|(truth, forecast)| Ok(logarithm(*truth)? - logarithm(*forecast)?))
        .collect()
}

/// The interval of each day of a forecast path that holds the price with probability `level`, as far as past
/// one-step errors tell.
///
/// Draws [`PATHS`] futures: each day adds one of the `residuals`, less their mean, to the path's logarithmic
/// error, and the bounds are the quantiles of that over the paths. The error thus grows as the square root
/// of the days, with the heavy tails of the residuals. What it leaves out makes real intervals wider: errors
/// of the forecaster that grow with the horizon, and calm and stormy times that follow one another.
///
/// `forecast` holds the price of each day ahead; `residuals` comes from [`residuals`] on windows that the
/// forecaster was not fitted to.
///
/// ```
/// use recurrent_metrics::{Seed, forecast::{fan, residuals}};
///
/// let past = residuals(&[101.0, 99.0, 102.0, 103.0], &[100.0, 100.0, 100.0, 102.0])?;
/// let days = fan(&[103.0, 103.1], &past, 0.9, Seed(1))?;
/// assert!(days[1].high - days[1].low > days[0].high - days[0].low);
/// # Ok::<(), recurrent_metrics::forecast::IntervalError>(())
/// ```
///
/// # Errors
///
/// When there are no residuals, the level is not between 0 and 1, or a forecast is not a positive number.
pub fn fan(forecast: &[f64], residuals: &[f64], level: f64, seed: Seed) -> Result<Vec<Range>, IntervalError> {
    scaled_fan(forecast, residuals, &vec![1.0; forecast.len()], level, seed)
}

/// The same where each day has a scale of its own, `[days]`: a day's error is one of the `residuals`, less their mean,
/// times its scale. With residuals over their forecast deviations, and forecast deviations for scales, the interval
/// breathes with the risk that is forecast (Barone-Adesi, Giannopoulos and Vosper 1999).
///
/// # Errors
///
/// As [`fan`], or a scale is negative or not finite.
///
/// # Panics
///
/// When there is not one scale for each forecast.
pub fn scaled_fan(
    forecast: &[f64],
    residuals: &[f64],
    scales: &[f64],
    level: f64,
    seed: Seed,
) -> Result<Vec<Range>, IntervalError> {
    assert_eq!(forecast.len(), scales.len(), "each forecast needs its scale");
    if let Some(scale) = scales.iter().find(|scale| !(scale.is_finite() && **scale >= 0.0)) {
        return Err(IntervalError::Scale(*scale));
    }
    if residuals.is_empty() {
        return Err(IntervalError::NoResiduals);
    }
    if !(level > 0.0 && level < 1.0) {
        return Err(IntervalError::Level(level));
    }
    let centre = residuals.iter().sum::<f64>() / residuals.len() as f64;
    let mut draws = seed.stream(&[STREAM]);
    let mut errors = vec![0.0; PATHS];
    let mut sorted = Vec::with_capacity(PATHS);
    let day = |(forecast, scale): (&f64, &f64)| {
        logarithm(*forecast)?;
        for error in &mut errors {
            *error += (residuals[draws.random_range(0..residuals.len())] - centre) * scale;
        }
        sorted.clone_from(&errors);
        sorted.sort_unstable_by(f64::total_cmp);
        let bound = |probability: f64| forecast * quantile(&sorted, probability).exp();
        Ok(Range { low: bound((1.0 - level) / 2.0), high: bound((1.0 + level) / 2.0) })
    };
    forecast.iter().zip(scales).map(day).collect()
}

fn logarithm(price: f64) -> Result<f64, IntervalError> {
    if price.is_finite() && price > 0.0 { Ok(price.ln()) } else { Err(IntervalError::Price(price)) }
}

/// The quantile of sorted values, linear between neighbours (type 7 of Hyndman and Fan 1996).
fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let place = probability * (sorted.len() - 1) as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// Log growths of a random walk: uniform draws summed, so nearly normal, of standard deviation 0.01.
    fn growths(count: usize, seed: u64) -> Vec<f64> {
        let mut draws = Seed(seed).stream(&[]);
        (0..count).map(|_| 0.01 * ((0..12).map(|_| draws.random::<f64>()).sum::<f64>() - 6.0)).collect()
    }

    #[test]
    fn the_interval_covers_a_random_walk_as_often_as_it_says() {
        let (seed, futures) = (3, 4000);
        let past = growths(2000, seed);
        for level in [0.5, 0.9] {
            let days = fan(&[100.0; 5], &past, level, Seed(seed)).unwrap();
            let mut covered = [0.0; 5];
            for future in growths(5 * futures, seed + 1).chunks_exact(5) {
                let mut price = 100.0;
                for ((growth, range), covered) in future.iter().zip(&days).zip(&mut covered) {
                    price *= growth.exp();
                    *covered +=
                        f64::from(u8::from(range.low <= price && price <= range.high)) / futures as f64;
                }
            }
            for (day, share) in covered.into_iter().enumerate() {
                assert!((share - level).abs() < 0.03, "seed {seed}: day {day} covers {share} for {level}");
            }
        }
    }

    #[test]
    fn the_interval_widens_with_the_root_of_the_days() {
        let days = fan(&[100.0; 16], &growths(2000, 5), 0.9, Seed(5)).unwrap();
        let width = |day: usize| (days[day].high / days[day].low).ln();
        assert_relative_eq!(width(15) / width(0), 4.0, max_relative = 0.05);
    }

    #[test]
    fn a_stormy_day_widens_the_interval_by_its_own_scale() {
        let past = growths(2000, 5);
        let width = |range: &Range| (range.high / range.low).ln();
        let calm = fan(&[100.0; 2], &past, 0.9, Seed(5)).unwrap();
        let storm = scaled_fan(&[100.0; 2], &past, &[1.0, 3.0], 0.9, Seed(5)).unwrap();
        assert_eq!(storm[0], calm[0]);
        // The variances of days add up: 1 + 9 in place of 1 + 1.
        assert_relative_eq!(width(&storm[1]) / width(&calm[1]), 5f64.sqrt(), max_relative = 0.05);
        let error = scaled_fan(&[1.0], &past, &[-1.0], 0.9, Seed(5)).unwrap_err();
        insta::assert_snapshot!(error, @"the scale of a day's errors is -1; it must be a finite number, not below 0");
    }

    #[test]
    fn the_same_seed_gives_the_same_interval() {
        let past = growths(50, 1);
        let with_seed = |seed| fan(&[100.0, 101.0], &past, 0.8, Seed(seed)).unwrap();
        assert_eq!(with_seed(7), with_seed(7));
        assert_ne!(with_seed(7), with_seed(8));
    }

    #[test]
    fn errors_without_spread_leave_the_forecast_itself() {
        let days = fan(&[10.0, 20.0], &[0.25, 0.25], 0.9, Seed(1)).unwrap();
        assert_eq!(days, [Range { low: 10.0, high: 10.0 }, Range { low: 20.0, high: 20.0 }]);
    }

    #[test]
    fn what_gives_no_interval_is_refused() {
        insta::assert_snapshot!(fan(&[1.0], &[], 0.9, Seed(1)).unwrap_err(), @"an interval needs the errors of past forecasts, and there are none");
        insta::assert_snapshot!(fan(&[1.0], &[0.1], 1.0, Seed(1)).unwrap_err(), @"the level of an interval is 1; it must be above 0 and below 1");
        insta::assert_snapshot!(fan(&[1.0], &[0.1], f64::NAN, Seed(1)).unwrap_err(), @"the level of an interval is NaN; it must be above 0 and below 1");
        insta::assert_snapshot!(fan(&[-1.0], &[0.1], 0.9, Seed(1)).unwrap_err(), @"a price or forecast is -1; an interval needs positive, finite ones");
        insta::assert_snapshot!(residuals(&[0.0], &[1.0]).unwrap_err(), @"a price or forecast is 0; an interval needs positive, finite ones");
    }
}
