//! How many days ahead risk is forecast, and what came.

use crate::days::Days;

/// The horizons in days: the next day, week and month of trading.
pub const HORIZONS: [usize; 3] = [1, 5, 22];

/// The longest of [`HORIZONS`]; models read as many days back.
pub const LONGEST: usize = HORIZONS[HORIZONS.len() - 1];

/// The mean daily variance over the next days, one for each of [`HORIZONS`].
pub type Ahead = [f64; HORIZONS.len()];

/// The mean variance of the `horizon` days from each origin on, for the origins from `first` up to the last that has
/// all its days: what came, to compare forecasts with. It is empty where no origin has.
///
/// ```
/// use recurrent_volatility::{Days, realised};
///
/// let days = Days::new(&[0.0; 4], &[1.0, 2.0, 4.0, 8.0])?;
/// assert_eq!(realised(days, 1, 2), [3.0, 6.0]);
/// # Ok::<(), recurrent_volatility::VolatilityError>(())
/// ```
///
/// # Panics
///
/// When `horizon` is 0 or `first` is past the end.
pub fn realised(days: Days<'_>, first: usize, horizon: usize) -> Vec<f64> {
    let means = days.since(first).variances().windows(horizon);
    means.map(|variances| variances.iter().sum::<f64>() / horizon as f64).collect()
}
