//! Whether a quantile is passed as often as it says, and whether the days on which it is passed come in clusters.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::error::{RiskError, check_level};
use crate::significance::LEVEL;

/// A likelihood ratio test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LikelihoodRatio {
    /// Twice the logarithm of the ratio, at least 0.
    pub statistic: f64,
    /// How likely at least this is when the forecast is right, by the chi-squared distribution.
    pub p_value: f64,
}

impl LikelihoodRatio {
    fn new(statistic: f64, freedom: f64) -> Self {
        // Rounding may leave a little less than nothing.
        let statistic = statistic.max(0.0);
        let p_value = ChiSquared::new(freedom).map_or(f64::NAN, |distribution| distribution.sf(statistic));
        Self { statistic, p_value }
    }

    /// Whether the test rejects the forecast, at [`LEVEL`].
    pub fn rejects(&self) -> bool {
        self.p_value < LEVEL
    }
}

/// How often what came fell outside a bound that it should pass with a known probability, with the tests of that. They
/// are for forecasts of one step: those of several steps overlap, and their hits come in clusters even when they are
/// right.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// How many days were judged.
    pub days: usize,
    /// On how many the bound was passed.
    pub hits: usize,
    /// Their share.
    pub rate: f64,
    /// Whether the share is the level's (Kupiec 1995), one degree of freedom.
    pub unconditional: LikelihoodRatio,
    /// Whether a hit is as likely after a hit as after none (Christoffersen 1998), one degree of freedom.
    pub independence: LikelihoodRatio,
    /// Both at once (Christoffersen 1998): the sum, with two degrees of freedom.
    pub conditional: LikelihoodRatio,
}

impl Coverage {
    /// Counts and tests `hits`, `[days]` in order of time: whether the truth was outside the bound, such as below the
    /// quantile at `level` or above that at `1 - level`. `level` is the probability of a hit.
    ///
    /// With `n` days, `x` hits, `p` the level, `n_ij` the days of kind `j` after one of kind `i` (1 is a hit), `p_0`
    /// and `p_1` the shares of hits after none and after one, `q` that of all but the first day, and
    /// `l(x, n, p) = x ln p + (n - x) ln(1 - p)`:
    ///
    /// ```text
    /// unconditional = 2 (l(x, n, x/n) - l(x, n, p))
    /// independence = 2 (l(n_01, n_0, p_0) + l(n_11, n_1, p_1) - l(n_01 + n_11, n_0 + n_1, q))
    /// conditional = unconditional + independence
    /// ```
    ///
    /// ```
    /// use recurrent_metrics::risk::Coverage;
    ///
    /// let mut hits = [false; 100];
    /// (40..46).for_each(|day| hits[day] = true);
    /// let coverage = Coverage::of(&hits, 0.05)?;
    /// assert!(!coverage.unconditional.rejects()); // six days of a hundred may well be chance,
    /// assert!(coverage.independence.rejects()); // all in a row are none
    /// # Ok::<(), recurrent_metrics::risk::RiskError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no day, or `level` is not between 0 and 1.
    pub fn of(hits: &[bool], level: f64) -> Result<Self, RiskError> {
        check_level(level)?;
        if hits.is_empty() {
            return Err(RiskError::NoDay);
        }
        let (days, count) = (hits.len(), hits.iter().filter(|hit| **hit).count());
        let rate = count as f64 / days as f64;
        let unconditional = 2.0 * (log_likelihood(count, days, rate) - log_likelihood(count, days, level));
        let independence = independence(hits);
        Ok(Self {
            days,
            hits: count,
            rate,
            unconditional: LikelihoodRatio::new(unconditional, 1.0),
            independence: LikelihoodRatio::new(independence, 1.0),
            conditional: LikelihoodRatio::new(unconditional + independence, 2.0),
        })
    }
}

fn independence(hits: &[bool]) -> f64 {
    let after = |state: bool| {
        let days = hits.windows(2).filter(|pair| pair[0] == state).count();
        (hits.windows(2).filter(|pair| pair[0] == state && pair[1]).count(), days)
    };
    let best = |(hits, days): (usize, usize)| log_likelihood(hits, days, hits as f64 / days.max(1) as f64);
    let (calm, hit) = (after(false), after(true));
    2.0 * (best(calm) + best(hit) - best((calm.0 + hit.0, calm.1 + hit.1)))
}

/// The logarithm of the probability of `hits` in `days`, each with probability `rate`; `0 ln 0` is 0.
fn log_likelihood(hits: usize, days: usize, rate: f64) -> f64 {
    let part = |count: usize, rate: f64| if count == 0 { 0.0 } else { count as f64 * rate.ln() };
    part(hits, rate) + part(days - hits, 1.0 - rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn hits_as_often_as_they_should_be_are_not_rejected() {
        let hits: Vec<bool> = (0..200).map(|day| day % 20 == 7).collect();
        let coverage = Coverage::of(&hits, 0.05).unwrap();
        assert_eq!((coverage.hits, coverage.rate), (10, 0.05));
        assert_relative_eq!(coverage.unconditional.statistic, 0.0, epsilon = 1e-12);
        assert_relative_eq!(coverage.unconditional.p_value, 1.0, epsilon = 1e-5);
    }

    #[test]
    fn no_hit_and_nothing_but_hits_are_tested_too() {
        let none = Coverage::of(&[false; 100], 0.05).unwrap();
        assert_relative_eq!(none.unconditional.statistic, -200.0 * 0.95f64.ln(), epsilon = 1e-10);
        assert_eq!(none.independence.statistic, 0.0);
        assert!(none.unconditional.rejects() && none.conditional.rejects());
        let all = Coverage::of(&[true; 10], 0.05).unwrap();
        assert_relative_eq!(all.unconditional.statistic, -20.0 * 0.05f64.ln(), epsilon = 1e-10);
        assert_eq!(Coverage::of(&[true], 0.05).unwrap().independence.statistic, 0.0);
    }

    #[test]
    fn what_cannot_be_tested_is_refused() {
        assert_eq!(Coverage::of(&[], 0.05), Err(RiskError::NoDay));
        assert_eq!(Coverage::of(&[true], 0.0), Err(RiskError::Level(0.0)));
    }
}
