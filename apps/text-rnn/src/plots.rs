//! The plots of a run, as SVG files and in its report.

use recurrent_train::{
    EpochRecord, Error, RunFolder,
    files::create_folder,
    plot::{LineChart, Series, loss_curves},
};

/// The losses by epoch; for generated text, with the least loss that can be expected.
pub fn loss(history: &[EpochRecord], floor: Option<f64>) -> LineChart {
    let chart = loss_curves(history, "nats per character");
    match (floor, history.last()) {
        (Some(floor), Some(last)) => chart
            .series(Series::dashed("entropy of the text", vec![(1.0, floor), (last.epoch as f64, floor)])),
        _ => chart,
    }
}

/// Writes the chart into the run's folder.
///
/// # Errors
/// The file cannot be written.
pub fn write(run: &RunFolder, loss: &LineChart) -> Result<(), Error> {
    create_folder(&run.plots())?;
    loss.write(&run.plots().join("loss.svg"))
}
