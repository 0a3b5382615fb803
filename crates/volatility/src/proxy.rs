//! How a day's variance is estimated from its prices.

use std::f64::consts::LN_2;

use serde::{Deserialize, Serialize};

use crate::{bars::Bars, error::VolatilityError};

/// An estimate of the variance of a day's return, from the prices `O`, `H`, `L`, `C` of the day and the close `B`
/// before.
///
/// With `r = ln(C/B)`, the more of a day's path an estimate sees, the less noise it has: that of `r^2` has a relative
/// variance of 2, those from ranges of a fifth to a seventh of that (Garman and Klass 1980).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Proxy {
    /// Garman and Klass on the true range: `R^2 / 2 - (2 ln 2 - 1) r^2` with `R = ln max(H, B, C) - ln min(L, B, C)`.
    /// It needs no open, which many files have wrong, takes in the gap since the day before, and is zero only where
    /// nothing moves.
    #[default]
    TrueRange,
    /// Garman and Klass (1980): `ln(H/L)^2 / 2 - (2 ln 2 - 1) ln(C/O)^2`.
    GarmanKlass,
    /// Parkinson (1980): `ln(H/L)^2 / (4 ln 2)`.
    Parkinson,
    /// Rogers and Satchell (1991): `ln(H/C) ln(H/O) + ln(L/C) ln(L/O)`, which a trend within the day does not bias.
    RogersSatchell,
    /// `r^2`, from closes alone.
    SquaredReturn,
}

impl Proxy {
    /// The best estimate that the prices allow: [`TrueRange`](Self::TrueRange) where there are highs and lows, else
    /// [`SquaredReturn`](Self::SquaredReturn).
    pub fn best_for(bars: &Bars<'_>) -> Self {
        if bars.range.is_some() { Self::TrueRange } else { Self::SquaredReturn }
    }

    /// The estimate's name, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::TrueRange => "Garman and Klass on the true range",
            Self::GarmanKlass => "Garman and Klass",
            Self::Parkinson => "Parkinson",
            Self::RogersSatchell => "Rogers and Satchell",
            Self::SquaredReturn => "squared returns",
        }
    }

    /// The estimate of each day but the first, `[days - 1]`, as it is: not yet scaled to returns. Wrong opens can make
    /// some of [`GarmanKlass`](Self::GarmanKlass) and [`RogersSatchell`](Self::RogersSatchell) negative.
    ///
    /// # Errors
    ///
    /// When it needs prices that are not there.
    pub fn variances(self, bars: &Bars<'_>) -> Result<Vec<f64>, VolatilityError> {
        const BODY: f64 = 2.0 * LN_2 - 1.0;
        let close = bars.close;
        let days = 1..close.len();
        let squared_return = |day: usize| (close[day] / close[day - 1]).ln().powi(2);
        if self == Self::SquaredReturn {
            return Ok(days.map(squared_return).collect());
        }
        let missing = |column, remedy| VolatilityError::NoColumn { proxy: self.name(), column, remedy };
        let (high, low) = bars.range.ok_or_else(|| missing("high", "squared returns need closes alone"))?;
        let squared_range = |day: usize| (high[day] / low[day]).ln().powi(2);
        if self == Self::TrueRange {
            let true_range = |day: usize| {
                let top = high[day].max(close[day]).max(close[day - 1]);
                let bottom = low[day].min(close[day]).min(close[day - 1]);
                (top / bottom).ln()
            };
            return Ok(days.map(|day| true_range(day).powi(2) / 2.0 - BODY * squared_return(day)).collect());
        }
        if self == Self::Parkinson {
            return Ok(days.map(|day| squared_range(day) / (4.0 * LN_2)).collect());
        }
        let open = bars.open.ok_or_else(|| missing("open", "the true range needs none"))?;
        let estimate = |day: usize| match self {
            Self::GarmanKlass => squared_range(day) / 2.0 - BODY * (close[day] / open[day]).ln().powi(2),
            _ => {
                let of = |extreme: f64| (extreme / close[day]).ln() * (extreme / open[day]).ln();
                of(high[day]) + of(low[day])
            }
        };
        Ok(days.map(estimate).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_without_its_prices_names_them() {
        let closes = Bars::new(&[1.0, 2.0]).unwrap();
        insta::assert_snapshot!(Proxy::TrueRange.variances(&closes).unwrap_err(), @"variances by Garman and Klass on the true range need the column `high`, which is not there; squared returns need closes alone");
        let bars = closes.with_range(&[2.0, 2.0], &[1.0, 1.0]).unwrap();
        insta::assert_snapshot!(Proxy::RogersSatchell.variances(&bars).unwrap_err(), @"variances by Rogers and Satchell need the column `open`, which is not there; the true range needs none");
        assert_eq!(
            (Proxy::best_for(&closes), Proxy::best_for(&bars)),
            (Proxy::SquaredReturn, Proxy::TrueRange)
        );
    }

    #[test]
    fn a_true_range_is_never_narrower_than_the_return() {
        // Highs and lows that the closes leave.
        let bars = Bars::new(&[1.0, 2.0, 1.0]).unwrap().with_range(&[1.0; 3], &[1.0; 3]).unwrap();
        assert!(Proxy::TrueRange.variances(&bars).unwrap().iter().all(|variance| *variance > 0.0));
    }
}
