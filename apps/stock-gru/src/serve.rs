//! `serve`: forecasts for others over HTTP.

use std::path::Path;

use recurrent_data::prices::PriceTable;
use recurrent_forecaster::{Desk, Forecaster, Quoted};
use recurrent_program::{Failure, Screen, ServeFlags, Trained, open_run, stop_on_ctrl_c};

use crate::PROGRAM;
use crate::data::read;
use crate::settings::Settings;

/// Serves the models of runs until Ctrl-C.
///
/// # Errors
/// A model cannot be read, or the address cannot be listened on.
pub fn serve(flags: &ServeFlags, screen: &Screen) -> Result<(), Failure> {
    recurrent_program::serve(Desk, PROGRAM, flags, &stop_on_ctrl_c()?, screen, |path, device| {
        let forecaster = Forecaster::load_on(path, device)?;
        // Whoever asks may bring others.
        let prices = if path.is_dir() { own_prices(path, &forecaster).ok() } else { None };
        Quoted::new(forecaster, prices)
    })
}

/// The prices of a run, where they are still there.
fn own_prices(path: &Path, forecaster: &Forecaster) -> Result<PriceTable, Failure> {
    let reading = open_run::<Settings>(PROGRAM, path)?.1.reading;
    let source = Trained::open(PROGRAM, path, &Screen::Quiet)?.data(None)?;
    read(&source, &forecaster.settings().windows, &reading)
}
