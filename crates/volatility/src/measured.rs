//! Prices turned into returns and variances, with what is doubtful about them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    bars::{Bars, crossed},
    days::Days,
    error::{VolatilityError, check_days},
    proxy::Proxy,
};

/// The returns and variances of a price. The first price has no return, so that day 0 is the second price's.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    returns: Vec<f64>,
    variances: Vec<f64>,
    gauge: Gauge,
    floored: usize,
    crossed: usize,
}

/// How the variances of a price are measured: what its training days said, to measure later days alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gauge {
    /// The estimate.
    pub proxy: Proxy,
    /// What estimates are multiplied by, so that they are variances of returns.
    pub scale: f64,
    /// The variance of days without a positive estimate: the least of the training days.
    pub least: f64,
}

/// What is doubtful about measured variances, as [`Measured::doubts`] finds it. It is shown as a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Doubt {
    /// The mean of an estimate from ranges exceeds that of squared returns, `ratio` times. A range of a day misses what
    /// happened between two closes, so that it should be below: such highs and lows are not of one moment, as those of
    /// indices once were, which were put together from the highs and lows of single stocks.
    RangeExceedsReturns {
        /// The mean of the estimate over that of squared returns, on the training days.
        ratio: f64,
    },
    /// The high is below the low on some days, which a file has wrong.
    HighBelowLow {
        /// How many days.
        days: usize,
    },
    /// The estimates of some days were not positive, and were set to the least positive one of the training days.
    Floored {
        /// How many days.
        days: usize,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RangeExceedsReturns { ratio } => write!(
                f,
                "the variances from highs and lows are {ratio:.2} times those from closes: such highs and lows are not of one moment"
            ),
            Self::HighBelowLow { days } => write!(f, "days whose high is below their low: {days}"),
            Self::Floored { days } => {
                write!(
                    f,
                    "days whose variance is not positive, and was set to the least of the training days: {days}"
                )
            }
        }
    }
}

impl Measured {
    /// Measures prices. The first `training` returns say what the estimates are multiplied by so that they are
    /// variances of returns: the mean squared return over the mean estimate. Estimates that are not positive, as of a
    /// day without a trade, are set to the least positive one of the training days, so that every variance has a
    /// logarithm.
    ///
    /// ```
    /// use recurrent_volatility::{Bars, Measured, Proxy};
    ///
    /// let bars = Bars::new(&[10.0, 11.0, 10.5])?.with_range(&[10.2, 11.3, 11.1], &[9.9, 10.0, 10.4])?;
    /// let measured = Measured::of(&bars, Proxy::TrueRange, 2)?;
    /// assert_eq!(measured.days().len(), 2);
    /// # Ok::<(), recurrent_volatility::VolatilityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the estimate needs prices that are not there, there is no training day or fewer days than those, or the
    /// price does not move on them.
    pub fn of(bars: &Bars<'_>, proxy: Proxy, training: usize) -> Result<Self, VolatilityError> {
        check_days("the scale of variances", training, 1)?;
        check_days("a training part of this length", bars.len() - 1, training)?;
        let (returns, estimates) = (returns(bars), proxy.variances(bars)?);
        let squares = returns[..training].iter().map(|r| r * r).sum::<f64>();
        let sum = estimates[..training].iter().sum::<f64>();
        let positive = estimates[..training].iter().copied().filter(|variance| *variance > 0.0);
        let (scale, least) = (squares / sum, positive.fold(f64::INFINITY, f64::min));
        if !(scale.is_finite() && scale > 0.0 && least.is_finite()) {
            return Err(VolatilityError::Motionless { training });
        }
        Self::scaled(bars, returns, estimates, Gauge { proxy, scale, least: least * scale })
    }

    /// Measures prices as those of an earlier training were.
    ///
    /// # Errors
    ///
    /// When the estimate needs prices that are not there, or the gauge's numbers give no variances.
    pub fn by(bars: &Bars<'_>, gauge: Gauge) -> Result<Self, VolatilityError> {
        Self::scaled(bars, returns(bars), gauge.proxy.variances(bars)?, gauge)
    }

    fn scaled(
        bars: &Bars<'_>,
        returns: Vec<f64>,
        mut variances: Vec<f64>,
        gauge: Gauge,
    ) -> Result<Self, VolatilityError> {
        let floored = variances.iter().filter(|variance| **variance <= 0.0).count();
        for variance in &mut variances {
            *variance = if *variance > 0.0 { *variance * gauge.scale } else { gauge.least };
        }
        Days::new(&returns, &variances)?;
        let crossed = bars.range.map_or(0, |(high, low)| crossed(high, low));
        Ok(Self { returns, variances, gauge, floored, crossed })
    }

    /// The returns and variances.
    pub fn days(&self) -> Days<'_> {
        Days { returns: &self.returns, variances: &self.variances } // checked above
    }

    /// What the estimates were multiplied by; 1 for squared returns.
    pub fn scale(&self) -> f64 {
        self.gauge.scale
    }

    /// How they were measured.
    pub fn gauge(&self) -> Gauge {
        self.gauge
    }

    /// What is doubtful.
    pub fn doubts(&self) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let Gauge { proxy, scale, .. } = self.gauge;
        if proxy != Proxy::SquaredReturn && scale < 1.0 {
            doubts.push(Doubt::RangeExceedsReturns { ratio: 1.0 / scale });
        }
        if self.crossed > 0 && proxy != Proxy::SquaredReturn {
            doubts.push(Doubt::HighBelowLow { days: self.crossed });
        }
        if self.floored > 0 {
            doubts.push(Doubt::Floored { days: self.floored });
        }
        doubts
    }
}

/// The logarithmic returns, of each day but the first.
fn returns(bars: &Bars<'_>) -> Vec<f64> {
    bars.close.windows(2).map(|pair| (pair[1] / pair[0]).ln()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    const CLOSE: [f64; 5] = [10.0, 10.1, 10.0, 10.1, 10.1];

    #[test]
    fn the_scale_makes_training_variances_as_large_as_squared_returns() {
        let bars = Bars::new(&CLOSE).unwrap().with_range(&[10.15; 5], &[9.95; 5]).unwrap();
        for proxy in [Proxy::TrueRange, Proxy::Parkinson, Proxy::SquaredReturn] {
            let measured = Measured::of(&bars, proxy, 3).unwrap();
            let days = measured.days().until(3);
            let squares: f64 = days.returns().iter().map(|r| r * r).sum();
            assert_relative_eq!(days.variances().iter().sum::<f64>(), squares, max_relative = 1e-12);
        }
    }

    #[test]
    fn later_days_are_measured_as_those_before() {
        let bars = Bars::new(&CLOSE).unwrap().with_range(&[10.15; 5], &[9.95; 5]).unwrap();
        let whole = Measured::of(&bars, Proxy::TrueRange, 3).unwrap();
        let later = Bars::new(&CLOSE[2..]).unwrap().with_range(&[10.15; 3], &[9.95; 3]).unwrap();
        let later = Measured::by(&later, whole.gauge()).unwrap();
        assert_eq!(later.days(), whole.days().since(2));
    }

    #[test]
    fn ranges_wider_than_returns_allow_are_doubted() {
        let doubts = |high: f64, low: f64| {
            let (high, low) = ([high; 5], [low; 5]);
            let bars = Bars::new(&CLOSE).unwrap().with_range(&high, &low).unwrap();
            Measured::of(&bars, Proxy::Parkinson, 4).unwrap().doubts()
        };
        assert_eq!(doubts(10.1, 10.0), []);
        insta::assert_snapshot!(doubts(10.2, 10.0)[0], @"the variances from highs and lows are 1.90 times those from closes: such highs and lows are not of one moment");
    }

    #[test]
    fn a_day_without_a_move_has_the_least_variance_of_the_training_days() {
        let measured = Measured::of(&Bars::new(&CLOSE).unwrap(), Proxy::SquaredReturn, 3).unwrap();
        let variances = measured.days().variances();
        assert_relative_eq!(variances[3], variances[0], max_relative = 1e-12);
        insta::assert_snapshot!(measured.doubts()[0], @"days whose variance is not positive, and was set to the least of the training days: 1");
    }

    #[test]
    fn a_high_below_its_low_is_doubted_and_the_true_range_bears_it() {
        let (high, low) = ([10.1, 10.1, 10.0, 10.1, 10.1], [9.9, 10.0, 10.05, 10.0, 10.0]);
        let bars = Bars::new(&CLOSE).unwrap().with_range(&high, &low).unwrap();
        let measured = Measured::of(&bars, Proxy::TrueRange, 4).unwrap();
        assert_eq!(measured.doubts(), [Doubt::HighBelowLow { days: 1 }]);
        insta::assert_snapshot!(measured.doubts()[0], @"days whose high is below their low: 1");
        assert_eq!(Measured::of(&bars, Proxy::SquaredReturn, 4).unwrap().doubts().len(), 1); // a day without a move
    }

    #[test]
    fn a_price_that_stands_still_has_no_risk() {
        let still = Measured::of(&Bars::new(&[2.0; 9]).unwrap(), Proxy::SquaredReturn, 4).unwrap_err();
        insta::assert_snapshot!(still, @"the returns of the 4 training days are all the same, so that there is no risk to measure");
        let short = Measured::of(&Bars::new(&CLOSE).unwrap(), Proxy::SquaredReturn, 5).unwrap_err();
        insta::assert_snapshot!(short, @"a training part of this length needs at least 5 days, and there are 4");
    }
}
