//! A grid as a picture: a row a cell and size, a column a batch, each point coloured by who is the faster one.

use plotters::element::{Rectangle, Text};
use plotters::prelude::{IntoDrawingArea, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, IntoTextStyle, RGBColor};

use super::table::{Grid, Ratios};

const MARGIN: i32 = 16;
/// Where the points begin; left of it stand the rows' names.
const LEFT: i32 = 110;
const CELL: [i32; 2] = [64, 24];
const TITLE: i32 = 28;

const PAPER: RGBColor = RGBColor(255, 255, 255);
const LETTERS: RGBColor = RGBColor(40, 40, 40);
const OURS: RGBColor = RGBColor(0, 114, 178);
const OTHERS: RGBColor = RGBColor(213, 94, 0);

/// Draws each comparison below the one before.
pub(crate) fn svg(grid: &Grid, all: &[Ratios]) -> Result<String, Box<dyn std::error::Error>> {
    let columns = all.iter().map(|ratios| 2 * ratios.batches().len()).max().unwrap_or_default() as i32;
    let rows: i32 = all.iter().map(|ratios| ratios.rows().len() as i32).sum();
    let width = (LEFT + columns * CELL[0] + MARGIN).max(560);
    let height = 2 * MARGIN + TITLE + all.len() as i32 * 3 * TITLE + rows * CELL[1];
    let mut drawn = String::new();
    let root = SVGBackend::with_string(&mut drawn, (width as u32, height as u32)).into_drawing_area();
    root.fill(&PAPER)?;
    let letters = |size: i32, across: HPos| {
        let style = ("sans-serif", size).into_font().into_text_style(&root);
        style.color(&LETTERS).pos(Pos::new(across, VPos::Center))
    };
    let title = format!("Times as long as Recurrent takes ({}); blue: Recurrent is faster", grid.sizes());
    root.draw(&Text::new(title, (MARGIN, MARGIN + 8), letters(15, HPos::Left)))?;
    let mut y = MARGIN + TITLE + TITLE / 2;
    for ratios in all {
        root.draw(&Text::new(ratios.title.clone(), (MARGIN, y), letters(14, HPos::Left)))?;
        y += TITLE;
        for (column, batch) in (0..).zip(ratios.batches()) {
            for (what, place) in [("train", 0), ("infer", 1)] {
                let x = LEFT + (2 * column + place) * CELL[0] + CELL[0] / 2;
                root.draw(&Text::new(format!("{batch} {what}"), (x, y), letters(11, HPos::Center)))?;
            }
        }
        y += TITLE / 2 + CELL[1] / 2 - 4;
        for (row, points) in ratios.rows() {
            root.draw(&Text::new(row, (LEFT - 8, y), letters(12, HPos::Right)))?;
            for (column, batch) in (0..).zip(ratios.batches()) {
                for (place, ratio) in (0..).zip(points.get(&batch).into_iter().flatten()) {
                    let x = LEFT + (2 * column + place) * CELL[0];
                    let corners = [(x + 1, y - CELL[1] / 2 + 1), (x + CELL[0] - 1, y + CELL[1] / 2 - 1)];
                    root.draw(&Rectangle::new(corners, colour(*ratio).filled()))?;
                    let label = format!("{ratio:.2}");
                    root.draw(&Text::new(label, (x + CELL[0] / 2, y), letters(12, HPos::Center)))?;
                }
            }
            y += CELL[1];
        }
        y += TITLE;
    }
    root.present()?;
    drop(root);
    Ok(drawn)
}

/// White where both are as fast, and the full colour where one is four times as fast.
fn colour(ratio: f64) -> RGBColor {
    let (full, share) =
        if ratio >= 1.0 { (OURS, ratio.ln() / 4f64.ln()) } else { (OTHERS, -ratio.ln() / 4f64.ln()) };
    let share = 0.75 * share.clamp(0.0, 1.0);
    let mix = |channel: u8| (255.0 + (f64::from(channel) - 255.0) * share).round() as u8;
    RGBColor(mix(full.0), mix(full.1), mix(full.2))
}
