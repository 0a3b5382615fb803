//! The axes of a chart and the room that their labels need, so that no two labels touch and none leaves the picture.

use super::axis::{Axis, Kind, fits};
use super::lettering::{LETTER, fitted, text_width};
use super::line_chart::{LineChart, X, Y};
use super::series::{Series, Shape};

/// Both axes, and the widths beside the plot.
pub(super) struct Layout {
    pub(super) x: Axis,
    pub(super) y: Axis,
    /// From the left end of the labels of y to the plot.
    pub(super) left: i32,
    /// From the plot to the right edge of the picture.
    pub(super) right: i32,
}

/// The most ticks of the vertical axis.
const ROWS: usize = 6;
/// The least room between two labels side by side.
const BETWEEN: i32 = 12;

/// Lays out the axes of a picture of that width with a margin, of which `most` is the most ticks across.
pub(super) fn layout(chart: &LineChart, series: &[Series], width: i32, margin: i32, most: usize) -> Layout {
    let (x, y) = axes(chart, series);
    let y = y.with_ticks(ROWS);
    let widest = y.ticks().map(|(_, label)| text_width(label, LETTER)).max().unwrap_or(0);
    let mut layout = Layout { x, y, left: widest + 8, right: margin };
    for count in (1..=most).rev() {
        layout.x = layout.x.with_ticks(count);
        // Half of the first and of the last label may stand beside the plot.
        let half = |tick: Option<(f64, &str)>| tick.map_or(0, |(_, label)| text_width(label, LETTER) / 2 + 2);
        layout.left = (widest + 8).max(half(layout.x.ticks().next()) - margin);
        layout.right = margin.max(half(layout.x.ticks().next_back()));
        if side_by_side(&layout.x, width - margin - layout.left - layout.right) {
            break;
        }
    }
    layout
}

/// Says whether the labels of an axis stand beside each other on that width.
fn side_by_side(axis: &Axis, width: i32) -> bool {
    let ends = axis.ticks().map(|(share, label)| {
        let (middle, half) = ((share * f64::from(width)) as i32, text_width(label, LETTER) / 2);
        (middle - half, middle + half)
    });
    let ends: Vec<_> = ends.collect();
    ends.windows(2).all(|pair| pair[0].1 + BETWEEN <= pair[1].0)
}

/// What stands above the plot, where it covers nothing: the label of y, and the label of each mark over its line.
pub(super) struct Above {
    pub(super) marks: Vec<MarkLabel>,
    /// The lines of letters that all this takes; the label of y stands in the first.
    pub(super) rows: i32,
}

/// The label of a mark.
pub(super) struct MarkLabel {
    pub(super) text: String,
    pub(super) middle: i32,
    /// Its line of letters, from 0 at the top.
    pub(super) row: i32,
}

/// Places the labels above a plot with these left and right ends, so that none touches another; those of marks as low as they can.
pub(super) fn above(
    chart: &LineChart,
    x: &Axis,
    (left, right): (i32, i32),
    y_label: &str,
    margin: i32,
) -> Above {
    let mut marks: Vec<MarkLabel> = Vec::new();
    let touch = |mark: &MarkLabel, (from, to): (i32, i32)| {
        let half = text_width(&mark.text, LETTER) / 2;
        mark.middle + half + BETWEEN > from && to + BETWEEN > mark.middle - half
    };
    // Rows are first counted from the plot upwards.
    for (at, label) in chart.marks.iter().filter(|(at, label)| fits(*at) && !label.is_empty()) {
        let text = fitted(label, (right - left) / 2, LETTER);
        let half = text_width(&text, LETTER) / 2;
        let at = left + (x.share(*at) * f64::from(right - left)) as i32;
        let middle = at.min(right - half).max(margin + half);
        let free = |row: &i32| {
            !marks.iter().any(|mark| mark.row == *row && touch(mark, (middle - half, middle + half)))
        };
        let row = (0..).find(free).unwrap_or(0);
        marks.push(MarkLabel { text, middle, row });
    }
    let mut rows = marks.iter().map(|mark| mark.row + 1).max().unwrap_or(0);
    if !y_label.is_empty() {
        let ends = (margin, margin + text_width(y_label, LETTER));
        let taken = marks.iter().any(|mark| mark.row == rows - 1 && touch(mark, ends));
        rows = if taken { rows + 1 } else { rows.max(1) };
    }
    for mark in &mut marks {
        mark.row = rows - 1 - mark.row;
    }
    Above { marks, rows }
}

fn axes(chart: &LineChart, series: &[Series]) -> (Axis, Axis) {
    let at = series.iter().flat_map(Series::all_points).map(|(x, _)| x);
    let at = at.chain(chart.marks.iter().map(|(x, _)| *x).filter(|x| fits(*x)));
    let x = match chart.x {
        X::Numbers if at.clone().all(|x| x.fract() == 0.0) => Kind::Counts,
        X::Numbers => Kind::Numbers,
        X::Dates => Kind::Dates,
    };
    let y = match chart.y {
        Y::Linear => Kind::Numbers,
        Y::Logarithmic => Kind::Logarithmic,
    };
    let values = series.iter().flat_map(Series::all_points).map(|(_, y)| y);
    // A dot at the edge needs room, a line ends there.
    let room = if series.iter().any(|series| matches!(series.shape, Shape::Points(_))) { 0.02 } else { 0.0 };
    (Axis::new(x, at, room), Axis::new(y, values, 0.05))
}
