//! Either way as it is used from day to day: calibrated on the days that are known first, tried on those after them, and ready for
//! the next.

use serde::{Deserialize, Serialize};

use super::{Adaptive, check_scores, split};
use crate::error::{VolatilityError, check_days};
use crate::quantiles::check_level;

/// The most days that a radius is calibrated on.
pub const CALIBRATION: usize = 500;
/// How fast the level of [`Adaptive`] moves here: what Gibbs and Candès (2021) take.
pub const RATE: f64 = 0.005;

/// Which way radii are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// One radius for all days: see [`split`].
    Split,
    /// One that follows the times: see [`Adaptive`].
    Adaptive,
}

/// What comes of days in order: the first half of them, at most [`CALIBRATION`], calibrates, and the others are tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibrated {
    /// How many days calibrate.
    pub calibration: usize,
    /// The radius of each day after them, as it was known the day before, `[days - calibration]`.
    pub radii: Vec<f64>,
    /// The radius of the day after the last, from as many last days as calibrate.
    pub next: f64,
}

impl Method {
    /// Finds the radii that a score passes with probability `miss`, from the scores of days that the model was not fitted to.
    ///
    /// ```
    /// use recurrent_volatility::conformal::{Method, misses};
    ///
    /// let scores: Vec<f64> = (0..200).map(|day| f64::from(day * 7 % 40)).collect();
    /// let found = Method::Split.calibrated(&scores, 0.1)?;
    /// assert_eq!((found.calibration, found.radii.len()), (100, 100));
    /// let missed = misses(&scores[100..], &found.radii).iter().filter(|miss| **miss).count();
    /// assert!(missed <= 10);
    /// # Ok::<(), recurrent_volatility::VolatilityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When half of the days are too few for a finite radius, a score is negative or not finite, or `miss` is not between 0 and
    /// 1.
    pub fn calibrated(self, scores: &[f64], miss: f64) -> Result<Calibrated, VolatilityError> {
        check_level(miss)?;
        check_scores(scores)?;
        // What rounding adds to a whole number is no further day.
        let finite = ((1.0 - miss) / miss - 1e-9).ceil() as usize;
        check_days("a conformal interval of this level", scores.len(), finite.saturating_mul(2))?;
        let calibration = (scores.len() / 2).min(CALIBRATION);
        let (first, tried) = scores.split_at(calibration);
        let (radii, next) = match self {
            Self::Split => {
                let last = &scores[scores.len() - calibration..];
                (vec![split(first, miss)?; tried.len()], split(last, miss)?)
            }
            Self::Adaptive => {
                let mut adaptive = Adaptive::new(first, miss, RATE)?;
                (adaptive.walk(tried), adaptive.radius())
            }
        };
        Ok(Calibrated { calibration, radii, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_half_calibrates_and_the_last_days_make_the_next_radius() {
        let scores: Vec<f64> = (0..1200).map(f64::from).collect();
        let found = Method::Split.calibrated(&scores, 0.2).unwrap();
        // The 401st of 500 scores: of the first ones, and of the last.
        assert_eq!((found.calibration, found.radii[0], found.next), (500, 400.0, 1100.0));
        assert_eq!(found.radii, vec![400.0; 700]);
        let found = Method::Adaptive.calibrated(&scores[..30], 0.2).unwrap();
        assert_eq!((found.calibration, found.radii.len(), found.radii[0]), (15, 15, 12.0));
    }

    #[test]
    fn too_few_days_for_a_finite_radius_are_refused() {
        assert!(Method::Split.calibrated(&[1.0; 18], 0.1).unwrap().next.is_finite());
        let error = Method::Split.calibrated(&[1.0; 17], 0.1).unwrap_err();
        insta::assert_snapshot!(error, @"a conformal interval of this level needs at least 18 days, and there are 17");
        let error = Method::Adaptive.calibrated(&[1.0, 2.0, f64::NAN, 3.0], 0.5).unwrap_err();
        insta::assert_snapshot!(error, @"the score of day 2 is NaN; it must be a finite, not negative number");
    }
}
