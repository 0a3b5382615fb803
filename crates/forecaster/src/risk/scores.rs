//! How good forecasts of risk are, in the shape in which a run's summary holds it.

use std::collections::BTreeMap;

use recurrent_metrics::risk::{Coverage, VarianceScores, crps_of_quantiles, mean_pinball};
use recurrent_volatility::quantiles::{Empirical, LEVELS, grid};
use recurrent_volatility::{Ahead, Days, HORIZONS, realised};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The probability of the interval whose misses are counted beside the quantiles.
const INTERVAL: f64 = 0.9;

/// The scores of one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskScores {
    /// Those of the variance at each horizon, by its days. A horizon is absent where no judged day has all of its days.
    #[serde(flatten)]
    pub horizons: BTreeMap<String, HorizonScores>,
    /// The continuous ranked probability score of the next return, in per cent.
    pub crps: f64,
    /// The mean pinball loss of the quantiles at 1, 5, 95 and 99%, in hundredths of a per cent.
    pub pinball: f64,
    /// How often the next return was beyond its quantile: below `0.01` and `0.05`, above `0.95` and `0.99`, and outside the
    /// interval of 90%, `outside_90`.
    pub coverage: BTreeMap<String, Coverage>,
}

/// The scores of forecasts of the variance at one horizon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HorizonScores {
    /// Forecasts that were judged.
    pub days: usize,
    /// The mean QLIKE.
    pub qlike: f64,
    /// The same without the five worst days.
    pub qlike_without_worst: Option<f64>,
    /// The mean squared error of the logarithm.
    pub log_mse: f64,
    /// The share of the variance of the logarithms that the forecasts explain.
    pub r2: Option<f64>,
    /// The mean forecast over the mean of what came.
    pub ratio: f64,
}

/// What a model says of some days: variances, and the quantiles of the next return.
#[derive(Clone, Debug)]
pub struct RiskForecasts {
    /// The variances, `[origins]`.
    pub ahead: Vec<Ahead>,
    /// The mean return.
    pub mean: f64,
    /// The distribution of the returns over their deviation.
    pub shape: Empirical,
}

impl RiskForecasts {
    /// The quantile of each next return at a level, `[origins]`.
    ///
    /// # Errors
    /// The level is not between 0 and 1.
    pub fn quantiles(&self, level: f64) -> Result<Vec<f64>, Error> {
        let shape = self.shape.quantile(level)?;
        Ok(self.ahead.iter().map(|ahead| self.mean + ahead[0].sqrt() * shape).collect())
    }

    /// The forecasts of a horizon, by its place, whose days have all come: pairs of truth and forecast.
    pub fn beside_truth(&self, days: Days<'_>, first: usize, place: usize) -> (Vec<f64>, Vec<f64>) {
        let mut truth = realised(days, first, HORIZONS[place]);
        truth.truncate(self.ahead.len());
        let forecasts = self.ahead[..truth.len()].iter().map(|ahead| ahead[place]).collect();
        (truth, forecasts)
    }

    /// Judges them against what came from the origin `first` on.
    ///
    /// # Errors
    /// There is no day, or a number is not finite.
    pub fn scores(&self, days: Days<'_>, first: usize) -> Result<RiskScores, Error> {
        let mut horizons = BTreeMap::new();
        for (place, horizon) in HORIZONS.into_iter().enumerate() {
            let (truth, forecast) = self.beside_truth(days, first, place);
            if !truth.is_empty() {
                horizons.insert(horizon.to_string(), HorizonScores::of(&truth, &forecast)?);
            }
        }
        let returns = &days.returns()[first..first + self.ahead.len()];
        let (crps, pinball) = (self.crps(returns)?, self.pinball(returns)?);
        Ok(RiskScores { horizons, crps, pinball, coverage: self.coverage(returns)? })
    }

    fn crps(&self, returns: &[f64]) -> Result<f64, Error> {
        let shape: Vec<f64> =
            grid().into_iter().map(|level| self.shape.quantile(level)).collect::<Result<_, _>>()?;
        let mut sum = 0.0;
        for (r, ahead) in returns.iter().zip(&self.ahead) {
            let deviation = ahead[0].sqrt();
            let quantiles: Vec<f64> = shape.iter().map(|z| self.mean + deviation * z).collect();
            sum += crps_of_quantiles(*r, &quantiles)?;
        }
        Ok(100.0 * sum / returns.len() as f64)
    }

    fn pinball(&self, returns: &[f64]) -> Result<f64, Error> {
        let mut sum = 0.0;
        for level in LEVELS {
            sum += mean_pinball(returns, &self.quantiles(level)?, level)?;
        }
        Ok(1e4 * sum / LEVELS.len() as f64)
    }

    fn coverage(&self, returns: &[f64]) -> Result<BTreeMap<String, Coverage>, Error> {
        let mut coverage = BTreeMap::new();
        for level in LEVELS {
            let quantiles = self.quantiles(level)?;
            let beyond = |(r, q): (&f64, &f64)| if level < 0.5 { r < q } else { r >= q };
            let hits: Vec<bool> = returns.iter().zip(&quantiles).map(beyond).collect();
            coverage.insert(level.to_string(), Coverage::of(&hits, level.min(1.0 - level))?);
        }
        let miss = 1.0 - INTERVAL;
        let (low, high) = (self.quantiles(miss / 2.0)?, self.quantiles(1.0 - miss / 2.0)?);
        let outside = returns.iter().zip(low.iter().zip(&high)).map(|(r, (low, high))| r < low || r > high);
        coverage.insert("outside_90".to_owned(), Coverage::of(&outside.collect::<Vec<_>>(), miss)?);
        Ok(coverage)
    }
}

impl HorizonScores {
    /// Scores one forecast for each truth.
    ///
    /// # Errors
    /// There is no day, or a number is no variance.
    pub fn of(truth: &[f64], forecast: &[f64]) -> Result<Self, Error> {
        let VarianceScores { qlike, qlike_without_worst, log_mse, in_logs, ratio } =
            VarianceScores::of(truth, forecast)?;
        let r2 = in_logs.map(|found| found.r2);
        Ok(Self { days: truth.len(), qlike, qlike_without_worst, log_mse, r2, ratio })
    }
}
