//! A chart in pixels, for what shows no vectors: the same drawing, two pixels for each unit of the view, on white.
//!
//! Fonts of the machine are not used, since a server may have none: letters come as pixels from a crate.

use std::convert::Infallible;

use noto_sans_mono_bitmap::FontWeight;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, StrokeDash, Transform,
};

use super::draw::{UNIT, draw};
use super::glyphs::{Coat, letter_width, write};
use super::ink::{DASH, is_dashed, light};
use super::line_chart::{LineChart, Size};
use crate::error::DrawError;

/// Pixels for each unit of the view.
const SCALE: i32 = 2;
/// Units of the drawing for each pixel.
const STEP: i32 = UNIT / SCALE;

/// A picture of pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// The bytes of a PNG file.
    pub png: Vec<u8>,
}

impl LineChart {
    /// Draws the chart in pixels, two for each unit of its size, for what shows no SVG. Letters that are neither
    /// Latin nor a sign of punctuation are shown as unknown ones.
    ///
    /// # Errors
    /// The drawing library refuses; none of its reasons is known to occur here.
    pub fn picture(&self, size: Size) -> Result<Picture, DrawError> {
        let [width, height] = <[i32; 2]>::from(size.extent()).map(|units| (units * SCALE) as u32);
        let refused = |problem| DrawError::new(&self.title, problem);
        let mut pixels =
            Pixmap::new(width, height).ok_or_else(|| refused("a chart without a size".into()))?;
        pixels.fill(Color::WHITE);
        draw(self, size, Canvas(&mut pixels)).map_err(refused)?;
        let png = pixels.encode_png().map_err(|problem| refused(problem.into()))?;
        Ok(Picture { width, height, png })
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Takes the coordinates and false colours of a drawing.
struct Canvas<'a>(&'a mut Pixmap);

impl Canvas<'_> {
    /// Draws a line of the style's width along a path, or fills what it is around an odd number of times.
    fn paint(&mut self, path: Option<Path>, style: &impl BackendStyle, fill: bool) {
        // A path without a length has nothing to draw.
        let Some(path) = path else { return };
        let Coat { rgb: [red, green, blue], alpha } = coat(style.color());
        let mut paint = Paint { anti_alias: true, ..Paint::default() };
        paint.set_color_rgba8(red, green, blue, (255.0 * alpha).round() as u8);
        match fill {
            true => self.0.fill_path(&path, &paint, FillRule::EvenOdd, Transform::identity(), None),
            false => self.0.stroke_path(&path, &paint, &stroke(style), Transform::identity(), None),
        }
    }
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.0.width() * STEP as u32, self.0.height() * STEP as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        coat(color).lay(self.0, (x.div_euclid(STEP), y.div_euclid(STEP)));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        self.paint(path(corners, true), style, fill);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Drawn {
        self.paint(path(points, false), style, false);
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (x, y) = pixel(center);
        self.paint(PathBuilder::from_circle(x, y, radius as f32 / STEP as f32), style, fill);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        self.paint(path(corners, true), style, true);
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, (x, y): BackendCoord) -> Drawn {
        /// From the top of a letter's pixels to its foot; and how high a capital letter is, and a small one.
        const FOOT: i32 = 25;
        const CAPITAL: i32 = 17;
        const SMALL: i32 = 12;
        let bold = matches!(style.style(), FontStyle::Bold);
        let weight = if bold { FontWeight::Bold } else { FontWeight::Regular };
        let width = text.chars().count() as i32 * letter_width(weight);
        let left = x / STEP
            - match style.anchor().h_pos {
                HPos::Left => 0,
                HPos::Center => width / 2,
                HPos::Right => width,
            };
        let foot = y / STEP
            + match style.anchor().v_pos {
                VPos::Top => CAPITAL,
                VPos::Center => SMALL / 2,
                VPos::Bottom => 0,
            };
        write(self.0, text, (left, foot - FOOT), weight, coat(style.color()));
        Ok(())
    }
}

/// A path of straight lines.
fn path(points: impl IntoIterator<Item = BackendCoord>, is_closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (place, point) in points.into_iter().enumerate() {
        let (x, y) = pixel(point);
        match place {
            0 => path.move_to(x, y),
            _ => path.line_to(x, y),
        }
    }
    if is_closed {
        path.close();
    }
    path.finish()
}

/// A point of the drawing in pixels.
fn pixel((x, y): BackendCoord) -> (f32, f32) {
    (x as f32 / STEP as f32, y as f32 / STEP as f32)
}

/// How lines of a style are drawn.
fn stroke(style: &impl BackendStyle) -> Stroke {
    let dashes = || StrokeDash::new(DASH.map(|length| f32::from(length) / STEP as f32).to_vec(), 0.0);
    Stroke {
        width: style.stroke_width() as f32 / STEP as f32,
        line_cap: LineCap::Butt,
        line_join: LineJoin::Round,
        dash: if is_dashed(style.color().rgb) { dashes() } else { None },
        ..Stroke::default()
    }
}

/// The true colour of a false one.
fn coat(BackendColor { rgb, alpha }: BackendColor) -> Coat {
    Coat { rgb: light(rgb), alpha }
}
