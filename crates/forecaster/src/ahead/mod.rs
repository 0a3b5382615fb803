//! Several days ahead: an output for each day, or each day's forecast as the next one's input, beside each other.

mod scores;

pub use scores::{AheadScores, DayScores, PathScores};

use std::ops::Range;

use recurrent_data::prices::PriceTable;
use serde::{Deserialize, Serialize};

use crate::batches::{JUDGED_AT_ONCE, in_order, with_all_days};
use crate::error::Error;
use crate::forecaster::Forecaster;
use crate::prices::Prices;
use crate::settings::Settings;
use crate::stepwise::DaysAhead;

/// How days after the next are forecast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Each day's forecast is the input of the next.
    #[default]
    FedBack,
    /// Each of the first days has an output of its own; those after them are fed back.
    Direct,
}

impl Way {
    /// Whether it is the one of a network with one output.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Forecaster {
    /// The same that forecasts days after the next in another way.
    pub fn with_way(&self, way: Way) -> Self {
        Self::new(self.settings().clone().with_way(way), self.network().clone())
    }

    /// The same with the way that forecasts the validation part better; where there is none, each day's forecast is the input of the next. The test
    /// part is not looked at.
    ///
    /// # Errors
    /// As [`ahead`](Self::ahead).
    pub fn with_better_way(&self, table: &PriceTable, prices: &Prices) -> Result<Self, Error> {
        let scores = self.ahead(table, prices, prices.split.validation.clone())?;
        Ok(self.with_way(scores.map_or(Way::FedBack, |scores| scores.better())))
    }

    /// How well both ways, and "no change", forecast each of the days that have an output of their own, from the windows of a range of a
    /// table's; `None` where there is one such day, or the range is shorter than they are many.
    ///
    /// # Errors
    /// A forecast is no price, or the calendar ends.
    pub fn ahead(
        &self,
        table: &PriceTable,
        prices: &Prices,
        range: Range<usize>,
    ) -> Result<Option<AheadScores>, Error> {
        let Settings { model, way, .. } = self.settings();
        let days = model.ahead;
        let range = with_all_days(range, days);
        if range.is_empty() || days == 1 {
            return Ok(None);
        }
        let windows = &prices.windows;
        let direct =
            in_order(windows, range.clone(), 1).flat_map(|batch| self.network().predict_ahead(&batch));
        let direct: Vec<f64> = direct.map(f64::from).collect();
        let mut fed_back = Vec::with_capacity(direct.len());
        for start in range.clone().step_by(JUDGED_AT_ONCE) {
            let part = start..range.end.min(start + JUDGED_AT_ONCE);
            let paths = self.fed_back(table, part.clone())?;
            for (i, path) in part.zip(paths) {
                fed_back.extend(path.prices().map(|price| price / windows.last_price(i)));
            }
        }
        Ok(Some(AheadScores::of(*way, windows, range, [&direct, &fed_back])))
    }

    /// The paths from some windows of a table, fed back day by day, side by side.
    fn fed_back(&self, table: &PriceTable, range: Range<usize>) -> Result<Vec<DaysAhead>, Error> {
        let settings = Settings { way: Way::FedBack, ..self.settings().clone() };
        let (window, days) = (settings.windows.window, settings.model.ahead);
        let begin = |i: usize| DaysAhead::after(&settings, table, i + window, days);
        let mut paths: Vec<DaysAhead> = range.map(begin).collect::<Result<_, _>>()?;
        for _ in 0..days {
            let mut wanted = paths.iter().filter_map(DaysAhead::wanted);
            let Some(mut batch) = wanted.next() else { break };
            batch.inputs.extend(wanted.flat_map(|batch| batch.inputs));
            let predictions = self.network().predict_ahead(&batch);
            for (path, predictions) in paths.iter_mut().zip(predictions.chunks_exact(days)) {
                path.take(predictions)?;
            }
        }
        Ok(paths)
    }
}
