//! The model of a finished run, read back: what `evaluate`, `forecast` and `plot` start from.

use recurrent_program::{
    OriginError, Screen,
    flags::{CommonFlags, RunFlags},
    open_run,
};
use recurrent_train::{RunFolder, load_model};

use crate::data::{Prices, read, sentence};
use crate::model::Forecaster;
use crate::settings::Settings;
use crate::summary::PROGRAM;

/// A run's model and the prices that it is used on.
pub struct Saved {
    /// The run's settings, with the source of the prices that were asked for.
    pub settings: Settings,
    /// The run's folder.
    pub run: RunFolder,
    /// The model, without automatic differentiation.
    pub model: Forecaster,
    /// The prices.
    pub prices: Prices,
}

impl Saved {
    /// Reads a run.
    ///
    /// # Errors
    /// There is no run or no weights, they are damaged, or the prices cannot be read.
    pub fn read(flags: &RunFlags, common: &CommonFlags, screen: &Screen) -> Result<Self, crate::Failure> {
        let (run, mut settings) = open_run::<Settings>(PROGRAM, &flags.run)?;
        settings.origin.find_data(flags.data.as_ref())?;
        let weights = run.weights_file()?;
        let device = common.backend.unwrap_or_default().open()?;
        let features = 1 + settings.windows.features.len();
        let model = Forecaster::new(&settings.model, features, settings.train.seed, &device);
        let (model, _) = load_model(model, &weights)?;
        let table = read(&settings.origin.source, &settings.windows)?;
        screen.note(&sentence(&settings.origin.source, &table));
        table.notes().iter().for_each(|note| screen.note(&format!("note: {note}")));
        let prices = Prices::new(&settings.origin.source, table, &settings.windows, settings.fractions)?;
        Ok(Self { settings, run, model, prices })
    }

    /// Refuses the run's own prices where they have changed: the test windows of prices that were cut or moved may have been
    /// learnt from.
    ///
    /// # Errors
    /// They have, and no others were asked for.
    pub fn keep_own_data(&mut self, flags: &RunFlags) -> Result<(), OriginError> {
        self.settings.origin.keep_own_data(flags.data.as_ref(), self.prices.table.sha256())
    }
}
