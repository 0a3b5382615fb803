//! What the network reads of a day, in units that are alike for every price.

use recurrent_volatility::{Days, VolatilityError};
use serde::{Deserialize, Serialize};

/// Numbers that the network reads of a day itself.
pub const OF_A_DAY: usize = 3;

/// The centre and spread of a price's days, by its training part alone: prices of any risk then look alike, so that one
/// network can learn from all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Centre {
    /// The mean logarithm of the variance.
    mean: f64,
    /// The deviation of the logarithm of the variance.
    spread: f64,
    /// The deviation of the returns.
    deviation: f64,
}

impl Centre {
    /// That of training days.
    ///
    /// # Errors
    /// There is no day, or all are alike.
    pub fn of(training: Days<'_>) -> Result<Self, VolatilityError> {
        let (mean, spread) = moments(training.variances().iter().map(|variance| variance.ln()));
        let (_, deviation) = moments(training.returns().iter().copied());
        if spread > 0.0 && deviation > 0.0 {
            Ok(Self { mean, spread, deviation })
        } else {
            Err(VolatilityError::Motionless { training: training.len() })
        }
    }

    /// What the network reads of each day, `[days, OF_A_DAY + width]`: the logarithm of the variance less its mean and over its
    /// deviation, the return over its deviation, and the same where it is negative, else 0; then what is `known` of those after it,
    /// `[days, width]`.
    pub fn rows(&self, days: Days<'_>, known: &[f32], width: usize) -> Vec<f32> {
        let mut rows = Vec::with_capacity(days.len() * (OF_A_DAY + width));
        for (day, (r, variance)) in days.returns().iter().zip(days.variances()).enumerate() {
            let (log, r) = ((variance.ln() - self.mean) / self.spread, r / self.deviation);
            rows.extend([log, r, r.min(0.0)].map(|value| value as f32));
            rows.extend_from_slice(&known[day * width..(day + 1) * width]);
        }
        rows
    }
}

/// The mean and the deviation of some numbers.
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    (mean, (values.map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_of_ten_times_the_risk_reads_alike() {
        let returns: Vec<f64> = (0..50).map(|day| f64::from(day * 7 % 11 - 5) / 500.0).collect();
        let variances: Vec<f64> = (0..50).map(|day| f64::from(1 + day * 3 % 7) / 1e5).collect();
        let wild: Vec<f64> = returns.iter().map(|r| r * 10.0).collect();
        let wilder: Vec<f64> = variances.iter().map(|variance| variance * 100.0).collect();
        let rows = |returns, variances| {
            let days = Days::new(returns, variances).unwrap();
            Centre::of(days).unwrap().rows(days, &[], 0)
        };
        let (calm, wild) = (rows(&returns, &variances), rows(&wild, &wilder));
        assert!(calm.iter().zip(&wild).all(|(calm, wild)| (calm - wild).abs() < 1e-5));
        let mean = calm.iter().step_by(OF_A_DAY).sum::<f32>() / 50.0;
        assert!(mean.abs() < 1e-5, "{mean}");
    }

    #[test]
    fn days_that_are_all_alike_are_refused() {
        let days = Days::new(&[0.01; 9], &[1e-4; 9]).unwrap();
        assert_eq!(Centre::of(days), Err(VolatilityError::Motionless { training: 9 }));
        assert!(Centre::of(days.until(0)).is_err());
    }
}
