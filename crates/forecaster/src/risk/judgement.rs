//! All that is said of forecasts of risk, in the shape in which a run's summary holds it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use recurrent_metrics::forecast::diebold_mariano_of_losses;
use recurrent_metrics::risk::qlike_losses;
use recurrent_volatility::{Days, HORIZONS};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::intervals::IntervalScores;
use super::model::RiskModel;
use super::scores::{RiskForecasts, RiskScores};
use super::standing::{RiskStanding, RiskTests};
use crate::error::Error;

/// What stands under `risk` beside the figures of other forecasts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Under<T> {
    /// The figures of risk.
    pub risk: T,
}

/// Forecasts of risk, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RiskJudgement {
    /// The network's scores.
    pub metrics: Under<RiskScores>,
    /// The scores of all other models on the same days.
    pub baselines: Under<BTreeMap<RiskModel, RiskScores>>,
    /// The network tested against each of them.
    pub diebold_mariano: Under<RiskTests>,
    /// What was judged, and what it comes to.
    pub risk: RiskVerdict,
    /// Conformal intervals, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intervals: Option<IntervalScores>,
}

/// What was judged, and what it comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RiskVerdict {
    /// The first day that was judged.
    pub from: String,
    /// How many there are.
    pub days: usize,
    /// What a step is called: `day`, or `month`.
    pub unit: Cow<'static, str>,
    /// How variances are estimated, in words.
    pub proxy: Cow<'static, str>,
    /// Where the network stands, in one word.
    pub standing: RiskStanding,
    /// The same in a sentence, with its figures.
    pub verdict: String,
}

/// What was judged.
pub(super) struct JudgedDays<'a> {
    pub days: Days<'a>,
    /// The first origin.
    pub first: usize,
    pub from: String,
    pub unit: &'static str,
    pub proxy: &'static str,
}

impl RiskJudgement {
    /// Judges the forecasts of all models from one origin on.
    pub(super) fn of(
        judged: &JudgedDays<'_>,
        forecasts: &BTreeMap<RiskModel, RiskForecasts>,
    ) -> Result<Self, Error> {
        let JudgedDays { days, first, .. } = *judged;
        let mut scores = BTreeMap::new();
        for (model, forecasts) in forecasts {
            scores.insert(*model, forecasts.scores(days, first)?);
        }
        let tests = tested(judged, forecasts)?;
        let standing = RiskStanding::of(&scores, &tests);
        let verdict = standing.sentence(&scores, &tests);
        let network = scores.remove(&RiskModel::Network).ok_or(Error::NoNetwork)?;
        Ok(Self {
            metrics: Under { risk: network },
            baselines: Under { risk: scores },
            diebold_mariano: Under { risk: tests },
            risk: RiskVerdict {
                from: judged.from.clone(),
                days: days.len() - first,
                unit: judged.unit.into(),
                proxy: judged.proxy.into(),
                standing,
                verdict,
            },
            intervals: None,
        })
    }

    /// The figures of a price forecast with these: objects of both become one, and where both have a figure it is the price's.
    ///
    /// # Errors
    /// A figure cannot be written as JSON.
    pub fn beside(&self, price: Value) -> Result<Value, serde_json::Error> {
        Ok(merged(price, serde_json::to_value(self)?))
    }

    /// The scores of a model.
    pub fn scores(&self, model: RiskModel) -> Option<&RiskScores> {
        match model {
            RiskModel::Network => Some(&self.metrics.risk),
            model => self.baselines.risk.get(&model),
        }
    }
}

fn merged(own: Value, other: Value) -> Value {
    match (own, other) {
        (Value::Object(mut own), Value::Object(other)) => {
            for (name, value) in other {
                let both = match own.remove(&name) {
                    Some(found) => merged(found, value),
                    None => value,
                };
                own.insert(name, both);
            }
            Value::Object(own)
        }
        (own, _) => own,
    }
}

fn tested(
    judged: &JudgedDays<'_>,
    forecasts: &BTreeMap<RiskModel, RiskForecasts>,
) -> Result<RiskTests, Error> {
    let mut tests = RiskTests::new();
    for (place, horizon) in HORIZONS.into_iter().enumerate() {
        let losses = |model: &RiskForecasts| -> Result<Option<Vec<f64>>, Error> {
            let (truth, forecast) = model.beside_truth(judged.days, judged.first, place);
            if truth.is_empty() { Ok(None) } else { Ok(Some(qlike_losses(&truth, &forecast)?)) }
        };
        let Some(network) = forecasts.get(&RiskModel::Network).map(losses).transpose()?.flatten() else {
            continue;
        };
        for (model, forecasts) in forecasts.iter().filter(|(model, _)| **model != RiskModel::Network) {
            let other = losses(forecasts)?.unwrap_or_default();
            if let Some(test) = diebold_mariano_of_losses(&network, &other, horizon) {
                tests.entry(*model).or_default().insert(horizon.to_string(), test);
            }
        }
    }
    Ok(tests)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_price_keeps_its_own_figures() {
        let both = merged(
            json!({ "metrics": { "mae": 1 }, "seed": 2 }),
            json!({ "metrics": { "risk": 3 }, "seed": 4, "risk": {} }),
        );
        assert_eq!(both, json!({ "metrics": { "mae": 1, "risk": 3 }, "seed": 2, "risk": {} }));
    }
}
