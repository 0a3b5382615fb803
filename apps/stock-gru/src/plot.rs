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

/// Draws, and prints where: into the run's `plots`, or for other prices than the run's into a folder beside it.
///
/// # Errors
/// The run or the prices cannot be read, or a file cannot be written.
pub fn plot(flags: &PlotFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let mut saved = Saved::read(&flags.source, &flags.common, screen)?;
    saved.keep_own_data(&flags.source)?;
    let history = Metrics::read(&saved.run.metrics_file())?.epochs;
    let forecasts = judge(&saved.prices, &saved.model)?.forecasts;
    let early = read_early(&saved.run, &saved.prices)?.map(|early| (EARLY_EPOCH, early));
    let origin = &saved.settings.origin;
    let name = origin.source.name();
    let own = origin.began_with(saved.prices.table.sha256());
    let folder = if own { saved.run.plots() } else { saved.run.path().join(format!("plots-{name}")) };
    Plots::new(&saved.prices, &name, &history, &forecasts, early).write(&folder)?;
    let record = serde_json::json!({ "program": PROGRAM, "plots": folder.to_string_lossy() });
    screen.result(&record, &format!("plots: {}", folder.display()))
}
