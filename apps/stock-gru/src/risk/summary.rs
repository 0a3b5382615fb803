//! `summary.json` of a risk run.

use recurrent_data::prices::PriceTable;
use recurrent_forecaster::risk::RiskJudgement;
use recurrent_program::{DataRecord, RunRecord, Source};
use serde::{Deserialize, Serialize};

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
