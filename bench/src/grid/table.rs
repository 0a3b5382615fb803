//! Points of several programs beside each other: how many times as long as ours each takes.

use std::{collections::BTreeMap, fmt::Write};

use serde::Deserialize;

use crate::compare::median;

/// A point as a record has it.
#[derive(Deserialize)]
struct Record {
    program: String,
    precision: String,
    threads: usize,
    cell: String,
    hidden: usize,
    batch: usize,
    time: usize,
    train_s: f64,
    infer_s: f64,
}

/// What was timed: the cell, its units and its sequences.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// In the order of the records.
    cell: (usize, String),
    pub(crate) hidden: usize,
    pub(crate) batch: usize,
}

impl Place {
    /// What a row of a table stands for.
    pub(crate) fn row(&self) -> String {
        format!("{} {}", self.cell.1.to_uppercase(), self.hidden)
    }
}

/// The seconds of each run, training and inference.
type Runs = [Vec<f64>; 2];

/// All points of the programs, by program and precision.
pub(crate) struct Grid {
    threads: usize,
    time: usize,
    programs: BTreeMap<String, BTreeMap<Place, Runs>>,
}

/// How many times as long as ours another program took, in one precision.
pub(crate) struct Ratios {
    pub(crate) title: String,
    /// Training and inference of each point that both have; the medians of runs in turn.
    pub(crate) of: BTreeMap<Place, [f64; 2]>,
}

const OURS: &str = "recurrent";

/// Whether records are those of a grid, and not of steps.
pub(crate) fn is_grid(text: &str) -> bool {
    text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| line.contains("\"infer_s\""))
}

impl Grid {
    /// Reads records, one a line. Runs made in turn stand in turn: the nth of one program is compared with the nth of another.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut grid = Self { threads: 0, time: 0, programs: BTreeMap::new() };
        let mut cells: Vec<String> = Vec::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let record: Record =
                serde_json::from_str(line).map_err(|problem| format!("line {number}: {problem}"))?;
            let Record { program, precision, threads, cell, hidden, batch, time, train_s, infer_s } = record;
            if grid.threads == 0 {
                (grid.threads, grid.time) = (threads, time);
            }
            if (grid.threads, grid.time) != (threads, time) {
                return Err(format!(
                    "line {number}: {threads} threads and {time} steps, unlike those before"
                ));
            }
            let place = cells.iter().position(|it| *it == cell).unwrap_or_else(|| {
                cells.push(cell.clone());
                cells.len() - 1
            });
            let name = program.split(' ').next().unwrap_or_default();
            let points = grid.programs.entry(format!("{name} {precision}")).or_default();
            let runs = points.entry(Place { cell: (place, cell), hidden, batch }).or_default();
            runs[0].push(train_s);
            runs[1].push(infer_s);
        }
        Ok(grid)
    }

    /// Every other program beside ours, in the same precision and in single precision.
    pub(crate) fn ratios(&self) -> Result<Vec<Ratios>, String> {
        let ours = |precision: &str| self.programs.get(&format!("{OURS} {precision}"));
        let others = self.programs.iter().filter(|(name, _)| !name.starts_with(OURS));
        let pairs = others.flat_map(|(name, points)| {
            let (_, precision) = name.split_once(' ').unwrap_or_default();
            let single = (precision != "float32").then_some("float32");
            [Some(precision), single].into_iter().flatten().map(move |own| (name, points, own))
        });
        let ratios: Vec<Ratios> = pairs
            .filter_map(|(name, points, own)| {
                let of = between(points, ours(own)?);
                Some(Ratios { title: format!("{name} / ours in {own}"), of })
            })
            .collect();
        match ratios.iter().any(|ratios| !ratios.of.is_empty()) {
            true => Ok(ratios),
            false => Err("no point of ours stands beside one of another program".to_owned()),
        }
    }

    /// The number of threads and of steps.
    pub(crate) fn sizes(&self) -> String {
        format!("{} threads, {} steps", self.threads, self.time)
    }
}

fn between(others: &BTreeMap<Place, Runs>, ours: &BTreeMap<Place, Runs>) -> BTreeMap<Place, [f64; 2]> {
    let both = others.iter().filter_map(|(place, runs)| Some((place, runs, ours.get(place)?)));
    both.map(|(place, others, ours)| {
        let ratio = |what: usize| {
            let in_turn = others[what].iter().zip(&ours[what]).map(|(other, ours)| other / ours);
            median(&in_turn.collect::<Vec<_>>()).expect("each has a run")
        };
        (place.clone(), [ratio(0), ratio(1)])
    })
    .collect()
}

impl Ratios {
    /// The batches, which are the columns.
    pub(crate) fn batches(&self) -> Vec<usize> {
        let mut batches: Vec<usize> = self.of.keys().map(|place| place.batch).collect();
        batches.sort_unstable();
        batches.dedup();
        batches
    }

    /// The rows, in order, each with its points by batch.
    pub(crate) fn rows(&self) -> Vec<(String, BTreeMap<usize, [f64; 2]>)> {
        let mut rows: Vec<(String, BTreeMap<usize, [f64; 2]>)> = Vec::new();
        for (place, ratios) in &self.of {
            let row = place.row();
            if rows.last().is_none_or(|(last, _)| *last != row) {
                rows.push((row, BTreeMap::new()));
            }
            let (_, points) = rows.last_mut().expect("one was just put there");
            points.insert(place.batch, *ratios);
        }
        rows
    }

    /// The table in Markdown, with the median and the least of all points below it.
    pub(crate) fn table(&self) -> String {
        let batches = self.batches();
        let head: String = batches.iter().map(|batch| format!(" batch {batch}: train, infer |")).collect();
        let mut table = format!("| {} |{head}\n|---|{}\n", self.title, "---|".repeat(batches.len()));
        for (row, points) in self.rows() {
            let cells = batches.iter().map(|batch| match points.get(batch) {
                Some(ratios) => format!(" {}, {} |", marked(ratios[0]), marked(ratios[1])),
                None => " – |".to_owned(),
            });
            let _ = writeln!(table, "| {row} |{}", cells.collect::<String>());
        }
        let all: Vec<f64> = self.of.values().flatten().copied().collect();
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        let slower = all.iter().filter(|ratio| **ratio < 1.0).count();
        let middle = median(&all).unwrap_or(f64::NAN);
        let _ = writeln!(
            table,
            "\nMedian {middle:.2}, least {least:.2}; {slower} of {} points below 1.",
            all.len()
        );
        table
    }
}

/// A ratio, bold where ours is the slower one.
fn marked(ratio: f64) -> String {
    if ratio < 1.0 { format!("**{ratio:.2}**") } else { format!("{ratio:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: &str = r#"
{"program":"recurrent","precision":"float32","threads":2,"cell":"rnn","hidden":32,"batch":1,"time":100,"train_s":0.010,"infer_s":0.002}
{"program":"recurrent","precision":"float32","threads":2,"cell":"rnn","hidden":32,"batch":8,"time":100,"train_s":0.020,"infer_s":0.004}
{"program":"torch 2.15.0","precision":"float32","threads":2,"cell":"rnn","hidden":32,"batch":1,"time":100,"train_s":0.020,"infer_s":0.001}
{"program":"recurrent","precision":"float32","threads":2,"cell":"rnn","hidden":32,"batch":1,"time":100,"train_s":0.010,"infer_s":0.002}
{"program":"torch 2.15.0","precision":"float32","threads":2,"cell":"rnn","hidden":32,"batch":1,"time":100,"train_s":0.040,"infer_s":0.001}
{"program":"torch 2.15.0","precision":"bfloat16","threads":2,"cell":"rnn","hidden":32,"batch":8,"time":100,"train_s":0.010,"infer_s":0.008}
"#;

    #[test]
    fn points_are_compared_in_turn_in_each_precision() {
        assert!(is_grid(RECORDS) && !is_grid(r#"{"workload":"gru","median_step_s":1}"#));
        let ratios = Grid::read(RECORDS).unwrap().ratios().unwrap();
        let tables: Vec<String> = ratios.iter().map(Ratios::table).collect();
        assert_eq!(
            tables,
            [
                "| torch bfloat16 / ours in float32 | batch 8: train, infer |\n|---|---|\n\
                 | RNN 32 | **0.50**, 2.00 |\n\nMedian 1.25, least 0.50; 1 of 2 points below 1.\n",
                "| torch float32 / ours in float32 | batch 1: train, infer |\n|---|---|\n\
                 | RNN 32 | 3.00, **0.50** |\n\nMedian 1.75, least 0.50; 1 of 2 points below 1.\n",
            ]
        );
    }

    #[test]
    fn bad_records_are_named() {
        let (first, rest) = RECORDS.trim().split_once('\n').unwrap();
        let other = first.replace("\"threads\":2", "\"threads\":1");
        let said = Grid::read(&format!("{first}\n{other}")).err().unwrap();
        assert_eq!(said, "line 2: 1 threads and 100 steps, unlike those before");
        assert!(Grid::read("{").err().unwrap().starts_with("line 1: "));
        assert!(Grid::read(first).unwrap().ratios().err().unwrap().starts_with("no point of ours"));
        assert!(Grid::read(rest).is_ok());
    }
}
