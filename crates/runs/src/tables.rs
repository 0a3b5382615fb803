//! The tables of a comparison, the same on a page and in a terminal.

use recurrent_report::{Cell, Column, Table, duration, significant, thousands};

use crate::comparison::Comparison;
use crate::differences::shortened;
use crate::figures::{Better, Figure};
use crate::run::Run;

/// What stands for what a run lacks.
const NOTHING: &str = "–";

/// How each run went.
pub(crate) fn course(runs: &[Run]) -> Table {
    let table = ["seed", "parameters", "epochs", "best epoch", "lowest loss", "time", "an epoch", "memory"]
        .into_iter()
        .fold(names("The runs").column(Column::text("state")), |table, heading| {
            table.column(Column::number(heading))
        });
    runs.iter().fold(table, |table, run| table.row(course_row(run)))
}

fn course_row(run: &Run) -> Vec<Cell> {
    let epochs = run.epochs.len();
    let words = |text: Option<String>| Cell::text(text.unwrap_or_else(|| NOTHING.to_owned()));
    vec![
        Cell::text(run.name.clone()),
        Cell::text(run.state.words()),
        words(run.settings.get("train.seed").map(ToString::to_string)),
        words(run.parameters.map(thousands)),
        Cell::text(thousands(epochs as u64)),
        words(run.best_epoch.map(|epoch| epoch.to_string())),
        words(run.best_loss.map(|loss| significant(loss, 4))),
        words((epochs > 0).then(|| duration(run.seconds))),
        words((epochs > 0).then(|| duration(run.seconds / epochs as f64))),
        words(run.peak_memory_bytes.map(|bytes| format!("{} MiB", thousands(bytes.div_ceil(1 << 20))))),
    ]
}

/// The settings that differ, with the longer side down: settings below each other, or runs. `None` where none differs.
pub(crate) fn settings(comparison: &Comparison) -> Option<Table> {
    let Comparison { runs, differences, .. } = comparison;
    let cell = |place: usize, run: usize| {
        let value = differences[place].values[run].as_ref();
        Cell::text(value.map_or_else(|| NOTHING.to_owned(), shortened))
    };
    if differences.is_empty() {
        return None;
    }
    let caption = "Settings that differ";
    if differences.len() > runs.len() {
        let table = Table::new(caption).column(Column::text("setting"));
        let table = runs.iter().fold(table, |table, run| table.column(Column::text(run.name.clone())));
        return Some((0..differences.len()).fold(table, |table, place| {
            let name = Cell::text(differences[place].name.clone());
            table.row([name].into_iter().chain((0..runs.len()).map(|run| cell(place, run))))
        }));
    }
    let table = differences
        .iter()
        .fold(names(caption), |table, difference| table.column(Column::text(difference.name.clone())));
    Some((0..runs.len()).fold(table, |table, run| {
        let name = Cell::text(runs[run].name.clone());
        table.row([name].into_iter().chain((0..differences.len()).map(|place| cell(place, run))))
    }))
}

/// The figures, a table for each part of the summaries, with the best marked where they can be compared.
pub(crate) fn figures(comparison: &Comparison) -> Vec<Table> {
    let mut parts: Vec<(&str, Vec<&Figure>)> = Vec::new();
    for figure in &comparison.figures {
        let part = figure.name.rsplit_once('.').map_or("", |(part, _)| part);
        match parts.iter_mut().find(|(name, _)| *name == part) {
            Some((_, figures)) => figures.push(figure),
            None => parts.push((part, vec![figure])),
        }
    }
    parts.into_iter().map(|(part, figures)| of_part(comparison, part, &figures)).collect()
}

fn of_part(comparison: &Comparison, caption: &str, part: &[&Figure]) -> Table {
    let column = |figure: &Figure| {
        let heading = figure.name.rsplit('.').next().unwrap_or_default().to_owned();
        match figure.better.filter(|_| comparison.judged_alike && comparison.runs.len() > 1) {
            Some(Better::Lower) => Column::lowest_best(heading),
            Some(Better::Higher) => Column::highest_best(heading),
            None => Column::number(heading),
        }
    };
    let table = part.iter().fold(names(caption), |table, figure| table.column(column(figure)));
    comparison.runs.iter().enumerate().fold(table, |table, (place, run)| {
        let cells =
            part.iter().map(|figure| figure.values[place].map_or_else(|| Cell::text(NOTHING), number));
        table.row([Cell::text(run.name.clone())].into_iter().chain(cells))
    })
}

/// A figure; whole ones are counts.
fn number(value: f64) -> Cell {
    let is_count = value.fract() == 0.0 && (2.0..1e15).contains(&value.abs());
    let text = if is_count && value > 0.0 { thousands(value as u64) } else { significant(value, 4) };
    Cell::number(value, text)
}

fn names(caption: &str) -> Table {
    Table::new(caption).column(Column::text("run"))
}
