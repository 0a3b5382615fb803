//! The curves of many runs in one chart each: by step, and by the time that they took.

use std::collections::BTreeSet;

use recurrent_report::{LineChart, Series};
use recurrent_train::EpochRecord;

use crate::run::Run;

/// Colours of a chart; behind them they begin again, with dashes.
const COLOURS: usize = 6;
/// More lines nobody can tell apart.
const MOST: usize = 2 * COLOURS;

/// The runs that are drawn: all that have epochs, or of too many those with the lowest losses, in their order.
pub(crate) fn drawn(runs: &[Run]) -> Vec<&Run> {
    let mut drawn: Vec<(usize, &Run)> =
        runs.iter().filter(|run| !run.epochs.is_empty()).enumerate().collect();
    if drawn.len() > MOST {
        let loss = |run: &Run| run.best_loss.unwrap_or(f64::INFINITY);
        drawn.sort_by(|(_, a), (_, b)| loss(a).total_cmp(&loss(b)));
        drawn.truncate(MOST);
        drawn.sort_by_key(|(place, _)| *place);
    }
    drawn.into_iter().map(|(_, run)| run).collect()
}

/// The charts of some runs: training and validation loss by step, further figures of the validation by step, and the
/// loss by time.
pub(crate) fn charts(runs: &[&Run]) -> Vec<LineChart> {
    let training = |epoch: &EpochRecord| Some(epoch.train_loss);
    let validation = |epoch: &EpochRecord| epoch.validation_loss;
    let has_validation =
        runs.iter().any(|run| run.epochs.iter().any(|epoch| epoch.validation_loss.is_some()));
    let mut charts = vec![chart(runs, "Training loss", &Axis::Step, &training)];
    if has_validation {
        charts.push(chart(runs, "Validation loss", &Axis::Step, &validation));
    }
    let names: BTreeSet<&str> = runs
        .iter()
        .flat_map(|run| &run.epochs)
        .flat_map(|epoch| epoch.metrics.keys().map(String::as_str))
        .collect();
    for name in names {
        let figure = |epoch: &EpochRecord| epoch.metrics.get(name).copied();
        charts.push(chart(runs, &format!("Validation: {name}"), &Axis::Step, &figure));
    }
    let time = Axis::time(runs);
    charts.push(if has_validation {
        chart(runs, "Validation loss by time", &time, &validation)
    } else {
        chart(runs, "Training loss by time", &time, &training)
    });
    charts
}

/// What the horizontal axis counts.
enum Axis {
    Step,
    /// The time of training, in a unit of so many seconds.
    Time {
        unit: &'static str,
        seconds: f64,
    },
}

impl Axis {
    /// Time in the unit that suits the longest run.
    fn time(runs: &[&Run]) -> Self {
        let longest = runs.iter().map(|run| run.seconds).fold(0.0, f64::max);
        let (unit, seconds) = match longest {
            longest if longest < 120.0 => ("seconds", 1.0),
            longest if longest < 7200.0 => ("minutes", 60.0),
            _ => ("hours", 3600.0),
        };
        Self::Time { unit, seconds }
    }

    fn label(&self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Time { unit, .. } => unit,
        }
    }
}

fn chart(runs: &[&Run], title: &str, axis: &Axis, value: &dyn Fn(&EpochRecord) -> Option<f64>) -> LineChart {
    let all =
        || runs.iter().flat_map(|run| run.epochs.iter().filter_map(value)).filter(|value| value.is_finite());
    let mut chart = LineChart::new(title, axis.label(), "");
    // Losses fall by orders of magnitude; a likelihood may be negative.
    if all().all(|value| value > 0.0) && !title.starts_with("Validation:") {
        chart = chart.log_y();
    }
    for (place, run) in runs.iter().enumerate() {
        let mut passed = 0.0;
        let points = run.epochs.iter().filter_map(|epoch| {
            passed += epoch.seconds;
            let at = match axis {
                Axis::Step => epoch.step as f64,
                Axis::Time { seconds, .. } => passed / seconds,
            };
            Some((at, value(epoch)?))
        });
        // A run without a point keeps its colour for the other charts.
        let series = if place < COLOURS { Series::line } else { Series::dashed };
        chart = chart.series(series(run.name.clone(), points.collect()));
    }
    chart
}
