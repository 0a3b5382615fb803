//! `serve`: forecasts for others over HTTP.

use std::path::Path;

use recurrent_data::prices::PriceTable;
use recurrent_forecaster::risk::{RiskForecaster, RiskModel, RiskPrices};
use recurrent_forecaster::{Desk, Forecaster, Quoted};
use recurrent_program::{Failure, Screen, ServeFlags, Trained, open_run, stop_on_ctrl_c};

use crate::PROGRAM;
use crate::data::read_with_ranges;
use crate::risk::folder;
use crate::settings::Settings;

/// Serves the models of runs until Ctrl-C.
///
/// # Errors
/// A model cannot be read, or the address cannot be listened on.
pub fn serve(flags: &ServeFlags, screen: &Screen) -> Result<(), Failure> {
    recurrent_program::serve(Desk, PROGRAM, flags, &stop_on_ctrl_c()?, screen, |path, device| {
        let forecaster = Forecaster::load_on(path, device)?;
        // Whoever asks may bring others.
        let own = if path.is_dir() { own_prices(path, &forecaster).ok() } else { None };
        let Some((table, ranges)) = own else { return Quoted::new(forecaster, None) };
        let prices = RiskPrices::new(&table, &forecaster.settings().windows.target, ranges.as_ref())?;
        // A run may have no model of risk, or one that can say nothing of these prices.
        let risk = RiskForecaster::load_on(folder(path), device);
        let risk = risk.and_then(|risk| risk.path(0, &prices, RiskModel::Network, Quoted::MOST_DAYS)).ok();
        Ok(Quoted::new(forecaster, Some(table))?.with_risk(risk))
    })
}

/// The prices of a run, with highs and lows, where they are still there.
fn own_prices(path: &Path, forecaster: &Forecaster) -> Result<(PriceTable, Option<PriceTable>), Failure> {
    let reading = open_run::<Settings>(PROGRAM, path)?.1.reading;
    let source = Trained::open(PROGRAM, path, &Screen::Quiet)?.data(&[])?;
    read_with_ranges(&source, &forecaster.settings().windows, &reading)
}
