//! A trained model, read back with prices to use it on: what `evaluate`, `forecast` and `plot` start from.

use recurrent_data::prices::{Events, PriceTable, Reading};
use recurrent_forecaster::{Error, Forecaster, Prices};
use recurrent_program::{
    OriginError, Screen, Source, Trained, Unusable,
    flags::{CommonFlags, RunFlags},
    open_run,
};

use crate::data::{read, tell};
use crate::flags::ReadingFlags;
use crate::settings::Settings;
use crate::summary::DataFacts;
use crate::{Failure, PROGRAM};

/// A model, and the prices that it is used on.
pub struct Saved {
    /// What the model was trained on, and the folder of its run.
    pub trained: Trained,
    /// The model.
    pub forecaster: Forecaster,
    /// Where the prices come from.
    pub source: Source,
    /// How they are read.
    pub reading: Reading,
    /// The prices.
    pub table: PriceTable,
    /// Their windows.
    pub prices: Prices,
}

impl Saved {
    /// Reads a run's folder or a model file, and the prices.
    ///
    /// # Errors
    /// There is no run or no weights, they are damaged, or the prices cannot be read.
    pub fn read(
        flags: &RunFlags,
        asked: &ReadingFlags,
        common: &CommonFlags,
        screen: &Screen,
    ) -> Result<Self, Failure> {
        let mut reading = asked.reading();
        if flags.run.is_dir() {
            // An edited file is told, whatever was edited in it.
            reading.fill(&open_run::<Settings>(PROGRAM, &flags.run)?.1.reading);
        }
        let trained = Trained::open(PROGRAM, &flags.run, screen)?;
        let source = trained.data(&flags.data)?;
        let device = common.backend.unwrap_or_default().open()?;
        let mut forecaster = Forecaster::load_on(&flags.run, &device).map_err(unloaded)?;
        if let Some(events) = &asked.events {
            forecaster = forecaster.with_events(Events::read(events)?)?;
        }
        let settings = forecaster.settings();
        let trained = trained.with_sha256(settings.data_sha256.as_deref());
        let table = read(&source, &settings.windows, &reading)?;
        tell(&source, &table, &settings.windows.known.events, screen);
        let prices = forecaster.prices(&table).map_err(|reason| Unusable::because(&source, reason))?;
        if prices.baselines.is_some() {
            screen.note("note: these prices begin after those that were learnt from, so all of their windows are judged, beside the baselines of the training part");
        }
        Ok(Self { trained, forecaster, source, reading, table, prices })
    }

    /// Refuses the model's own prices where they have changed: the test windows of prices that were cut or moved may have been
    /// learnt from.
    ///
    /// # Errors
    /// They have, and no others were asked for.
    pub fn keep_own_data(&self, flags: &RunFlags) -> Result<(), OriginError> {
        self.trained.keep_own_data(&flags.data, self.table.sha256())
    }

    /// The facts of the prices.
    pub fn facts(&self) -> DataFacts {
        DataFacts::new(&self.source, &self.table, &self.prices)
    }
}

/// Why a model was not loaded: of a file by its own kind, which says which option helps.
pub(crate) fn unloaded(error: Error) -> Failure {
    match error {
        Error::File(error) => error.into(),
        error => error.into(),
    }
}
