//! Whether one forecaster's lead over another could be chance: the Diebold-Mariano test.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::regression::mean;
use crate::significance::LEVEL;

/// What the Diebold-Mariano test says of two forecasters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DieboldMariano {
    /// The corrected statistic. Negative when the first forecaster has the smaller squared errors.
    pub statistic: f64,
    /// How likely a statistic at least this far from 0, to either side, is when both are equally good.
    pub p_value: f64,
}

impl DieboldMariano {
    /// The p-value of the one-sided test, whose alternative is that the first forecaster is the better one.
    /// It is half of [`p_value`](Self::p_value) when the first forecaster leads, so a lead passes it more
    /// easily; reports quote the two-sided value.
    pub fn one_sided(&self) -> f64 {
        let half = self.p_value / 2.0;
        if self.statistic < 0.0 { half } else { 1.0 - half }
    }

    /// Whether the difference counts as more than chance, at [`LEVEL`].
    pub fn is_significant(&self) -> bool {
        self.p_value < LEVEL
    }
}

/// Tests whether two forecasters have the same expected squared error, given the errors of both on the same
/// days, in order of time. `horizon` is how many steps ahead they forecast, at least 1.
///
/// With `d_t = e1_t^2 - e2_t^2`, `n` of them, `d` their mean and `g_k` their autocovariance at lag `k`:
///
/// ```text
/// S = d / sqrt((g_0 + 2 (g_1 + ... + g_{h-1})) / n)            (Diebold and Mariano 1995)
/// S* = S sqrt((n + 1 - 2h + h (h-1) / n) / n), against t_{n-1}  (Harvey, Leybourne and Newbold 1997)
/// ```
///
/// Where that variance is not positive, which can happen for `h > 1`, the autocovariances are weighted by
/// `1 - k/h` (Bartlett), under which it cannot be negative.
///
/// Forecasters whose squared errors agree on every day give a statistic of 0 and a p-value of 1. The test is
/// absent when `horizon` is 0, there are fewer errors than twice the horizon, or the squared errors always
/// differ by the same amount, which leaves no variance to judge by.
///
/// # Panics
///
/// When the two have different numbers of errors.
pub fn diebold_mariano(first: &[f64], second: &[f64], horizon: usize) -> Option<DieboldMariano> {
    let squared = |errors: &[f64]| errors.iter().map(|error| error * error).collect::<Vec<_>>();
    test(&squared(first), &squared(second), horizon, long_run_variance)
}

/// Tests whether two forecasters have the same expected loss, given the losses of both on the same days, in order of
/// time, whatever the loss is. `horizon` is how many steps ahead they forecast, at least 1.
///
/// As [`diebold_mariano`] with `d_t = first_t - second_t`, but for its variance, which takes in that losses of risk are
/// correlated far beyond the horizon: autocovariances up to the lag `L = max(n^(1/3), 2(h-1))`, the root rounded up,
/// are weighted by `1 - k/(L+1)` (Bartlett; Newey and West 1987):
///
/// ```text
/// S = d / sqrt((g_0 + 2 (w_1 g_1 + ... + w_L g_L)) / n),  w_k = 1 - k/(L+1)
/// ```
///
/// Forecasters whose losses agree on every day give a statistic of 0 and a p-value of 1. The test is absent when
/// `horizon` is 0, there are fewer losses than twice the horizon, or the losses always differ by the same amount.
///
/// # Panics
///
/// When the two have different numbers of losses.
pub fn diebold_mariano_of_losses(first: &[f64], second: &[f64], horizon: usize) -> Option<DieboldMariano> {
    test(first, second, horizon, bartlett_variance)
}

fn test(
    first: &[f64],
    second: &[f64],
    horizon: usize,
    variance: fn(&[f64], f64, usize) -> f64,
) -> Option<DieboldMariano> {
    assert_eq!(first.len(), second.len(), "both forecasters must be judged on the same days");
    if horizon == 0 || first.len() < horizon.saturating_mul(2) {
        return None;
    }
    let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
    if differences.iter().all(|difference| *difference == 0.0) {
        return Some(DieboldMariano { statistic: 0.0, p_value: 1.0 });
    }
    let (n, h) = (differences.len() as f64, horizon as f64);
    let centre = mean(differences.iter().copied());
    let variance = variance(&differences, centre, horizon);
    // Differences that are all the same leave rounding behind, not exactly nothing.
    let least = (centre * f64::EPSILON * 8.0).powi(2);
    if variance <= least {
        return None;
    }
    let correction = ((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n).sqrt();
    let statistic = centre / (variance / n).sqrt() * correction;
    let student = StudentsT::new(0.0, 1.0, n - 1.0).ok()?;
    let p_value = (2.0 * student.sf(statistic.abs())).min(1.0);
    statistic.is_finite().then_some(DieboldMariano { statistic, p_value })
}

/// With flat weights, or Bartlett's where those give nothing.
fn long_run_variance(differences: &[f64], centre: f64, horizon: usize) -> f64 {
    let flat = weighted_variance(differences, centre, horizon - 1, |_| 1.0);
    if flat > 0.0 { flat } else { bartlett(differences, centre, horizon - 1) }
}

/// With Bartlett's weights over the lags that losses of risk are correlated over.
fn bartlett_variance(differences: &[f64], centre: f64, horizon: usize) -> f64 {
    let root = (differences.len() as f64).cbrt().ceil() as usize;
    let lags = root.max(2 * (horizon - 1)).min(differences.len() - 1);
    bartlett(differences, centre, lags)
}

fn bartlett(differences: &[f64], centre: f64, lags: usize) -> f64 {
    weighted_variance(differences, centre, lags, |lag| 1.0 - lag as f64 / (lags + 1) as f64)
}

fn weighted_variance(differences: &[f64], centre: f64, lags: usize, weight: impl Fn(usize) -> f64) -> f64 {
    let n = differences.len() as f64;
    let covariance = |lag: usize| {
        let pairs = differences[lag..].iter().zip(differences);
        pairs.map(|(later, earlier)| (later - centre) * (earlier - centre)).sum::<f64>() / n
    };
    covariance(0) + 2.0 * (1..=lags).map(|lag| weight(lag) * covariance(lag)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_abs_diff_eq;

    // Two series of made-up errors, and absolute errors of two more. What is expected of them comes from
    // `dm.test` of R's `forecast` (four digits, quoted by the tests of the Python package dieboldmariano) and
    // from the formulas above in Python, the t distribution integrated by Simpson's rule (eight digits).
    const SECOND: [f64; 15] = [
        0.12794132529988733,
        0.3679643204341153,
        0.768715420996091,
        0.09972248964114683,
        0.27197653636654284,
        0.28797629010039505,
        0.9160213458582482,
        0.6112628048698798,
        0.5452873235576241,
        0.06785907231746158,
        0.6072666485541124,
        0.6241575753989782,
        0.39998026828867217,
        0.19895665605941748,
        0.8094941215215619,
    ];
    const FIRST: [f64; 15] = [
        0.3675225224615024,
        0.5450608127223211,
        0.22044990720021074,
        0.8688743471040006,
        0.6072512228948467,
        0.8582283746501538,
        0.41662295816718187,
        0.3812100211114714,
        0.7185133356116706,
        0.30827323290318875,
        0.4297093624074402,
        0.8615974488577858,
        0.7240514514808826,
        0.3450839595261038,
        0.19675301374013598,
    ];

    #[test]
    fn one_step_ahead_agrees_with_an_independent_computation() {
        let (first, second) = ([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], [0.0, 2.0, 3.0, 3.0, 5.0, 6.0]);
        let test = diebold_mariano(&first, &second, 1).unwrap();
        assert_abs_diff_eq!(test.statistic, -2.490488234376871, epsilon = 1e-12);
        assert_abs_diff_eq!(test.p_value, 0.055128119902923434, epsilon = 1e-8);
        assert_abs_diff_eq!(test.one_sided(), 0.0275640599, epsilon = 1e-8);
        let swapped = diebold_mariano(&second, &first, 1).unwrap();
        assert_eq!(swapped.statistic, -test.statistic);
        assert_abs_diff_eq!(swapped.one_sided(), 1.0 - test.one_sided(), epsilon = 1e-12);
    }

    #[test]
    fn three_steps_ahead_agrees_with_an_independent_computation() {
        // The value is for absolute errors: squares of their roots.
        let roots = |errors: [f64; 15]| errors.map(f64::sqrt);
        let test = diebold_mariano(&roots(FIRST), &roots(SECOND), 3).unwrap();
        assert_abs_diff_eq!(test.statistic, 1.2109, epsilon = 5e-5);
        assert_abs_diff_eq!(test.one_sided(), 0.877, epsilon = 5e-4);
    }

    #[test]
    fn a_negative_variance_falls_back_to_bartlett_weights() {
        let first: [f64; 8] = [1.2, -0.4, 0.3, -2.0, 0.9, 1.1, -0.7, 0.2];
        let second: [f64; 8] = [0.8, -1.1, 0.5, -1.6, 1.5, 0.4, -1.3, 0.9];
        let test = diebold_mariano(&first, &second, 2).unwrap();
        assert_abs_diff_eq!(test.statistic, -0.5562418440967126, epsilon = 1e-12);
        assert_abs_diff_eq!(test.p_value, 0.5953707853571852, epsilon = 1e-8);
    }

    #[test]
    fn equal_forecasters_cannot_be_told_apart() {
        let test = diebold_mariano(&[1.0, -2.0, 3.0], &[-1.0, 2.0, 3.0], 1).unwrap();
        assert_eq!(test, DieboldMariano { statistic: 0.0, p_value: 1.0 });
        assert!(!test.is_significant());
    }

    #[test]
    fn what_leaves_no_variance_has_no_test() {
        assert_eq!(diebold_mariano(&[], &[], 1), None);
        assert_eq!(diebold_mariano(&[1.0], &[2.0], 1), None);
        assert_eq!(diebold_mariano(&[1.0, 1.0, 1.0], &[2.0, 2.0, 2.0], 1), None);
        assert_eq!(diebold_mariano(&[0.1; 7], &[0.3; 7], 1), None);
        assert_eq!(diebold_mariano(&[1.0, 2.0, 3.0], &[2.0, 2.0, 1.0], 2), None);
        assert_eq!(diebold_mariano(&[1.0, 2.0, 3.0], &[2.0, 2.0, 1.0], 0), None);
        assert_eq!(diebold_mariano_of_losses(&[0.1; 7], &[0.3; 7], 1), None);
        assert_eq!(diebold_mariano_of_losses(&[1.0, 2.0], &[2.0, 2.0], 2), None);
    }
}
