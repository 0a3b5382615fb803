//! Split conformal prediction (Papadopoulos et al. 2002; Lei et al. 2018).

use super::{check_scores, radius};
use crate::{error::VolatilityError, quantiles::check_level};

/// The radius that the next score passes with at most the probability `miss`, from the scores of days that the model
/// was not fitted to. It holds exactly where the next day's score may have been any of them (is exchangeable with
/// them). It is infinite where there are fewer scores than `1 / miss - 1`.
///
/// ```
/// use recurrent_volatility::conformal::split;
///
/// let scores: Vec<f64> = (1..=9).map(f64::from).collect();
/// assert_eq!(split(&scores, 0.2)?, 8.0);
/// assert_eq!(split(&scores, 0.05)?, f64::INFINITY);
/// # Ok::<(), recurrent_volatility::VolatilityError>(())
/// ```
///
/// # Errors
///
/// When there is no score, one is negative or not finite, or `miss` is not between 0 and 1.
pub fn split(scores: &[f64], miss: f64) -> Result<f64, VolatilityError> {
    check_level(miss)?;
    check_scores(scores)?;
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(radius(&sorted, miss))
}
