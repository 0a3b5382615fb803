//! What regressions read of the days before an origin. Returns are in per cent, so that weights are of one size.

use crate::{
    days::Days,
    horizons::{HORIZONS, LONGEST},
};

/// How many of the last returns [`lags`] has one by one.
const RETURN_LAGS: usize = 5;

/// The means of the last 1, 5 and 22 variances (Corsi 2009).
pub(crate) fn averages(days: Days<'_>, origin: usize) -> [f64; 3] {
    means(days.variances(), origin)
}

/// The negative parts of the mean returns of the last 1, 5 and 22 days, in per cent (Corsi and Renò 2012): prices that
/// fell are followed by larger moves than prices that rose.
pub(crate) fn leverage(days: Days<'_>, origin: usize) -> [f64; 3] {
    means(days.returns(), origin).map(|mean| mean.min(0.0) * 100.0)
}

/// The logarithms of the last 22 variances, the newest first, and of the means of 5 and 22; the negative part and the
/// size of the last 5 returns; the negative parts of the mean returns of 5 and 22 days.
pub(crate) fn lags(days: Days<'_>, origin: usize) -> Vec<f64> {
    let newest = |values: &[f64], count: usize| {
        values[origin - count..origin].iter().rev().copied().collect::<Vec<_>>()
    };
    let returns = newest(days.returns(), RETURN_LAGS);
    let mut row: Vec<f64> = newest(days.variances(), LONGEST).iter().map(|variance| variance.ln()).collect();
    row.extend(averages(days, origin)[1..].iter().map(|mean| mean.ln()));
    row.extend(returns.iter().map(|r| r.min(0.0) * 100.0));
    row.extend(returns.iter().map(|r| r.abs() * 100.0));
    row.extend(&leverage(days, origin)[1..]);
    row
}

/// The means of the last 1, 5 and 22 values before an origin.
pub(crate) fn means(values: &[f64], origin: usize) -> [f64; 3] {
    HORIZONS.map(|count| values[origin - count..origin].iter().sum::<f64>() / count as f64)
}
