//! How likely returns are under a model, and the variances of their days.

use statrs::function::gamma::ln_gamma;

use super::{kind::GarchKind, parameters::GarchParameters};

/// A guess at the variance of the day before the first: the mean of the first 75 squared residuals about the mean
/// return, with weights that decay by 0.94, as the Python package arch has it.
pub(super) fn variance_before(returns: &[f64]) -> f64 {
    let mean = returns.iter().sum::<f64>() / returns.len() as f64;
    let (mut weight, mut weights, mut sum) = (1.0, 0.0, 0.0);
    for r in returns.iter().take(75) {
        sum += weight * (r - mean).powi(2);
        weights += weight;
        weight *= 0.94;
    }
    sum / weights
}

/// The logarithm of the likelihood of returns under scaled Student's t: with `v` the degrees of freedom, the sum over
/// the days of
///
/// ```text
/// ln G((v+1)/2) - ln G(v/2) - ln(pi (v-2)) / 2 - ln(s^2) / 2 - (v+1)/2 ln(1 + e^2 / ((v-2) s^2))
/// ```
pub(super) fn log_likelihood(kind: GarchKind, p: &GarchParameters, returns: &[f64], before: f64) -> f64 {
    let (half, spread) = ((p.freedom + 1.0) / 2.0, p.freedom - 2.0);
    let constant = ln_gamma(half) - ln_gamma(p.freedom / 2.0) - (std::f64::consts::PI * spread).ln() / 2.0;
    let mut state = kind.first(p, before);
    let mut sum = 0.0;
    for r in returns {
        let residual = r - p.mean;
        let variance = kind.variance(state);
        sum -= variance.ln() / 2.0 + half * (residual * residual / (spread * variance)).ln_1p();
        state = kind.next(p, state, residual);
    }
    returns.len() as f64 * constant + sum
}
