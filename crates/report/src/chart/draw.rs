//! Draws a chart with plotters: title, key, axes, series, marks.
//!
//! plotters places everything at whole units, so the drawing is ten times as large as its view; a line then has
//! a tenth of a pixel to move in. The key stands above the plot, where it covers nothing.

use plotters::chart::ChartContext;
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::Ranged;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{ChartBuilder, DrawingBackend, IntoDrawingArea, SVGBackend};
use plotters::series::LineSeries;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontStyle, IntoFont, IntoTextStyle, RGBAColor, ShapeStyle, TRANSPARENT, TextStyle,
};

use super::axis::{Axis, fits};
use super::decimate::decimate;
use super::ink::{Ink, develop};
use super::layout::{Layout, MarkLabel, above, layout};
use super::lettering::{LETTER, fitted, text_width, title_lines};
use super::line_chart::{LineChart, Size, Y};
use super::series::{Series, Shape, colours};
use crate::error::DrawError;
use crate::markup::escape;

/// Units of the drawing for one of the view.
pub(super) const UNIT: i32 = 10;
const TITLE: i32 = 17;
/// The height of a line of letters.
const ROW: i32 = 20;
const MARGIN: i32 = 12;
/// Dots that a page still draws at once.
const MOST_DOTS: usize = 3000;
/// So many are drawn larger, or a line would hide them.
const FEW_DOTS: usize = 50;

type Area<B> = DrawingArea<B, Shift>;
type Chart<'a, B> = ChartContext<'a, B, Cartesian2d<Axis, Axis>>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

impl LineChart {
    /// Draws the chart as an SVG document, which can also stand inside an HTML page.
    ///
    /// Long series are thinned to their extremes in each column of the picture, so no peak is lost.
    ///
    /// # Errors
    /// The drawing library refuses; none of its reasons is known to occur here.
    pub fn svg(&self, size: Size) -> Result<String, DrawError> {
        let (width, height) = size.extent();
        let mut drawn = String::new();
        let svg = SVGBackend::with_string(&mut drawn, ((width * UNIT) as u32, (height * UNIT) as u32));
        draw(self, size, svg).map_err(|problem| DrawError::new(&self.title, problem))?;
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

/// Something that can be drawn on.
pub(super) trait Paper: DrawingBackend<ErrorType: 'static> {}

impl<B: DrawingBackend<ErrorType: 'static>> Paper for B {}

/// Draws a chart on paper of its size, in units of the drawing.
pub(super) fn draw(chart: &LineChart, size: Size, paper: impl Paper) -> Drawn {
    let (width, height) = size.extent();
    let root = paper.into_drawing_area();
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
    plot(chart, &kept, &root, size, (width, top))?;
    root.present()?;
    Ok(())
}

/// Draws what stands below the key: labels, axes, series and marks.
fn plot<B: Paper>(
    chart: &LineChart,
    series: &[Series],
    root: &Area<B>,
    size: Size,
    (width, mut top): (i32, i32),
) -> Drawn {
    let most = if size == Size::Wide { 10 } else { 5 };
    let Layout { x, y, left, right } = layout(chart, series, width, MARGIN, most);
    let room = width - MARGIN - left - right;
    let y_label = fitted(&chart.y_label, width - 2 * MARGIN, LETTER);
    let above = above(chart, &x, (MARGIN + left, width - right), &y_label, MARGIN);
    letter(root, &y_label, (MARGIN, top), Place::Left)?;
    for MarkLabel { text, middle, row } in &above.marks {
        letter(root, text, (*middle, top + row * ROW), Place::Centre)?;
    }
    top += above.rows * ROW;
    let mut context = ChartBuilder::on(root)
        .margin_top(top * UNIT)
        .margin_left(MARGIN * UNIT)
        .margin_right(right * UNIT)
        .margin_bottom(MARGIN / 2 * UNIT)
        .x_label_area_size((if chart.x_label.is_empty() { ROW + 4 } else { 2 * ROW + 4 }) * UNIT)
        .y_label_area_size(left * UNIT)
        .build_cartesian_2d(x.clone(), y.clone())?;
    mesh(&fitted(&chart.x_label, room, LETTER), &mut context)?;
    let coloured = || series.iter().zip(colours(&chart.series));
    // Areas first: they cover no line.
    for (series, colour) in coloured().filter(|(series, _)| series.is_band()) {
        draw_series(&mut context, series, colour, width)?;
    }
    for (series, colour) in coloured().filter(|(series, _)| !series.is_band()) {
        draw_series(&mut context, series, colour, width)?;
    }
    let lengths = y.range();
    for (at, _) in chart.marks.iter().filter(|(at, _)| fits(*at)) {
        let ends = [(*at, lengths.start), (*at, lengths.end)];
        context.plotting_area().draw(&PathElement::new(ends, stroke(Ink::Mark, 12)))?;
    }
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

/// Names the series, in as many rows as they need; gives the top of what follows.
fn key<B: Paper>(
    chart: &LineChart,
    root: &Area<B>,
    width: i32,
    top: i32,
) -> Result<i32, Box<dyn std::error::Error>> {
    let (mut x, mut y) = (MARGIN, top);
    for (series, colour) in chart.series.iter().zip(colours(&chart.series)) {
        let name = fitted(&series.name, width - 2 * MARGIN - 30, LETTER);
        let needed = 30 + text_width(&name, LETTER);
        if x > MARGIN && x + needed > width - MARGIN {
            (x, y) = (MARGIN, y + ROW);
        }
        let middle = y + LETTER / 2;
        let line = [(x * UNIT, middle * UNIT), ((x + 22) * UNIT, middle * UNIT)];
        match series.shape {
            Shape::Line(_) => root.draw(&PathElement::new(line, stroke(Ink::Series(colour), 22)))?,
            Shape::Dashed(_) => root.draw(&PathElement::new(line, stroke(Ink::DashedSeries(colour), 22)))?,
            Shape::Points(_) => {
                let dot = Ink::Series(colour).colour().filled();
                root.draw(&Circle::new(((x + 11) * UNIT, middle * UNIT), 3 * UNIT, dot))?;
            }
            Shape::Band { .. } => {
                let corners = [(x * UNIT, (middle - 5) * UNIT), ((x + 22) * UNIT, (middle + 5) * UNIT)];
                root.draw(&Rectangle::new(corners, shade(colour).filled()))?;
            }
        }
        letter(root, &name, (x + 28, y), Place::Left)?;
        x += needed + 14;
    }
    Ok(if chart.series.is_empty() { y } else { y + ROW + 4 })
}

fn mesh<B: Paper>(x_label: &str, context: &mut Chart<'_, B>) -> Drawn {
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

fn draw_series<B: Paper>(context: &mut Chart<'_, B>, series: &Series, colour: usize, width: i32) -> Drawn {
    let thin = |points: &[(f64, f64)]| decimate(points, width as usize);
    match &series.shape {
        Shape::Line(points) if points.len() == 1 => {
            let dot = |point| Circle::new(point, 3 * UNIT, Ink::Series(colour).colour().filled());
            context.draw_series(points.iter().copied().map(dot))?;
        }
        Shape::Line(points) => {
            context.draw_series(LineSeries::new(thin(points), stroke(Ink::Series(colour), 16)))?;
        }
        Shape::Dashed(points) => {
            context.draw_series(LineSeries::new(thin(points), stroke(Ink::DashedSeries(colour), 16)))?;
        }
        Shape::Points(points) => {
            let radius = if points.len() <= FEW_DOTS { 7 * UNIT / 2 } else { 2 * UNIT };
            let dot = |point| Circle::new(point, radius, Ink::Series(colour).colour().mix(0.8).filled());
            // A cloud shows its density, which extremes alone would not.
            context.draw_series(decimate(points, MOST_DOTS / 2).into_iter().map(dot))?;
        }
        Shape::Band { lower, upper } => {
            let outline: Vec<_> = thin(lower).into_iter().chain(thin(upper).into_iter().rev()).collect();
            context.draw_series([Polygon::new(outline, shade(colour).filled())])?;
        }
    }
    Ok(())
}

/// How some letters stand at their point.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Title,
    Left,
    Centre,
}

fn letter<B: Paper>(area: &Area<B>, what: &str, (x, y): (i32, i32), place: Place) -> Drawn {
    if what.is_empty() {
        return Ok(());
    }
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
        Place::Centre => HPos::Center,
    };
    // plotters divides by this number what it writes as the size.
    let font = ("sans-serif", f64::from(size * UNIT) * 1.24, style).into_font();
    font.color(&ink.colour()).pos(Pos::new(anchor, VPos::Top)).into_text_style(&(1u32, 1u32))
}

fn stroke(ink: Ink, width: u32) -> ShapeStyle {
    ink.colour().stroke_width(width)
}

fn shade(colour: usize) -> RGBAColor {
    Ink::Series(colour).colour().mix(0.2)
}
