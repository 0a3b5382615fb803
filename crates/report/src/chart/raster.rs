//! A chart in pixels, for what shows no vectors: the same drawing, two pixels for each unit of the view, on white.
//!
//! Fonts of the machine are not used, since a server may have none: letters come as pixels from a crate.

use std::convert::Infallible;

use noto_sans_mono_bitmap::FontWeight;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};

use super::draw::{UNIT, draw};
use super::ink::{DASH, is_dashed, light};
use super::line_chart::{LineChart, Size};
use super::pixels::{Coat, Pixels, Point, letter_width};
use super::png::png;
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
        let (width, height) = size.extent();
        let mut pixels = Pixels::white((width * SCALE) as usize, (height * SCALE) as usize);
        draw(self, size, Canvas(&mut pixels)).map_err(|problem| DrawError::new(&self.title, problem))?;
        let (width, height) = (pixels.width as u32, pixels.height as u32);
        Ok(Picture { width, height, png: png(width, height, &pixels.rgb) })
    }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Takes the coordinates and false colours of a drawing.
struct Canvas<'a>(&'a mut Pixels);

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        let units = |pixels: usize| pixels as u32 * STEP as u32;
        (units(self.0.width), units(self.0.height))
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.0.blend((x.div_euclid(STEP), y.div_euclid(STEP)), coat(&color));
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
        match fill {
            true => self.fill_polygon(corners, style),
            false => self.draw_path(corners.into_iter().chain([(left, top)]), style),
        }
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let path: Vec<Point> = path.into_iter().map(pixel).collect();
        let lines = if is_dashed(style.color().rgb) {
            dashes(&path)
        } else {
            path.array_windows().copied().collect()
        };
        self.0.lines(lines, stroke(style), coat(style));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let line = (!fill).then(|| stroke(style));
        self.0.circle(pixel(center), f64::from(radius) / f64::from(STEP), line, coat(style));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        self.0.polygon(&corners.into_iter().map(pixel).collect::<Vec<_>>(), coat(style));
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
        let BackendColor { rgb, alpha } = style.color();
        self.0.text(text, (left, foot - FOOT), weight, Coat { rgb: light(rgb), alpha });
        Ok(())
    }
}

/// The lines of a path that is broken into dashes.
fn dashes(path: &[Point]) -> Vec<[Point; 2]> {
    let [dash, gap] = DASH.map(|length| f64::from(length) / f64::from(STEP));
    let mut dashes = Vec::new();
    // How far along a dash and the gap behind it the path has come.
    let mut along = 0.0;
    for [from, to] in path.array_windows() {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let at = |passed: f64| {
            let share = passed / length;
            (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
        };
        let mut passed = 0.0;
        while passed < length {
            let is_dash = along < dash;
            let rest = if is_dash { dash - along } else { dash + gap - along };
            let next = (passed + rest).min(length);
            if is_dash {
                dashes.push([at(passed), at(next)]);
            }
            along = match next < length {
                true if is_dash => dash,
                true => 0.0,
                false => along + (next - passed),
            };
            passed = next;
        }
    }
    dashes
}

/// A point of the drawing in pixels.
fn pixel((x, y): BackendCoord) -> Point {
    (f64::from(x) / f64::from(STEP), f64::from(y) / f64::from(STEP))
}

/// The width of lines in pixels.
fn stroke(style: &impl BackendStyle) -> f64 {
    f64::from(style.stroke_width()) / f64::from(STEP)
}

fn coat(style: &impl BackendStyle) -> Coat {
    let BackendColor { rgb, alpha } = style.color();
    Coat { rgb: light(rgb), alpha }
}
