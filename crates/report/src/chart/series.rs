//! The series of a chart: points, and how they are drawn.

/// Some points and how they are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub(super) name: String,
    pub(super) shape: Shape,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
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
    ///
    /// It is drawn beneath all lines, in the colour of the series that was added before it, which it thus belongs to.
    pub fn band(name: impl Into<String>, bounds: Vec<(f64, f64, f64)>) -> Self {
        let whole =
            |(x, lower, upper): &(f64, f64, f64)| x.is_finite() && lower.is_finite() && upper.is_finite();
        let bounds: Vec<_> = bounds.into_iter().filter(whole).collect();
        let lower = sorted(bounds.iter().map(|(x, lower, _)| (*x, *lower)).collect());
        let upper = sorted(bounds.iter().map(|(x, _, upper)| (*x, *upper)).collect());
        Self { name: visible(name), shape: Shape::Band { lower, upper } }
    }

    pub(super) fn is_band(&self) -> bool {
        matches!(self.shape, Shape::Band { .. })
    }

    /// All points, those of both bounds for a band.
    pub(super) fn all_points(&self) -> impl Iterator<Item = (f64, f64)> + Clone {
        let (first, second): (&[_], &[_]) = match &self.shape {
            Shape::Line(points) | Shape::Dashed(points) | Shape::Points(points) => (points, &[]),
            Shape::Band { lower, upper } => (lower, upper),
        };
        first.iter().chain(second).copied()
    }
}

/// Each series' place among the colours: every line takes the next one, and a band that of the line before it.
pub(super) fn colours(series: &[Series]) -> Vec<usize> {
    let mut lines: usize = 0;
    let place = |series: &Series| {
        lines += usize::from(!series.is_band());
        lines.saturating_sub(1)
    };
    series.iter().map(place).collect()
}

/// Text as it can stand in XML: control characters, which cannot, become spaces.
pub(super) fn visible(text: impl Into<String>) -> String {
    let shown = |c: char| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c };
    text.into().chars().map(shown).collect()
}

fn sorted(mut points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    points.retain(|(x, y)| x.is_finite() && y.is_finite());
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}
