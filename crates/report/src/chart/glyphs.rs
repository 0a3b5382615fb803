//! Letters in pixels.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};
use tiny_skia::{Pixmap, PremultipliedColorU8};

/// The height of letters, with the room between two lines.
const LETTERS: RasterHeight = RasterHeight::Size32;

/// A colour, and how much of it is laid on what is there.
#[derive(Clone, Copy)]
pub(super) struct Coat {
    pub(super) rgb: [u8; 3],
    pub(super) alpha: f64,
}

impl Coat {
    /// Lays it on a pixel that nothing shines through, where there is such a one.
    pub(super) fn lay(self, pixels: &mut Pixmap, (x, y): (i32, i32)) {
        let place = |at: i32, end: u32| u32::try_from(at).ok().filter(|at| *at < end);
        let (Some(x), Some(y)) = (place(x, pixels.width()), place(y, pixels.height())) else { return };
        let place = (y * pixels.width() + x) as usize;
        let pixel = &mut pixels.pixels_mut()[place];
        let old = [pixel.red(), pixel.green(), pixel.blue()];
        let mixed = |old: u8, new: u8| {
            (f64::from(old) * (1.0 - self.alpha) + f64::from(new) * self.alpha).round() as u8
        };
        let [red, green, blue] = [0, 1, 2].map(|part| mixed(old[part], self.rgb[part]));
        if let Some(laid) = PremultipliedColorU8::from_rgba(red, green, blue, 255) {
            *pixel = laid;
        }
    }
}

/// Writes a text with the top left of its first letter at a point. Letters that there are none of are shown as unknown.
pub(super) fn write(pixels: &mut Pixmap, text: &str, (x, y): (i32, i32), weight: FontWeight, coat: Coat) {
    for (place, letter) in text.chars().enumerate() {
        let raster = get_raster(plain(letter), weight, LETTERS);
        let raster = raster.or_else(|| get_raster('\u{fffd}', weight, LETTERS));
        let left = x + place as i32 * letter_width(weight);
        for (row, line) in raster.iter().flat_map(|raster| raster.rows().enumerate()) {
            for (column, ink) in line.iter().enumerate() {
                let at = (left + column as i32, y + row as i32);
                Coat { alpha: coat.alpha * f64::from(*ink) / 255.0, ..coat }.lay(pixels, at);
            }
        }
    }
}

/// How many pixels lie between the left ends of two letters.
pub(super) fn letter_width(weight: FontWeight) -> i32 {
    get_raster_width(weight, LETTERS) as i32
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
