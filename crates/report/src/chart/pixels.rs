//! Shapes in pixels with smooth edges: a pixel takes as much of a colour as the shape covers of it.

use std::ops::Range;

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

/// A point, in pixels from the top left; the middle of the first pixel is at a half of both.
pub(super) type Point = (f64, f64);

/// A colour, and how much of it is laid on what is there.
#[derive(Clone, Copy)]
pub(super) struct Coat {
    pub(super) rgb: [u8; 3],
    pub(super) alpha: f64,
}

/// Pixels from the top left, row by row.
pub(super) struct Pixels {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) rgb: Vec<u8>,
    /// How much of each pixel the shape at hand covers, and the rows in which it covers any.
    covered: Vec<f32>,
    touched: Range<usize>,
}

/// The height of letters, with the room between two lines.
const LETTERS: RasterHeight = RasterHeight::Size32;
/// Lines within a row of pixels along which a polygon is looked at.
const LINES: usize = 4;

impl Pixels {
    pub(super) fn white(width: usize, height: usize) -> Self {
        let (rgb, covered) = (vec![255; width * height * 3], vec![0.0; width * height]);
        Self { width, height, rgb, covered, touched: 0..0 }
    }

    /// Draws straight lines of a width, with round ends.
    pub(super) fn lines(&mut self, lines: impl IntoIterator<Item = [Point; 2]>, width: f64, coat: Coat) {
        for [from, to] in lines {
            let (along, up) = (to.0 - from.0, to.1 - from.1);
            let square = along * along + up * up;
            let distance = |(x, y): Point| {
                let share = ((x - from.0) * along + (y - from.1) * up) / square;
                let share = if square > 0.0 { share.clamp(0.0, 1.0) } else { 0.0 };
                (x - from.0 - share * along).hypot(y - from.1 - share * up)
            };
            self.cover(from, to, width / 2.0, |at| width / 2.0 - distance(at));
        }
        self.paint(coat);
    }

    /// Fills a circle, or draws a line of a width along it.
    pub(super) fn circle(&mut self, centre: Point, radius: f64, line: Option<f64>, coat: Coat) {
        let distance = |(x, y): Point| (x - centre.0).hypot(y - centre.1);
        match line {
            None => self.cover(centre, centre, radius, |at| radius - distance(at)),
            Some(width) => {
                let within = |at| width / 2.0 - (distance(at) - radius).abs();
                self.cover(centre, centre, radius + width / 2.0, within);
            }
        }
        self.paint(coat);
    }

    /// Fills a polygon: what is inside of it an odd number of times.
    pub(super) fn polygon(&mut self, corners: &[Point], coat: Coat) {
        let rows = self.rows(corners.iter().map(|corner| corner.1), 0.0);
        self.touch(rows.clone());
        let next = corners.iter().skip(1).chain(corners.first());
        let edges: Vec<[Point; 2]> = corners.iter().copied().zip(next.copied()).map(Into::into).collect();
        for line in rows.start * LINES..rows.end * LINES {
            let y = (line as f64 + 0.5) / LINES as f64;
            let crossed = edges.iter().filter(|[from, to]| (from.1 <= y) != (to.1 <= y));
            let mut ends: Vec<f64> =
                crossed.map(|[from, to]| from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0)).collect();
            ends.sort_by(f64::total_cmp);
            for ends in ends.as_chunks::<2>().0 {
                self.cover_span(line / LINES, *ends);
            }
        }
        self.paint(coat);
    }

    /// Writes a text with the top left of its first letter at a point. Letters that there are none of are shown as
    /// unknown.
    pub(super) fn text(&mut self, text: &str, (x, y): (i32, i32), weight: FontWeight, coat: Coat) {
        for (place, letter) in text.chars().enumerate() {
            let raster = get_raster(plain(letter), weight, LETTERS);
            let raster = raster.or_else(|| get_raster('\u{fffd}', weight, LETTERS));
            let left = x + place as i32 * letter_width(weight);
            for (row, pixels) in raster.iter().flat_map(|raster| raster.rows().enumerate()) {
                for (column, ink) in pixels.iter().enumerate() {
                    let at = (left + column as i32, y + row as i32);
                    self.blend(at, Coat { alpha: coat.alpha * f64::from(*ink) / 255.0, ..coat });
                }
            }
        }
    }

    /// Covers what lies within a shape around two points, of which `depth` says how far a point is inside. A shape
    /// covers half of a pixel whose middle is on its edge.
    fn cover(&mut self, from: Point, to: Point, reach: f64, depth: impl Fn(Point) -> f64) {
        let columns = range([from.0, to.0].into_iter(), reach, self.width);
        let rows = self.rows([from.1, to.1].into_iter(), reach);
        self.touch(rows.clone());
        for row in rows {
            for column in columns.clone() {
                let share = depth((column as f64 + 0.5, row as f64 + 0.5)) + 0.5;
                let covered = &mut self.covered[row * self.width + column];
                *covered = covered.max(share.clamp(0.0, 1.0) as f32);
            }
        }
    }

    /// Covers a line of a row from one x to another.
    fn cover_span(&mut self, row: usize, [from, to]: [f64; 2]) {
        let end = self.width as f64;
        let (from, to) = (from.clamp(0.0, end), to.clamp(0.0, end));
        for column in from as usize..(to.ceil() as usize).min(self.width) {
            let left = column as f64;
            let part = (to.min(left + 1.0) - from.max(left)).max(0.0) / LINES as f64;
            self.covered[row * self.width + column] += part as f32;
        }
    }

    /// Lays a colour on what is covered, and uncovers it.
    fn paint(&mut self, coat: Coat) {
        let rows = std::mem::take(&mut self.touched);
        for place in rows.start * self.width..rows.end * self.width {
            let share = std::mem::take(&mut self.covered[place]);
            if share > 0.0 {
                self.lay(place, Coat { alpha: coat.alpha * f64::from(share.min(1.0)), ..coat });
            }
        }
    }

    fn touch(&mut self, rows: Range<usize>) {
        self.touched = match self.touched.is_empty() {
            true => rows,
            false => self.touched.start.min(rows.start)..self.touched.end.max(rows.end),
        };
    }

    /// Lays a colour on a pixel, where there is such a one.
    pub(super) fn blend(&mut self, (x, y): (i32, i32), coat: Coat) {
        let place = |at: i32, end: usize| usize::try_from(at).ok().filter(|at| *at < end);
        if let (Some(x), Some(y)) = (place(x, self.width), place(y, self.height)) {
            self.lay(y * self.width + x, coat);
        }
    }

    fn lay(&mut self, place: usize, Coat { rgb, alpha }: Coat) {
        for (old, new) in self.rgb[3 * place..3 * place + 3].iter_mut().zip(rgb) {
            *old = (f64::from(*old) * (1.0 - alpha) + f64::from(new) * alpha).round() as u8;
        }
    }

    fn rows(&self, heights: impl Iterator<Item = f64>, reach: f64) -> Range<usize> {
        range(heights, reach, self.height)
    }
}

/// How many pixels lie between the left ends of two letters.
pub(super) fn letter_width(weight: FontWeight) -> i32 {
    get_raster_width(weight, LETTERS) as i32
}

/// The pixels that a shape can touch, of so many.
fn range(places: impl Iterator<Item = f64>, reach: f64, end: usize) -> Range<usize> {
    let (least, most) = places
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), place| (least.min(place), most.max(place)));
    let start = ((least - reach - 1.0).max(0.0) as usize).min(end);
    start..((most + reach + 1.0).max(0.0).ceil() as usize).clamp(start, end)
}

/// Signs of punctuation that there are no letters of, as those that there are.
fn plain(letter: char) -> char {
    match letter {
        '–' | '—' | '−' => '-',
        '…' => '.',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Coat = Coat { rgb: [0; 3], alpha: 1.0 };

    /// How black each pixel is, in tenths.
    fn rows(pixels: &Pixels) -> Vec<String> {
        let black = |pixel: &[u8]| ((255.0 - f64::from(pixel[0])) / 25.5).round() as u32;
        let digit = |tenths: u32| if tenths == 0 { '.' } else { char::from_digit(tenths, 11).unwrap_or('#') };
        pixels
            .rgb
            .chunks(3 * pixels.width)
            .map(|row| row.chunks(3).map(|pixel| digit(black(pixel))).collect())
            .collect()
    }

    #[test]
    fn a_pixel_takes_as_much_as_is_covered() {
        let mut pixels = Pixels::white(6, 4);
        pixels.polygon(&[(1.0, 1.0), (4.5, 1.0), (4.5, 2.5), (1.0, 2.5)], BLACK);
        assert_eq!(rows(&pixels), ["......", ".aaa5.", ".5553.", "......"]);
    }

    #[test]
    fn lines_and_circles_are_where_they_are_told_to_be() {
        let mut pixels = Pixels::white(7, 5);
        pixels.lines([[(1.5, 2.5), (5.5, 2.5)]], 1.0, BLACK);
        assert_eq!(rows(&pixels)[2], ".aaaaa.");
        assert_eq!(rows(&pixels)[0], ".......");
        let mut pixels = Pixels::white(5, 5);
        pixels.circle((2.5, 2.5), 1.5, None, BLACK);
        assert_eq!(rows(&pixels), [".....", ".6a6.", ".aaa.", ".6a6.", "....."]);
    }

    #[test]
    fn what_is_beyond_the_edge_is_left_out() {
        let mut pixels = Pixels::white(3, 2);
        let far = f64::from(i32::MAX);
        pixels.polygon(&[(-far, -far), (far, -far), (far, far), (-far, far)], BLACK);
        assert_eq!(rows(&pixels), ["aaa", "aaa"]);
        pixels.lines([[(-far, 0.0), (-far, 9.0)]], 3.0, BLACK);
        pixels.circle((far, far), 3.0, Some(1.0), BLACK);
        pixels.polygon(&[], BLACK);
        pixels.text("漢\u{1f600}…", (-100, -100), FontWeight::Bold, BLACK);
    }
}
