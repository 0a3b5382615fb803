//! The chart that every training run has: its losses by epoch.

use super::line_chart::LineChart;
use super::series::Series;

/// Draws the losses of a run by epoch on a logarithmic axis, with its best epoch marked.
///
/// The epochs count from one: `training[0]` is the loss of the first. The validation line is absent where `validation` is empty;
/// losses that are not finite are left out, so that an epoch without one can be `NAN`. `best_epoch` counts from one too. `y_label` names
/// the loss.
///
/// ```
/// use recurrent_report::{Size, loss_curves};
/// let chart = loss_curves(&[0.31, 0.12, 0.06], &[0.25, 0.1, 0.11], Some(2), "mean squared error");
/// assert!(chart.svg(Size::Wide)?.contains("best: epoch 2"));
/// # Ok::<(), recurrent_report::DrawError>(())
/// ```
pub fn loss_curves(
    training: &[f64],
    validation: &[f64],
    best_epoch: Option<usize>,
    y_label: impl Into<String>,
) -> LineChart {
    let by_epoch =
        |losses: &[f64]| losses.iter().zip(1u32..).map(|(loss, epoch)| (f64::from(epoch), *loss)).collect();
    let mut chart = LineChart::new("Loss by epoch", "epoch", y_label)
        .log_y()
        .series(Series::line("training", by_epoch(training)));
    if !validation.is_empty() {
        chart = chart.series(Series::line("validation", by_epoch(validation)));
    }
    match best_epoch {
        Some(best) => chart.mark(best as f64, format!("best: epoch {best}")),
        None => chart,
    }
}
