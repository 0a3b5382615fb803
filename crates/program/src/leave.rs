//! What a run leaves behind besides its weights: the summary, charts and the report. Each file is written whole or
//! not at all; TensorBoard's grow.

use std::path::Path;

use recurrent_report::{LineChart, Picture, Report, Size};
use recurrent_train::files::{create_folder, write_whole};
use recurrent_train::{Board, RunFolder};
use serde::Serialize;

use crate::Failure;

/// Writes a value as a JSON file for people: indented, with a line end.
///
/// # Errors
/// The file cannot be written.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)? + "\n";
    Ok(write_whole(path, text.as_bytes())?)
}

/// Writes the figures of a run that has come to a step: `summary.json`, and those that judge its model for
/// TensorBoard, as `result/NAME`.
///
/// # Errors
/// A file cannot be written.
pub fn write_summary(run: &RunFolder, step: u64, summary: &impl Serialize) -> Result<(), Failure> {
    let summary = serde_json::to_value(summary)?;
    write_json(&run.summary_file(), &summary)?;
    let tag = |name: &str| format!("result/{}", name.strip_prefix("metrics.").unwrap_or(name));
    let figures: Vec<_> =
        recurrent_runs::figures(&summary).into_iter().map(|(name, value)| (tag(&name), value)).collect();
    if !figures.is_empty() {
        Board::open(run.tensorboard())?.scalars(step, figures)?;
    }
    Ok(())
}

/// Writes charts into a folder, which is made where it is missing, each as `NAME.svg`.
///
/// # Errors
/// The folder or a file cannot be written.
pub fn write_charts(folder: &Path, charts: &[(&str, &LineChart)]) -> Result<(), Failure> {
    create_folder(folder)?;
    for (name, chart) in charts {
        write_whole(&folder.join(format!("{name}.svg")), chart.svg(Size::Wide)?.as_bytes())?;
    }
    Ok(())
}

/// Writes the charts of a run that has come to a step: into its folder of plots, and as pictures for TensorBoard.
///
/// # Errors
/// As [`write_charts`].
pub fn write_plots(run: &RunFolder, step: u64, charts: &[(&str, &LineChart)]) -> Result<(), Failure> {
    write_charts(&run.plots(), charts)?;
    let board = Board::open(run.tensorboard())?;
    for (name, chart) in charts {
        // TensorBoard shows pictures small.
        let Picture { width, height, png, .. } = chart.picture(Size::Narrow)?;
        board.image(&format!("plots/{name}"), step, (width, height), &png)?;
    }
    Ok(())
}

/// Writes a report page.
///
/// # Errors
/// A chart cannot be drawn, or the file cannot be written.
pub fn write_page(path: &Path, report: &Report) -> Result<(), Failure> {
    Ok(write_whole(path, report.html()?.as_bytes())?)
}
