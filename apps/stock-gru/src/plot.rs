//! `plot`: draws the plots of a run again.

use recurrent_program::Screen;
use recurrent_train::Metrics;

use crate::early::read_early;
use crate::flags::PlotFlags;
use crate::plots::Plots;
use crate::saved::Saved;
use crate::settings::EARLY_EPOCH;
use crate::summary::PROGRAM;
use crate::train::judge;

/// Draws, and prints where.
///
/// # Errors
/// The run or the prices cannot be read, or a file cannot be written.
pub fn plot(flags: &PlotFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let saved = Saved::read(&flags.source, &flags.common, screen)?;
    let history = Metrics::read(&saved.run.metrics_file())?.epochs;
    let forecasts = judge(&saved.prices, &saved.model)?.forecasts;
    let early = read_early(&saved.run, &saved.prices)?.map(|early| (EARLY_EPOCH, early));
    let name = saved.settings.origin.source.name();
    Plots::new(&saved.prices, &name, &history, &forecasts, early).write(&saved.run)?;
    let folder = saved.run.plots();
    let record = serde_json::json!({ "program": PROGRAM, "plots": folder.to_string_lossy() });
    screen.result(&record, &format!("plots: {}", folder.display()))
}
