//! `summary.json` of a risk run, and its figures beside those of the price.

use recurrent_data::prices::PriceTable;
use recurrent_forecaster::risk::RiskJudgement;
use recurrent_program::{DataRecord, RunRecord, Source};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::settings::Preset;

/// The figures of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskSummary {
    /// What every run has.
    #[serde(flatten)]
    pub run: RunRecord<Preset>,
    /// The data.
    pub data: RiskFacts,
    /// The forecasts of the judged days.
    #[serde(flatten)]
    pub judgement: RiskJudgement,
}

/// Which data was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskFacts {
    /// Which prices.
    #[serde(flatten)]
    pub read: DataRecord,
    /// Days.
    pub rows: usize,
    /// Days that were judged.
    pub test: usize,
}

impl RiskFacts {
    /// The facts of some prices, of which so many days are judged.
    pub fn new(source: &Source, table: &PriceTable, test: usize) -> Self {
        Self { read: source.record(table.sha256()), rows: table.len(), test }
    }
}

/// The figures of a price forecast with those of a risk forecast of the same prices: objects of both become one, and where both
/// have a figure it is the price's.
pub fn beside(price: Value, risk: Value) -> Value {
    match (price, risk) {
        (Value::Object(mut price), Value::Object(risk)) => {
            for (name, value) in risk {
                let both = match price.remove(&name) {
                    Some(own) => beside(own, value),
                    None => value,
                };
                price.insert(name, both);
            }
            Value::Object(price)
        }
        (price, _) => price,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_price_keeps_its_own_figures() {
        let both = beside(
            json!({ "metrics": { "mae": 1 }, "seed": 2 }),
            json!({ "metrics": { "risk": 3 }, "seed": 4, "risk": {} }),
        );
        assert_eq!(both, json!({ "metrics": { "mae": 1, "risk": 3 }, "seed": 2, "risk": {} }));
    }
}
