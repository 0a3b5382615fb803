//! Intervals that hold as often as they say, whatever the model and the distribution: conformal prediction.
//!
//! All of it works on *scores*: how far what came lies from a forecast, over how uncertain the forecast was. The
//! interval is then everything whose score is at most a radius:
//!
//! ```text
//! the next return, from a variance F and a mean m:  score = |r - m| / sqrt(F),  interval m -+ radius sqrt(F)
//! the variance itself, from a forecast F:           score = |ln y - ln F|,      interval F exp(-+ radius)
//! ```
//!
//! [`split`] takes one radius from scores of days that the model was not fitted to, which holds as long as times do not
//! change. [`Adaptive`] moves its level after each day, so that the share of misses comes out right even when they do.
//! [`Method`] does either over days in order, of which the first calibrate and the others try it.
//! What came of either says [`misses`], to be tested by [`Coverage`](recurrent_metrics::risk::Coverage).

mod adaptive;
mod method;
mod split;

pub use adaptive::Adaptive;
pub use method::{CALIBRATION, Calibrated, Method, RATE};
pub use split::split;

use crate::error::VolatilityError;

/// Whether what came lay outside its interval, on each day: `[days]` of scores and of radii.
///
/// # Panics
///
/// When there is not one radius for each score.
pub fn misses(scores: &[f64], radii: &[f64]) -> Vec<bool> {
    assert_eq!(scores.len(), radii.len(), "each score needs its radius");
    scores.iter().zip(radii).map(|(score, radius)| score > radius).collect()
}

/// Checks scores: at least one, none of them negative or infinite.
fn check_scores(scores: &[f64]) -> Result<(), VolatilityError> {
    if scores.is_empty() {
        return Err(VolatilityError::TooFewDays { what: "a conformal interval", least: 1, days: 0 });
    }
    match scores.iter().position(|score| !(score.is_finite() && *score >= 0.0)) {
        Some(day) => Err(VolatilityError::Value {
            kind: "score",
            day,
            value: scores[day],
            expected: "finite, not negative",
        }),
        None => Ok(()),
    }
}

/// The smallest radius that at least the share `1 - miss` of a sample and one unknown score more lie within: the
/// `ceil((n + 1)(1 - miss))`-th of the sorted scores. It is infinite where there is none of that rank, and below every
/// score where `miss` is 1 or more.
fn radius(sorted: &[f64], miss: f64) -> f64 {
    if miss >= 1.0 {
        return f64::NEG_INFINITY;
    }
    // What rounding adds to a whole number is no further rank.
    let rank = ((sorted.len() + 1) as f64 * (1.0 - miss) - 1e-9).ceil() as usize;
    if rank > sorted.len() { f64::INFINITY } else { sorted[rank.max(1) - 1] }
}
