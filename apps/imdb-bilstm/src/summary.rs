//! `summary.json`: the figures of a finished run, also the line that `--format json` prints.

use recurrent_classifier::{Before, Chosen, Counts, Judgement, Learnt, Reviews};
use recurrent_program::{DataRecord, RunRecord};
use serde::{Deserialize, Serialize};

use crate::PROGRAM;
use crate::settings::{Preset, Settings};

/// The figures of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// What every run has.
    #[serde(flatten)]
    pub(crate) run: RunRecord<Preset>,
    /// The reviews.
    pub(crate) data: DataFacts,
    /// How the stages before the labels went.
    #[serde(flatten)]
    pub(crate) before: Before,
    /// What the kept epoch was chosen by.
    pub(crate) chosen_by: Chosen,
    /// Their accuracy, by epoch.
    validation_accuracy: Vec<f64>,
    /// The kept weights on the test reviews, beside the baseline.
    #[serde(flatten)]
    pub(crate) judgement: Judgement,
}

/// Which reviews a run used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DataFacts {
    /// Which reviews.
    #[serde(flatten)]
    pub(crate) read: DataRecord,
    /// How many were for what.
    #[serde(flatten)]
    pub(crate) counts: Counts,
}

impl Summary {
    /// Puts the figures together.
    pub(crate) fn new(
        settings: &Settings,
        reviews: &Reviews,
        parameters: u64,
        learnt: &Learnt,
        judgement: Judgement,
    ) -> Self {
        let (origin, train) = (&settings.origin, &settings.train);
        let (history, end) = (&learnt.outcome.history, &learnt.outcome.end);
        let accuracy = history.iter().filter_map(|epoch| epoch.metrics.get("accuracy"));
        Self {
            run: RunRecord::new(PROGRAM, settings.preset, origin, train, parameters, history, end),
            data: DataFacts { read: origin.source.record(&reviews.data.sha256), counts: reviews.counts() },
            before: learnt.before.clone(),
            chosen_by: reviews.chosen_by(),
            validation_accuracy: accuracy.copied().collect(),
            judgement,
        }
    }
}
