//! `plot`: draws the plots of a run again.

use recurrent_forecaster::{Plots, read_early};
use recurrent_program::{Screen, WrongUsage, write_charts};
use recurrent_train::Metrics;

use crate::flags::ReadFlags;
use crate::risk;
use crate::saved::Saved;
use crate::{Failure, PROGRAM};

/// Draws, and prints where: into the run's `plots`, or for other prices than the run's into a folder beside it.
///
/// # Errors
/// The run or the prices cannot be read, or a file cannot be written.
pub fn plot(flags: &ReadFlags, screen: &Screen) -> Result<(), Failure> {
    let path = &flags.source.run;
    let no_folder = || {
        let text =
            "is a model file, which knows nothing of its training; name the folder of its run with `--run`";
        WrongUsage::Contradiction(format!("{}: {text}", path.display()))
    };
    if !path.is_dir() {
        return Err(no_folder().into());
    }
    if risk::is_of_risk(path) {
        return risk::evaluate::plot(flags, screen);
    }
    let saved = Saved::read(&flags.source, &flags.reading, &flags.common, screen)?;
    saved.keep_own_data(&flags.source)?;
    let run = saved.trained.folder().ok_or_else(no_folder)?;
    let history = Metrics::read(&run.metrics_file())?.epochs;
    let forecasts = saved.forecaster.forecasts(&saved.prices);
    let early = read_early(run, &saved.prices)?;
    let name = saved.source.name();
    let own = saved.trained.began_with(saved.table.sha256());
    let folder = if own { run.plots() } else { run.path().join(format!("plots-{name}")) };
    write_charts(&folder, &Plots::new(&saved.prices, &name, &history, &forecasts, early).named())?;
    let record = serde_json::json!({ "program": PROGRAM, "plots": folder.to_string_lossy() });
    screen.result(&record, &format!("plots: {}", folder.display()))
}
