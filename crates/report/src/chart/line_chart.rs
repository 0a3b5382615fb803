//! A chart as plain data, built step by step.

use super::series::{Series, visible};

/// A chart of one or more series over a common horizontal axis.
///
/// Points with a coordinate that is not finite are left out, on a logarithmic axis also those at or below zero. A
/// chart without a point says so.
///
/// ```
/// use recurrent_report::{LineChart, Series, Size};
/// let losses = vec![(1.0, 0.02), (2.0, 0.004), (3.0, 0.0009)];
/// let chart = LineChart::new("Loss", "epoch", "mean squared error")
///     .series(Series::line("training", losses))
///     .log_y()
///     .mark(3.0, "best");
/// let svg = chart.svg(Size::Wide)?;
/// assert!(svg.starts_with("<svg"));
/// # Ok::<(), recurrent_report::DrawError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    pub(super) title: String,
    pub(super) x_label: String,
    pub(super) y_label: String,
    pub(super) x: X,
    pub(super) y: Y,
    pub(super) series: Vec<Series>,
    pub(super) marks: Vec<(f64, String)>,
}

/// What the horizontal axis counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum X {
    Numbers,
    Dates,
}

/// The scale of the vertical axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Y {
    Linear,
    Logarithmic,
}

/// The proportions of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 900 by 420: a page or a screen.
    Wide,
    /// 420 by 360: a phone; the letters are larger in proportion.
    Narrow,
}

impl Size {
    /// Width and height in units of the view.
    pub(super) fn extent(self) -> (i32, i32) {
        match self {
            Self::Wide => (900, 420),
            Self::Narrow => (420, 360),
        }
    }
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

    /// Adds a series, drawn over those before it; [bands](Series::band) lie beneath all others.
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

    /// What a reader who cannot see the chart is told.
    pub(super) fn description(&self) -> String {
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
