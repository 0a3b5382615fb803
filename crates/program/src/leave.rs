//! What a run leaves behind besides its weights: the summary, charts and the report. Each file is written whole or not at all.

use std::path::Path;

use recurrent_report::{LineChart, Report, Size};
use recurrent_train::files::{create_folder, write_whole};
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

/// Writes a report page.
///
/// # Errors
/// A chart cannot be drawn, or the file cannot be written.
pub fn write_page(path: &Path, report: &Report) -> Result<(), Failure> {
    Ok(write_whole(path, report.html()?.as_bytes())?)
}
