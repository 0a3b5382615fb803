//! What models read: the return and the variance of each day.

use crate::error::VolatilityError;

/// The return and the variance of each day, oldest first. Returns are finite, variances positive and finite.
///
/// An *origin* is a number of days: a forecast from origin `o` reads the days before the place `o` and speaks of those
/// from `o` on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Days<'a> {
    pub(crate) returns: &'a [f64],
    pub(crate) variances: &'a [f64],
}

impl<'a> Days<'a> {
    /// Checks and takes the logarithmic returns of days, `[days]`, and estimates of their variances, `[days]`, in the
    /// returns' unit squared.
    ///
    /// ```
    /// use recurrent_volatility::Days;
    ///
    /// let days = Days::new(&[0.01, -0.02], &[0.0001, 0.0003])?;
    /// assert_eq!(days.until(1).returns(), [0.01]);
    /// # Ok::<(), recurrent_volatility::VolatilityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When they are not as many, or a number is not what it must be.
    pub fn new(returns: &'a [f64], variances: &'a [f64]) -> Result<Self, VolatilityError> {
        if returns.len() != variances.len() {
            return Err(VolatilityError::Unequal { returns: returns.len(), variances: variances.len() });
        }
        let fault =
            |kind, day: usize, value, expected| Err(VolatilityError::Value { kind, day, value, expected });
        if let Some(day) = returns.iter().position(|value| !value.is_finite()) {
            return fault("return", day, returns[day], "finite");
        }
        if let Some(day) = variances.iter().position(|value| !(value.is_finite() && *value > 0.0)) {
            return fault("variance", day, variances[day], "positive, finite");
        }
        Ok(Self { returns, variances })
    }

    /// How many days there are.
    pub fn len(&self) -> usize {
        self.returns.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.returns.is_empty()
    }

    /// The logarithmic return of each day.
    pub fn returns(&self) -> &'a [f64] {
        self.returns
    }

    /// The variance of each day.
    pub fn variances(&self) -> &'a [f64] {
        self.variances
    }

    /// The days before an origin.
    ///
    /// # Panics
    ///
    /// When there are fewer.
    pub fn until(self, origin: usize) -> Self {
        Self { returns: &self.returns[..origin], variances: &self.variances[..origin] }
    }

    /// The days from a place on.
    ///
    /// # Panics
    ///
    /// When the place is past the end.
    pub fn since(self, day: usize) -> Self {
        Self { returns: &self.returns[day..], variances: &self.variances[day..] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_cannot_be_are_refused() {
        let error =
            |returns: &[f64], variances: &[f64]| Days::new(returns, variances).unwrap_err().to_string();
        insta::assert_snapshot!(error(&[0.0], &[]), @"there are 1 returns and 0 variances; each day needs one of both");
        insta::assert_snapshot!(error(&[f64::NAN], &[1.0]), @"the return of day 0 is NaN; it must be a finite number");
        insta::assert_snapshot!(error(&[0.0, 0.0], &[1.0, 0.0]), @"the variance of day 1 is 0; it must be a positive, finite number");
    }
}
