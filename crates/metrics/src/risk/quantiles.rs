//! How far quantiles, and a whole distribution, fall from what came.

use super::error::{RiskError, check_count, check_finite, check_level};
use crate::regression::mean;

/// The loss of one forecast of the quantile at `level` (Koenker and Bassett 1978), in units of what is forecast:
/// `level` times the distance where the truth is above it, `1 - level` times it where it is below.
///
/// ```
/// use recurrent_metrics::risk::pinball;
///
/// assert_eq!(pinball(-3.0, -1.0, 0.25), 1.5);
/// assert_eq!(pinball(1.0, -1.0, 0.25), 0.5);
/// ```
pub fn pinball(truth: f64, quantile: f64, level: f64) -> f64 {
    let distance = truth - quantile;
    if distance >= 0.0 { level * distance } else { (level - 1.0) * distance }
}

/// The mean [`pinball`] of one forecast for each day; both are `[days]`.
///
/// # Errors
///
/// When there is no day, not one forecast for each day, a number is not finite, or `level` is not between 0 and 1.
pub fn mean_pinball(truth: &[f64], quantiles: &[f64], level: f64) -> Result<f64, RiskError> {
    check_level(level)?;
    check_count(truth.len(), quantiles.len())?;
    check_finite("return", truth)?;
    check_finite("quantile", quantiles)?;
    Ok(mean(truth.iter().zip(quantiles).map(|(truth, quantile)| pinball(*truth, *quantile, level))))
}

/// The continuous ranked probability score of a distribution that is given by its quantiles at the levels
/// `k / (n + 1)`, `k` from 1 to `n`: twice the [`pinball`] loss summed over the levels, times their distance (Gneiting
/// and Ranjan 2011). In units of what is forecast. 199 quantiles come close to the integral.
///
/// ```
/// use recurrent_metrics::risk::crps_of_quantiles;
///
/// // The median alone: half the distance.
/// assert_eq!(crps_of_quantiles(3.0, &[1.0])?, 1.0);
/// # Ok::<(), recurrent_metrics::risk::RiskError>(())
/// ```
///
/// # Errors
///
/// When there is no quantile, or a number is not finite.
pub fn crps_of_quantiles(truth: f64, quantiles: &[f64]) -> Result<f64, RiskError> {
    check_distribution(truth, "quantile", quantiles)?;
    let step = 1.0 / (quantiles.len() + 1) as f64;
    let losses =
        quantiles.iter().zip(1..).map(|(quantile, place)| pinball(truth, *quantile, f64::from(place) * step));
    Ok(2.0 * step * losses.sum::<f64>())
}

/// The continuous ranked probability score of the distribution of a sample, in any order: `E|X - y| - E|X - X'| / 2`,
/// where `X` and `X'` are drawn from the sample independently (Gneiting and Raftery 2007, equation 21). In units of
/// what is forecast.
///
/// ```
/// use recurrent_metrics::risk::crps_of_sample;
///
/// assert_eq!(crps_of_sample(3.0, &[1.0])?, 2.0);
/// assert_eq!(crps_of_sample(1.0, &[2.0, 0.0])?, 0.5);
/// # Ok::<(), recurrent_metrics::risk::RiskError>(())
/// ```
///
/// # Errors
///
/// When the sample is empty, or a number is not finite.
pub fn crps_of_sample(truth: f64, sample: &[f64]) -> Result<f64, RiskError> {
    check_distribution(truth, "draw", sample)?;
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let to_truth = mean(sorted.iter().map(|draw| (draw - truth).abs()));
    // Each draw is above `i` of the sorted others and below `n - 1 - i`.
    let signed = sorted.iter().enumerate().map(|(i, draw)| (2.0 * i as f64 - n + 1.0) * draw);
    Ok(to_truth - signed.sum::<f64>() / (n * n))
}

fn check_distribution(truth: f64, kind: &'static str, values: &[f64]) -> Result<(), RiskError> {
    if values.is_empty() {
        return Err(RiskError::NoDistribution);
    }
    check_finite("return", &[truth])?;
    check_finite(kind, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn a_sample_scores_as_its_definition_says() {
        let (sample, truth): ([f64; 5], f64) = ([0.3, -1.2, 2.0, 0.3, 5.5], 0.9);
        let pairs = sample.iter().flat_map(|x| sample.iter().map(move |other| (x - other).abs()));
        let expected = mean(sample.iter().map(|x| (x - truth).abs())) - mean(pairs) / 2.0;
        assert_relative_eq!(crps_of_sample(truth, &sample).unwrap(), expected, epsilon = 1e-14);
    }

    #[test]
    fn quantiles_of_a_uniform_distribution_come_close_to_the_integral() {
        let quantiles: Vec<f64> = (1..200).map(|k| f64::from(k) / 200.0).collect();
        // The integral of (F(x) - 1{x >= y})^2 over [0, 1].
        let exact = |y: f64| (y.powi(3) + (1.0 - y).powi(3)) / 3.0;
        for truth in [0.0, 0.3, 0.5, 1.0] {
            let found = crps_of_quantiles(truth, &quantiles).unwrap();
            assert_relative_eq!(found, exact(truth), epsilon = 2e-5);
        }
    }

    #[test]
    fn what_cannot_be_judged_is_refused() {
        insta::assert_snapshot!(crps_of_sample(0.0, &[]).unwrap_err(), @"a distribution needs at least one quantile or draw, and there is none");
        insta::assert_snapshot!(crps_of_quantiles(0.0, &[1.0, f64::NAN]).unwrap_err(), @"the quantile at place 1 is NaN, not a finite number");
        insta::assert_snapshot!(mean_pinball(&[0.0], &[0.0], 1.0).unwrap_err(), @"the level 1 must be above 0 and below 1");
        insta::assert_snapshot!(mean_pinball(&[f64::INFINITY], &[0.0], 0.5).unwrap_err(), @"the return at place 0 is inf, not a finite number");
    }
}
