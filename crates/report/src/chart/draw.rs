//! Draws a chart with plotters: title, key, axes, series, marks.
//!
//! plotters places everything at whole units, so the drawing is ten times as large as its view; a line then has
//! a tenth of a pixel to move in. The key stands above the plot, where it covers nothing.

use plotters::chart::ChartContext;
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{ChartBuilder, IntoDrawingArea, SVGBackend};
use plotters::series::LineSeries;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontStyle, IntoFont, IntoTextStyle, RGBAColor, ShapeStyle, TRANSPARENT, TextStyle,
};

use super::axis::{Axis, fits};
use super::decimate::decimate;
use super::ink::{Ink, develop};
use super::lettering::{fitted, text_width, title_lines};
use super::line_chart::{LineChart, Size, X, Y};
use super::series::{Series, Shape};
use crate::error::DrawError;
use crate::markup::escape;

/// Units of the drawing for one of the view.
const UNIT: i32 = 10;
const TITLE: i32 = 17;
const LETTER: i32 = 13;
/// The height of a line of letters.
const ROW: i32 = 20;
const MARGIN: i32 = 12;
/// Dots that a page still draws at once.
const MOST_DOTS: usize = 3000;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

impl LineChart {
    /// Draws the chart as an SVG document, which can also stand inside an HTML page.
    ///
    /// Long series are thinned to their extremes in each column of the picture, so no peak is lost.
    ///
    /// # Errors
    /// The drawing library refuses; none of its reasons is known to occur here.
    pub fn svg(&self, size: Size) -> Result<String, DrawError> {
        let (width, height) = match size {
            Size::Wide => (900, 420),
            Size::Narrow => (420, 360),
        };
        let mut drawn = String::new();
        draw(self, size, width, &mut drawn, height)
            .map_err(|problem| DrawError::new(&self.title, problem))?;
        let body = drawn.split_once('\n').map_or("", |(_, body)| body);
        let (title, description) = (escape(&self.title), escape(&self.description()));
        Ok(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {} {}\" stroke-linejoin=\"round\" role=\"img\" aria-label=\"{description}\">\n\
             <title>{title}</title>\n{}",
            width * UNIT,
            height * UNIT,
            develop(body.to_owned()),
        ))
    }
}

fn draw(chart: &LineChart, size: Size, width: i32, drawn: &mut String, height: i32) -> Drawn {
    let extent = ((width * UNIT) as u32, (height * UNIT) as u32);
    let root = SVGBackend::with_string(drawn, extent).into_drawing_area();
    root.fill(&Ink::Paper.colour())?;
    let mut top = MARGIN;
    for line in title_lines(&chart.title, width - 2 * MARGIN, TITLE) {
        letter(&root, &line, (MARGIN, top), Place::Title)?;
        top += ROW + 2;
    }
    top = key(chart, &root, width, top + 4)?;

    let kept: Vec<Series> = chart.series.iter().map(|series| shown(series, chart.y)).collect();
    if kept.iter().all(|series| series.all_points().next().is_none()) {
        letter(&root, "no data to show", (width / 2, (top + height) / 2), Place::Centre)?;
        root.present()?;
        return Ok(());
    }
    if !chart.y_label.is_empty() {
        letter(&root, &fitted(&chart.y_label, width - 2 * MARGIN, LETTER), (MARGIN, top), Place::Left)?;
        top += ROW;
    }
    let (x, y) = axes(chart, &kept, size);
    // Room for the labels, and at the right for half of the last one.
    let widest = |axis: &Axis| axis.labels().map(|label| text_width(label, LETTER)).max().unwrap_or(0);
    let left = widest(&y) + 8;
    let right = MARGIN.max(widest(&x) / 2 + 2);
    let mut context = ChartBuilder::on(&root)
        .margin_top(top * UNIT)
        .margin_left(MARGIN * UNIT)
        .margin_right(right * UNIT)
        .margin_bottom(MARGIN / 2 * UNIT)
        .x_label_area_size((if chart.x_label.is_empty() { ROW + 4 } else { 2 * ROW + 4 }) * UNIT)
        .y_label_area_size(left * UNIT)
        .build_cartesian_2d(x.clone(), y.clone())?;
    let room = width - 2 * MARGIN - left;
    mesh(&fitted(&chart.x_label, room, LETTER), &mut context)?;
    for (place, series) in kept.iter().enumerate() {
        draw_series(&mut context, series, place, width)?;
    }
    for (row, (at, label)) in chart.marks.iter().enumerate() {
        draw_mark(&context, &x, &y, *at, &fitted(label, room / 2, LETTER), row as i32)?;
    }
    root.present()?;
    Ok(())
}

/// The part of a series that has a place in the picture.
fn shown(series: &Series, y: Y) -> Series {
    let keep = |points: &[(f64, f64)]| {
        let drawn = |(at, value): &(f64, f64)| fits(*at) && fits(*value) && (y == Y::Linear || *value > 0.0);
        points.iter().copied().filter(drawn).collect::<Vec<_>>()
    };
    let shape = match &series.shape {
        Shape::Line(points) => Shape::Line(keep(points)),
        Shape::Dashed(points) => Shape::Dashed(keep(points)),
        Shape::Points(points) => Shape::Points(keep(points)),
        Shape::Band { lower, upper } => Shape::Band { lower: keep(lower), upper: keep(upper) },
    };
    Series { name: series.name.clone(), shape }
}

fn axes(chart: &LineChart, series: &[Series], size: Size) -> (Axis, Axis) {
    let at = series.iter().flat_map(Series::all_points).map(|(x, _)| x);
    let at = at.chain(chart.marks.iter().map(|(x, _)| *x).filter(|x| fits(*x)));
    let values = series.iter().flat_map(Series::all_points).map(|(_, y)| y);
    let (columns, rows) = if size == Size::Wide { (10, 6) } else { (5, 6) };
    // A dot at the edge needs room, a line ends there.
    let room = if series.iter().any(|series| matches!(series.shape, Shape::Points(_))) { 0.02 } else { 0.0 };
    let x = match chart.x {
        X::Numbers => Axis::linear(at, room, columns),
        X::Dates => Axis::dates(at, room, columns),
    };
    let y = match chart.y {
        Y::Linear => Axis::linear(values, 0.05, rows),
        Y::Logarithmic => Axis::logarithmic(values, 0.05, rows),
    };
    (x, y)
}

/// Names the series, in as many rows as they need; gives the top of what follows.
fn key(chart: &LineChart, root: &Area<'_>, width: i32, top: i32) -> Result<i32, Box<dyn std::error::Error>> {
    let (mut x, mut y) = (MARGIN, top);
    for (place, series) in chart.series.iter().enumerate() {
        let name = fitted(&series.name, width - 2 * MARGIN - 30, LETTER);
        let needed = 30 + text_width(&name, LETTER);
        if x > MARGIN && x + needed > width - MARGIN {
            (x, y) = (MARGIN, y + ROW);
        }
        let middle = y + LETTER / 2;
        let line = [(x * UNIT, middle * UNIT), ((x + 22) * UNIT, middle * UNIT)];
        match series.shape {
            Shape::Line(_) => root.draw(&PathElement::new(line, stroke(Ink::Series(place), 22)))?,
            Shape::Dashed(_) => root.draw(&PathElement::new(line, stroke(Ink::DashedSeries(place), 22)))?,
            Shape::Points(_) => {
                let dot = Ink::Series(place).colour().filled();
                root.draw(&Circle::new(((x + 11) * UNIT, middle * UNIT), 3 * UNIT, dot))?;
            }
            Shape::Band { .. } => {
                let corners = [(x * UNIT, (middle - 5) * UNIT), ((x + 22) * UNIT, (middle + 5) * UNIT)];
                root.draw(&Rectangle::new(corners, shade(place).filled()))?;
            }
        }
        letter(root, &name, (x + 28, y), Place::Left)?;
        x += needed + 14;
    }
    Ok(if chart.series.is_empty() { y } else { y + ROW + 4 })
}

fn mesh(x_label: &str, context: &mut Chart<'_, '_>) -> Drawn {
    let letters = text(Place::Left);
    context
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(stroke(Ink::Grid, 10))
        .axis_style(stroke(Ink::Axis, 10))
        .set_all_tick_mark_size(4 * UNIT)
        .label_style(letters.clone())
        .axis_desc_style(letters)
        .x_desc(x_label)
        .draw()?;
    Ok(())
}

fn draw_series(context: &mut Chart<'_, '_>, series: &Series, place: usize, width: i32) -> Drawn {
    let thin = |points: &[(f64, f64)]| decimate(points, width as usize);
    match &series.shape {
        Shape::Line(points) if points.len() == 1 => {
            let dot = |point| Circle::new(point, 3 * UNIT, Ink::Series(place).colour().filled());
            context.draw_series(points.iter().copied().map(dot))?;
        }
        Shape::Line(points) => {
            context.draw_series(LineSeries::new(thin(points), stroke(Ink::Series(place), 16)))?;
        }
        Shape::Dashed(points) => {
            context.draw_series(LineSeries::new(thin(points), stroke(Ink::DashedSeries(place), 16)))?;
        }
        Shape::Points(points) => {
            let dot = |point| Circle::new(point, 2 * UNIT, Ink::Series(place).colour().mix(0.8).filled());
            // A cloud shows its density, which extremes alone would not.
            context.draw_series(decimate(points, MOST_DOTS / 2).into_iter().map(dot))?;
        }
        Shape::Band { lower, upper } => {
            let outline: Vec<_> = thin(lower).into_iter().chain(thin(upper).into_iter().rev()).collect();
            context.draw_series([Polygon::new(outline, shade(place).filled())])?;
        }
    }
    Ok(())
}

/// A vertical line, with its label at the top, on the side where there is room.
fn draw_mark(context: &Chart<'_, '_>, x: &Axis, y: &Axis, at: f64, label: &str, row: i32) -> Drawn {
    use plotters::coord::ranged1d::Ranged;
    if !fits(at) {
        return Ok(());
    }
    let area = context.plotting_area();
    area.draw(&PathElement::new([(at, y.range().start), (at, y.range().end)], stroke(Ink::Mark, 12)))?;
    let place = if x.share(at) < 0.6 { Place::Left } else { Place::Right };
    let aside = if place == Place::Left { 6 } else { -6 };
    let (left, top) = context.backend_coord(&(at, y.range().end));
    let at = (left + aside * UNIT, top + (4 + row * 16) * UNIT);
    let base = area.strip_coord_spec();
    let (from, to) = (base.get_pixel_range().0.start, base.get_pixel_range().1.start);
    base.draw(&Text::new(label.to_owned(), (at.0 - from, at.1 - to), text(place)))?;
    Ok(())
}

/// How some letters stand at their point.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Title,
    Left,
    Right,
    Centre,
}

fn letter(area: &Area<'_>, what: &str, (x, y): (i32, i32), place: Place) -> Drawn {
    area.draw(&Text::new(what.to_owned(), (x * UNIT, y * UNIT), text(place)))?;
    Ok(())
}

fn text(place: Place) -> TextStyle<'static> {
    let (size, style, ink) = match place {
        Place::Title => (TITLE, FontStyle::Bold, Ink::Title),
        _ => (LETTER, FontStyle::Normal, Ink::Label),
    };
    let anchor = match place {
        Place::Title | Place::Left => HPos::Left,
        Place::Right => HPos::Right,
        Place::Centre => HPos::Center,
    };
    // plotters divides by this number what it writes as the size.
    let font = ("sans-serif", f64::from(size * UNIT) * 1.24, style).into_font();
    font.color(&ink.colour()).pos(Pos::new(anchor, VPos::Top)).into_text_style(&(1u32, 1u32))
}

fn stroke(ink: Ink, width: u32) -> ShapeStyle {
    ink.colour().stroke_width(width)
}

fn shade(place: usize) -> RGBAColor {
    Ink::Series(place).colour().mix(0.2)
}
