//! What all days of a backtest come to.

use std::collections::BTreeMap;

use recurrent_metrics::forecast::{DieboldMariano, diebold_mariano, diebold_mariano_of_losses};
use recurrent_metrics::risk::{Coverage, mean_pinball, qlike_losses};
use recurrent_volatility::HORIZONS;
use recurrent_volatility::quantiles::LEVELS;
use serde::{Deserialize, Serialize};

use super::rows::Rows;
use super::segment::PRICES;
use crate::error::Error;
use crate::risk::{HorizonScores, RiskModel, RiskScores};

/// The figures of a backtest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BacktestSummary {
    /// The first day.
    pub from: String,
    /// The last.
    pub until: String,
    /// How many there are.
    pub days: usize,
    /// The forecasts of the price, by name.
    pub price: BTreeMap<String, PriceBacktest>,
    /// The forecasts of risk.
    pub risk: BTreeMap<RiskModel, RiskBacktest>,
}

/// The forecasts of the price by one model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceBacktest {
    /// The mean squared error over the last price's square.
    pub scaled_mse: f64,
    /// The network tested against it; a negative statistic is in the network's favour.
    pub diebold_mariano: Option<DieboldMariano>,
}

/// The forecasts of risk by one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskBacktest {
    /// Its scores.
    #[serde(flatten)]
    pub scores: RiskScores,
    /// The network tested against it, by horizon; a negative statistic is in the network's favour.
    pub diebold_mariano: BTreeMap<String, DieboldMariano>,
}

impl BacktestSummary {
    /// Judges all rows.
    ///
    /// # Errors
    /// There is no row, or a number in one is missing.
    pub fn of(rows: &Rows) -> Result<Self, Error> {
        let (Some(from), Some(until)) = (rows.dates().first(), rows.dates().last()) else {
            return Err(recurrent_metrics::risk::RiskError::NoDay.into());
        };
        let mut risk = BTreeMap::new();
        for model in RiskModel::ALL {
            risk.insert(model, risk_of(rows, model)?);
        }
        Ok(Self {
            from: from.clone(),
            until: until.clone(),
            days: rows.dates().len(),
            price: prices(rows),
            risk,
        })
    }
}

fn prices(rows: &Rows) -> BTreeMap<String, PriceBacktest> {
    let (truth, last) = (rows.column("price"), rows.column("price_naive"));
    let errors = |name: &str| -> Vec<f64> {
        let forecasts = rows.column(&format!("price_{name}"));
        forecasts.iter().zip(truth.iter().zip(&last)).map(|(f, (y, last))| (f - y) / last).collect()
    };
    let network = errors(PRICES[0]);
    let judged = PRICES.iter().map(|name| {
        let own = errors(name);
        let scaled_mse = own.iter().map(|error| error * error).sum::<f64>() / own.len() as f64;
        let test = (*name != PRICES[0]).then(|| diebold_mariano(&network, &own, 1)).flatten();
        ((*name).to_owned(), PriceBacktest { scaled_mse, diebold_mariano: test })
    });
    // What no window was short enough for has no forecasts.
    judged.filter(|(_, judged)| judged.scaled_mse.is_finite()).collect()
}

fn risk_of(rows: &Rows, model: RiskModel) -> Result<RiskBacktest, Error> {
    let (key, returns) = (model.key(), rows.column("return"));
    let mut horizons = BTreeMap::new();
    let mut tests = BTreeMap::new();
    for horizon in HORIZONS {
        let truth: Vec<f64> = rows.column(&format!("variance_{horizon}"));
        // Of the last days, some are not over yet.
        let known = truth.iter().take_while(|truth| truth.is_finite()).count();
        let forecasts = |key: &str| rows.column(&format!("{key}_{horizon}"))[..known].to_vec();
        if known == 0 {
            continue;
        }
        let own = forecasts(key);
        horizons.insert(horizon.to_string(), HorizonScores::of(&truth[..known], &own)?);
        if model != RiskModel::Network {
            let losses = |forecasts: &[f64]| qlike_losses(&truth[..known], forecasts);
            let network = losses(&forecasts(RiskModel::Network.key()))?;
            if let Some(test) = diebold_mariano_of_losses(&network, &losses(&own)?, horizon) {
                tests.insert(horizon.to_string(), test);
            }
        }
    }
    let crps = rows.column(&format!("{key}_crps"));
    let crps = 100.0 * crps.iter().sum::<f64>() / crps.len() as f64;
    let quantiles = LEVELS.map(|level| rows.column(&format!("{key}_q{level}")));
    let mut pinball = 0.0;
    let mut coverage = BTreeMap::new();
    for (level, quantiles) in LEVELS.iter().zip(&quantiles) {
        pinball += 1e4 * mean_pinball(&returns, quantiles, *level)? / LEVELS.len() as f64;
        let beyond = |(r, q): (&f64, &f64)| if *level < 0.5 { r < q } else { r >= q };
        let hits: Vec<bool> = returns.iter().zip(quantiles).map(beyond).collect();
        coverage.insert(level.to_string(), Coverage::of(&hits, level.min(1.0 - level))?);
    }
    let outside = returns
        .iter()
        .zip(quantiles[1].iter().zip(&quantiles[2]))
        .map(|(r, (low, high))| r < low || r > high);
    coverage.insert("outside_90".to_owned(), Coverage::of(&outside.collect::<Vec<_>>(), 0.1)?);
    Ok(RiskBacktest { scores: RiskScores { horizons, crps, pinball, coverage }, diebold_mariano: tests })
}
