//! `summary.json`: the figures of a finished run, also the line that `--format json` prints.

use recurrent_data::prices::PriceTable;
use recurrent_forecaster::{ChosenBy, Judgement, Prices};
use recurrent_program::{DataRecord, RunRecord, Source};
use recurrent_train::{End, EpochRecord};
use serde::{Deserialize, Serialize};

use crate::PROGRAM;
use crate::settings::{Preset, Settings};

/// What generated data is called in a result.
pub const DEMO: &str = "DEMO DATA (generated, no real prices)";

/// The figures of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// What every run has.
    #[serde(flatten)]
    pub run: RunRecord<Preset>,
    /// The data.
    pub data: DataFacts,
    /// What the kept epoch was chosen by.
    pub watched: ChosenBy,
    /// The forecasts of the test windows, judged.
    #[serde(flatten)]
    pub judgement: Judgement,
}

/// Which data a run used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFacts {
    /// Which prices.
    #[serde(flatten)]
    pub read: DataRecord,
    /// Days.
    pub rows: usize,
    /// Windows.
    pub windows: usize,
    /// Windows learnt from.
    pub train: usize,
    /// Windows chosen by; 0 where early stopping watched the test windows.
    pub validation: usize,
    /// Windows judged on.
    pub test: usize,
}

impl DataFacts {
    /// The facts of some prices.
    pub fn new(source: &Source, table: &PriceTable, prices: &Prices) -> Self {
        Self {
            read: source.record(table.sha256()),
            rows: table.len(),
            windows: prices.windows.len(),
            train: prices.split.train.len(),
            validation: prices.split.validation.len(),
            test: prices.split.test.len(),
        }
    }

    /// The data in a few words, for a line of the result.
    pub fn words(&self) -> &str {
        if self.read.is_demo() { DEMO } else { &self.read.name }
    }
}

impl Summary {
    /// A sentence on how the kept weights were chosen.
    pub fn choice(&self) -> &'static str {
        match self.run.best_epoch {
            Some(_) => self.watched.sentence(),
            None => "no epoch was finished, so that none was chosen",
        }
    }

    /// Puts the figures together.
    pub fn new(
        settings: &Settings,
        parameters: u64,
        history: &[EpochRecord],
        end: &End,
        data: DataFacts,
        judgement: Judgement,
    ) -> Self {
        let Settings { preset, origin, train, .. } = settings;
        let run = RunRecord::new(PROGRAM, *preset, origin, train, parameters, history, end);
        let watched = match train.watch {
            None => ChosenBy::Nothing,
            Some(_) if data.validation == 0 => ChosenBy::Test,
            Some(_) => ChosenBy::Validation,
        };
        Self { run, data, watched, judgement }
    }
}
