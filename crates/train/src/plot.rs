//! Line charts as SVG: loss curves, prices by date, anything with numbers on both axes.
//!
//! A chart is plain data until it is drawn (`draw`), with colours (`ink`) that a report can restyle for a dark
//! page. Other kinds of charts, and other formats than SVG, are not here.

use std::path::Path;

use crate::error::Error;
use crate::files::write_whole;
use crate::observer::EpochRecord;

mod axis;
mod decimate;
mod draw;
mod ink;
mod lettering;

pub(crate) use ink::stylesheet;

/// A chart of one or more series over a common horizontal axis.
///
/// Points with a coordinate that is not finite are left out, on a logarithmic axis also those at or below zero. A
/// chart without a point says so.
///
/// ```
/// use recurrent_train::plot::{LineChart, Series, Size};
/// let losses = vec![(1.0, 0.02), (2.0, 0.004), (3.0, 0.0009)];
/// let chart = LineChart::new("Loss", "epoch", "mean squared error")
///     .series(Series::line("training", losses))
///     .log_y()
///     .mark(3.0, "best");
/// let svg = chart.svg(Size::Wide)?;
/// assert!(svg.starts_with("<svg"));
/// # Ok::<(), recurrent_train::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    title: String,
    x_label: String,
    y_label: String,
    x: X,
    y: Y,
    series: Vec<Series>,
    marks: Vec<(f64, String)>,
}

/// What the horizontal axis counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum X {
    Numbers,
    Dates,
}

/// The scale of the vertical axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Y {
    Linear,
    Logarithmic,
}

/// Some points and how they are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    name: String,
    shape: Shape,
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Line(Vec<(f64, f64)>),
    Dashed(Vec<(f64, f64)>),
    Points(Vec<(f64, f64)>),
    Band { lower: Vec<(f64, f64)>, upper: Vec<(f64, f64)> },
}

impl Series {
    /// A solid line through points `(x, y)`, which are sorted by x.
    pub fn line(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Self { name: visible(name), shape: Shape::Line(sorted(points)) }
    }

    /// A dashed line.
    pub fn dashed(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Self { name: visible(name), shape: Shape::Dashed(sorted(points)) }
    }

    /// Dots, not joined; of more than 3,000, those that stand out.
    pub fn points(name: impl Into<String>, points: Vec<(f64, f64)>) -> Self {
        Self { name: visible(name), shape: Shape::Points(sorted(points)) }
    }

    /// The area between two bounds, given as `(x, lower, upper)`: an interval of a forecast.
    pub fn band(name: impl Into<String>, bounds: Vec<(f64, f64, f64)>) -> Self {
        let whole =
            |(x, lower, upper): &(f64, f64, f64)| x.is_finite() && lower.is_finite() && upper.is_finite();
        let bounds: Vec<_> = bounds.into_iter().filter(whole).collect();
        let lower = sorted(bounds.iter().map(|(x, lower, _)| (*x, *lower)).collect());
        let upper = sorted(bounds.iter().map(|(x, _, upper)| (*x, *upper)).collect());
        Self { name: visible(name), shape: Shape::Band { lower, upper } }
    }

    /// All points, those of both bounds for a band.
    fn all_points(&self) -> impl Iterator<Item = (f64, f64)> {
        let (first, second): (&[_], &[_]) = match &self.shape {
            Shape::Line(points) | Shape::Dashed(points) | Shape::Points(points) => (points, &[]),
            Shape::Band { lower, upper } => (lower, upper),
        };
        first.iter().chain(second).copied()
    }
}

/// The proportions of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 900 by 420: a page or a screen.
    Wide,
    /// 420 by 360: a phone; the letters are larger in proportion.
    Narrow,
}

impl LineChart {
    /// An empty chart with a title and a label for each axis; a label may be empty.
    pub fn new(title: impl Into<String>, x_label: impl Into<String>, y_label: impl Into<String>) -> Self {
        Self {
            title: visible(title),
            x_label: visible(x_label),
            y_label: visible(y_label),
            x: X::Numbers,
            y: Y::Linear,
            series: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// Reads the x of every point as days since 1970-01-01, and labels the axis with dates.
    pub fn dates(mut self) -> Self {
        self.x = X::Dates;
        self
    }

    /// Makes the vertical axis logarithmic.
    pub fn log_y(mut self) -> Self {
        self.y = Y::Logarithmic;
        self
    }

    /// Adds a series, drawn over those before it.
    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// Adds a vertical line at `x` with a short label: the best epoch, the start of the test years.
    pub fn mark(mut self, x: f64, label: impl Into<String>) -> Self {
        if x.is_finite() {
            self.marks.push((x, visible(label)));
        }
        self
    }

    /// The chart's title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Draws the chart as an SVG document, which can also stand inside an HTML page.
    ///
    /// Long series are thinned to their extremes in each column of the picture, so no peak is lost.
    ///
    /// # Errors
    /// The drawing library refuses; none of its reasons is known to occur here.
    pub fn svg(&self, size: Size) -> Result<String, Error> {
        draw::svg(self, size)
    }

    /// Writes the chart at [`Size::Wide`] as an SVG file, whole or not at all.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        write_whole(path, self.svg(Size::Wide)?.as_bytes())
    }

    /// What a reader who cannot see the chart is told.
    fn description(&self) -> String {
        let names: Vec<&str> = self.series.iter().map(|series| series.name.as_str()).collect();
        let mut text = format!("Line chart: {}", self.title);
        for (before, part) in
            [(". ", &self.y_label), (" by ", &self.x_label), (", series: ", &names.join(", "))]
        {
            if !part.is_empty() {
                text += before;
                text += part;
            }
        }
        text
    }
}

/// Draws the losses of a run on a logarithmic axis, with its best epoch marked.
///
/// `y_label` names the loss; the validation line is absent where no epoch has one.
pub fn loss_curves(epochs: &[EpochRecord], y_label: impl Into<String>) -> LineChart {
    let training = epochs.iter().map(|epoch| (epoch.epoch as f64, epoch.train_loss)).collect();
    let validation: Vec<_> =
        epochs.iter().filter_map(|epoch| Some((epoch.epoch as f64, epoch.validation_loss?))).collect();
    let mut chart =
        LineChart::new("Loss by epoch", "epoch", y_label).log_y().series(Series::line("training", training));
    if !validation.is_empty() {
        chart = chart.series(Series::line("validation", validation));
    }
    match epochs.iter().rev().find(|epoch| epoch.best) {
        Some(best) => chart.mark(best.epoch as f64, format!("best: epoch {}", best.epoch)),
        None => chart,
    }
}

/// Text as it can stand in XML: control characters, which cannot, become spaces.
fn visible(text: impl Into<String>) -> String {
    let shown = |c: char| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c };
    text.into().chars().map(shown).collect()
}

fn sorted(mut points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    points.retain(|(x, y)| x.is_finite() && y.is_finite());
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}
