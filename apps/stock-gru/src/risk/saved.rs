//! A trained model of risk, read back with prices to use it on.

use std::path::Path;

use recurrent_data::prices::{Events, NamedPrices, PriceTable, WindowSpec};
use recurrent_forecaster::risk::{RiskForecaster, RiskJudged, RiskPrices};
use recurrent_program::{
    Screen, Source, Trained, Unusable,
    flags::{CommonFlags, RunFlags},
    open_run,
};

use super::settings::RiskRun;
use super::summary::RiskFacts;
use crate::data::{read_several, tell};
use crate::flags::ReadingFlags;
use crate::saved::unloaded;
use crate::{Failure, PROGRAM};

/// A model of risk, and the prices that it is used on.
pub struct SavedRisk {
    /// What the model was trained on, and the folder of its run.
    pub trained: Trained,
    /// The model.
    pub forecaster: RiskForecaster,
    /// Where the prices come from.
    pub source: Source,
    /// The prices by name.
    pub all: Vec<NamedPrices>,
}

impl SavedRisk {
    /// Reads a run of the preset `risk` or a model file, and the prices.
    ///
    /// # Errors
    /// There is no run or no model, it is damaged, or the prices cannot be read.
    pub fn read(
        flags: &RunFlags,
        asked: &ReadingFlags,
        common: &CommonFlags,
        screen: &Screen,
    ) -> Result<Self, Failure> {
        let mut reading = asked.reading();
        if flags.run.is_dir() {
            reading.fill(&open_run::<RiskRun>(PROGRAM, &flags.run)?.1.reading);
        }
        let trained = Trained::open(PROGRAM, &flags.run, screen)?;
        let source = trained.data(&flags.data)?;
        let forecaster = load(&flags.run, asked.events.as_deref(), common)?;
        let settings = forecaster.settings();
        let trained = trained.with_sha256(settings.data_sha256.as_deref());
        let spec = WindowSpec { target: settings.column.clone(), ..WindowSpec::default() };
        let all = read_several(&source, &spec, &reading)?;
        Ok(Self { trained, forecaster, source, all })
    }

    /// The only price, where the model learnt from one.
    ///
    /// # Errors
    /// Several were read, or the table lacks the column.
    pub fn single(mut self, screen: &Screen) -> Result<SingleRisk, Failure> {
        if self.all.len() > 1 {
            let reason = "the model learnt from one price; name one file, or choose one of its tickers with `--ticker`";
            return Err(Unusable::because(&self.source, reason).into());
        }
        let NamedPrices { table, further, .. } = self.all.remove(0);
        tell(&self.source, &table, &self.forecaster.settings().known.events, screen);
        let prices = RiskPrices::new(&table, &self.forecaster.settings().column, further.as_ref())?;
        let Self { trained, forecaster, source, .. } = self;
        Ok(SingleRisk { trained, forecaster, source, table, prices })
    }
}

/// A model of the risk of one price, and the prices that it is used on.
pub struct SingleRisk {
    /// What the model was trained on, and the folder of its run.
    pub trained: Trained,
    /// The model.
    pub forecaster: RiskForecaster,
    /// Where the prices come from.
    pub source: Source,
    /// The prices.
    pub table: PriceTable,
    /// The same as risk is measured from them.
    pub prices: RiskPrices,
}

impl SingleRisk {
    /// Judges all models on the days that were not learnt from.
    ///
    /// # Errors
    /// There is none, or a forecast fails.
    pub fn judge(&self) -> Result<RiskJudged, Failure> {
        let judged = self.forecaster.judge(0, &self.prices);
        Ok(judged.map_err(|reason| Unusable::because(&self.source, reason))?)
    }

    /// The facts of the prices, of which so many days are judged.
    pub fn facts(&self, test: usize) -> RiskFacts {
        RiskFacts::new(&self.source, &self.table, test)
    }
}

/// Loads a model of risk onto the device that is asked for, with the events of a table where one is named.
///
/// # Errors
/// There is none, it is damaged, or the device cannot be opened; or the events cannot be read, or are of other kinds.
pub fn load(run: &Path, events: Option<&Path>, common: &CommonFlags) -> Result<RiskForecaster, Failure> {
    let device = common.backend.unwrap_or_default().open()?;
    let forecaster = RiskForecaster::load_on(run, &device).map_err(unloaded)?;
    match events {
        Some(events) => Ok(forecaster.with_events(Events::read(events)?)?),
        None => Ok(forecaster),
    }
}
