//! The prices of days, checked once: open, high, low and close, or fewer of them.

use crate::error::{VolatilityError, check_days};

/// The prices of days, oldest first. All are positive, finite numbers, and there are at least two days. Highs
/// may be below their lows on some days, as files have it; estimates that stand on the true range bear that.
///
/// ```
/// use recurrent_volatility::Bars;
///
/// let bars = Bars::new(&[10.0, 11.0])?.with_range(&[10.5, 11.0], &[9.5, 10.0])?;
/// assert_eq!(bars.len(), 2);
/// # Ok::<(), recurrent_volatility::VolatilityError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Bars<'a> {
    pub(crate) close: &'a [f64],
    pub(crate) range: Option<(&'a [f64], &'a [f64])>,
    pub(crate) open: Option<&'a [f64]>,
}

// There is no `is_empty`: there are at least two days.
#[allow(clippy::len_without_is_empty)]
impl<'a> Bars<'a> {
    /// Days of which only the closes are known, `[days]`.
    ///
    /// # Errors
    ///
    /// When there are fewer than two days, or a price is not a positive, finite number.
    pub fn new(close: &'a [f64]) -> Result<Self, VolatilityError> {
        check_days("a return", close.len(), 2)?;
        check_prices("close", close, close.len())?;
        Ok(Self { close, range: None, open: None })
    }

    /// With the highest and lowest price of each day, `[days]` each.
    ///
    /// # Errors
    ///
    /// When there is not one of both for each close, a price is not a positive, finite number, or most highs are below
    /// their lows.
    pub fn with_range(self, high: &'a [f64], low: &'a [f64]) -> Result<Self, VolatilityError> {
        check_prices("high", high, self.close.len())?;
        check_prices("low", low, self.close.len())?;
        let (crossed, rows) = (crossed(high, low), high.len());
        if 2 * crossed > rows {
            return Err(VolatilityError::HighBelowLow { crossed, rows });
        }
        Ok(Self { range: Some((high, low)), ..self })
    }

    /// With the first price of each day, `[days]`.
    ///
    /// # Errors
    ///
    /// When there is not one for each close, or a price is not a positive, finite number.
    pub fn with_open(self, open: &'a [f64]) -> Result<Self, VolatilityError> {
        check_prices("open", open, self.close.len())?;
        Ok(Self { open: Some(open), ..self })
    }

    /// How many days there are, at least two. The first has no return, so that there is one return fewer.
    pub fn len(&self) -> usize {
        self.close.len()
    }
}

/// How many highs are below their lows.
pub(crate) fn crossed(high: &[f64], low: &[f64]) -> usize {
    high.iter().zip(low).filter(|(high, low)| high < low).count()
}

fn check_prices(column: &'static str, prices: &[f64], rows: usize) -> Result<(), VolatilityError> {
    if prices.len() != rows {
        return Err(VolatilityError::Length { column, values: prices.len(), rows });
    }
    match prices.iter().position(|price| !(price.is_finite() && *price > 0.0)) {
        Some(row) => Err(VolatilityError::Price { column, row, value: prices[row] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_that_cannot_be_are_refused() {
        let new = |close: &[f64]| Bars::new(close).unwrap_err().to_string();
        insta::assert_snapshot!(new(&[1.0]), @"a return needs at least 2 days, and there are 1");
        insta::assert_snapshot!(new(&[1.0, 0.0]), @"the close of row 1 is 0; prices must be positive, finite numbers");
        let bars = Bars::new(&[1.0, 2.0]).unwrap();
        let range = |high: &[f64], low: &[f64]| bars.with_range(high, low).unwrap_err().to_string();
        insta::assert_snapshot!(range(&[1.0], &[1.0, 2.0]), @"the column `high` has 1 values for 2 rows; each row needs one");
        insta::assert_snapshot!(range(&[1.0, 1.0], &[2.0, 2.0]), @"the high is below the low in 2 of 2 rows; are the columns exchanged?");
        assert!(bars.with_range(&[1.0, 1.0], &[1.0, 2.0]).is_ok());
    }
}
