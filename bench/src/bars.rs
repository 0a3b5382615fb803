//! Step times as bars: how many times as long as at the processor's peak each program takes.

use plotters::element::{PathElement, Rectangle, Text};
use plotters::prelude::{IntoDrawingArea, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, IntoTextStyle, RGBColor};

use crate::compare::{Comparison, Program, time_words};

const WIDTH: i32 = 900;
const MARGIN: i32 = 16;
/// Where the bars begin; left of it stand the programs' names.
const LEFT: i32 = 110;
/// Right of the longest bar stands its label.
const LABEL: i32 = 150;
const ROW: i32 = 22;
const TITLE: i32 = 30;

const PAPER: RGBColor = RGBColor(255, 255, 255);
const LETTERS: RGBColor = RGBColor(40, 40, 40);
const FAINT: RGBColor = RGBColor(200, 200, 200);
const OURS: RGBColor = RGBColor(0, 114, 178);
const OTHERS: RGBColor = RGBColor(170, 180, 190);

/// Draws one group of bars for each workload, on a logarithmic scale that begins at the limit.
pub(crate) fn svg(comparisons: &[Comparison]) -> Result<String, Box<dyn std::error::Error>> {
    let bars_of = |comparison: &Comparison| {
        let bar = |program: &Program| Some((*program, comparison.seconds(*program)?));
        Program::ALL.iter().filter_map(bar).collect::<Vec<_>>()
    };
    let rows: usize = comparisons.iter().map(|comparison| bars_of(comparison).len()).sum();
    let height = 2 * MARGIN + 2 * TITLE + comparisons.len() as i32 * (TITLE + 6) + rows as i32 * ROW;
    let longest = comparisons
        .iter()
        .flat_map(|comparison| {
            bars_of(comparison).into_iter().map(|(_, seconds)| seconds / comparison.limit())
        })
        .fold(2.0, f64::max);
    let reach = |times: f64| {
        let share = times.max(1.0).ln() / longest.ln();
        LEFT + (share * f64::from(WIDTH - LEFT - LABEL)).round() as i32
    };

    let mut drawn = String::new();
    let root = SVGBackend::with_string(&mut drawn, (WIDTH as u32, height as u32)).into_drawing_area();
    root.fill(&PAPER)?;
    let letters = |size: i32, across: HPos| {
        ("sans-serif", size)
            .into_font()
            .into_text_style(&root)
            .color(&LETTERS)
            .pos(Pos::new(across, VPos::Center))
    };
    let title = "A training step: times as long as at the processor's peak (logarithmic)";
    root.draw(&Text::new(title, (MARGIN, MARGIN + 8), letters(17, HPos::Left)))?;
    let ticks: Vec<i32> =
        [1, 2, 5, 10, 20, 50].into_iter().filter(|times| f64::from(*times) <= longest).collect();
    let mut y = MARGIN + TITLE + TITLE / 2;
    for comparison in comparisons {
        let bars = bars_of(comparison);
        root.draw(&Text::new(comparison.workload.title(), (MARGIN, y), letters(14, HPos::Left)))?;
        y += TITLE / 2 + 8;
        for times in &ticks {
            let x = reach(f64::from(*times));
            root.draw(&PathElement::new(
                [(x, y - ROW / 2), (x, y - ROW / 2 + bars.len() as i32 * ROW)],
                FAINT,
            ))?;
        }
        for (program, seconds) in bars {
            let times = seconds / comparison.limit();
            let colour = if program == Program::Ours { OURS } else { OTHERS };
            let x = reach(times).max(LEFT + 1);
            root.draw(&Rectangle::new([(LEFT, y - 7), (x, y + 7)], colour.filled()))?;
            root.draw(&Text::new(program.name(), (LEFT - 8, y), letters(13, HPos::Right)))?;
            let label = format!("{times:.2}, {}", time_words(seconds));
            root.draw(&Text::new(label, (x + 6, y), letters(13, HPos::Left)))?;
            y += ROW;
        }
        y += 6 + TITLE / 2 - 8;
    }
    for times in ticks {
        let label = (f64::from(times), if times == 1 { "1, the peak".to_owned() } else { times.to_string() });
        root.draw(&Text::new(label.1, (reach(label.0), height - MARGIN - 4), letters(13, HPos::Center)))?;
    }
    root.present()?;
    drop(root);
    Ok(drawn)
}
