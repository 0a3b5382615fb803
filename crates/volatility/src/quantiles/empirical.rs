//! The distribution of a sample.

use serde::{Deserialize, Serialize};

use crate::error::VolatilityError;

/// The distribution of a sample of at least one number. What is read back from a file is checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Empirical {
    sorted: Vec<f64>,
}

#[derive(Deserialize)]
struct Unchecked {
    sorted: Vec<f64>,
}

impl TryFrom<Unchecked> for Empirical {
    type Error = VolatilityError;

    fn try_from(Unchecked { sorted }: Unchecked) -> Result<Self, VolatilityError> {
        Self::of(sorted)
    }
}

impl Empirical {
    /// The distribution of a sample, in any order.
    ///
    /// # Errors
    ///
    /// When there is no number, or one is not finite.
    pub fn of(mut sample: Vec<f64>) -> Result<Self, VolatilityError> {
        if sample.is_empty() {
            return Err(VolatilityError::TooFewDays { what: "a distribution", least: 1, days: 0 });
        }
        if let Some(day) = sample.iter().position(|value| !value.is_finite()) {
            return Err(VolatilityError::Value {
                kind: "return",
                day,
                value: sample[day],
                expected: "finite",
            });
        }
        sample.sort_by(f64::total_cmp);
        Ok(Self { sorted: sample })
    }

    /// The quantile at a level, between neighbours in a straight line: definition 7 of Hyndman and Fan (1996), which
    /// NumPy and R have as their own.
    ///
    /// ```
    /// use recurrent_volatility::quantiles::Empirical;
    ///
    /// let sample = Empirical::of(vec![3.0, 1.0, 2.0])?;
    /// assert_eq!((sample.quantile(0.5)?, sample.quantile(0.25)?), (2.0, 1.5));
    /// # Ok::<(), recurrent_volatility::VolatilityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the level is not between 0 and 1.
    pub fn quantile(&self, level: f64) -> Result<f64, VolatilityError> {
        check_level(level)?;
        Ok(self.at(level))
    }

    /// The quantile at a level from 0 to 1.
    fn at(&self, level: f64) -> f64 {
        let place = level * (self.sorted.len() - 1) as f64;
        let below = place.floor();
        let above = (below as usize + 1).min(self.sorted.len() - 1);
        let (low, high) = (self.sorted[below as usize], self.sorted[above]);
        low + (high - low) * (place - below)
    }

    /// The same by at most so many of its quantiles, evenly spaced from the least to the largest number: to be saved
    /// beside a model without the whole sample.
    ///
    /// # Panics
    ///
    /// When `count` is below 2.
    pub fn thinned(&self, count: usize) -> Self {
        assert!(count >= 2, "the least and the largest number are kept");
        if self.sorted.len() <= count {
            return self.clone();
        }
        let at = |place: usize| self.at(place as f64 / (count - 1) as f64);
        Self { sorted: (0..count).map(at).collect() }
    }

    /// The sample, sorted.
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }
}

/// Checks that a level is strictly between 0 and 1.
pub(crate) fn check_level(level: f64) -> Result<(), VolatilityError> {
    if level > 0.0 && level < 1.0 {
        Ok(())
    } else {
        Err(VolatilityError::Setting { setting: "a level", value: level, expected: "above 0 and below 1" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thinned_sample_keeps_its_ends_and_comes_close_between() {
        let whole = Empirical::of((0..5000).map(|x| (f64::from(x) / 5000.0).powi(3)).collect()).unwrap();
        let thin = whole.thinned(999);
        assert_eq!(thin.sorted.len(), 999);
        assert_eq!((thin.sorted[0], thin.sorted[998]), (whole.sorted[0], whole.sorted[4999]));
        for level in [0.005, 0.01, 0.3, 0.99] {
            assert!((thin.quantile(level).unwrap() - whole.quantile(level).unwrap()).abs() < 1e-5, "{level}");
        }
        assert_eq!(thin.thinned(999), thin);
    }

    #[test]
    fn what_has_no_quantile_is_refused() {
        assert!(Empirical::of(vec![]).is_err());
        insta::assert_snapshot!(Empirical::of(vec![1.0, f64::NAN]).unwrap_err(), @"the return of day 1 is NaN; it must be a finite number");
        let one = Empirical::of(vec![4.0]).unwrap();
        assert_eq!(one.quantile(0.99), Ok(4.0));
        insta::assert_snapshot!(one.quantile(1.0).unwrap_err(), @"a level is 1; it must be above 0 and below 1");
    }
}
