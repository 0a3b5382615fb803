//! What is timed, and the figures beside each other, with what more ranks would send.

use std::fmt::Write;

use serde::Serialize;

use crate::{compare::median, output::Format, ranks::worker::Figures, workload::Workload};

/// Processes, threads and shards, and what each round found.
pub(super) struct Case {
    pub(super) ranks: usize,
    pub(super) threads: usize,
    pub(super) shards: usize,
    pub(super) figures: Vec<Figures>,
}

/// Two cores used in each way, and one core.
pub(super) fn cases(shards: usize, several: bool) -> Vec<Case> {
    let case = |ranks, threads, shards| Case { ranks, threads, shards, figures: Vec::new() };
    let mut cases = vec![case(1, 2, 1), case(1, 2, shards), case(1, 1, shards)];
    if several {
        cases.extend([case(2, 1, shards), case(2, 1, 2)]);
    }
    cases
}

impl Case {
    fn median(&self, figure: impl Fn(&Figures) -> f64) -> f64 {
        median(&self.figures.iter().map(figure).collect::<Vec<_>>()).unwrap_or(f64::NAN)
    }

    /// How many times as long as the first case, round by round.
    fn times(&self, first: &Self) -> f64 {
        let ratios = self.figures.iter().zip(&first.figures).map(|(own, first)| own.step_s / first.step_s);
        median(&ratios.collect::<Vec<_>>()).unwrap_or(f64::NAN)
    }
}

/// Ranks and gigabits a second for which it is calculated what the gradients take on the wire.
const LINKS: [(usize, f64); 4] = [(8, 10.0), (8, 100.0), (64, 10.0), (64, 100.0)];

/// Seconds for the sum of so many gradients: each rank sends its part to all others and gets as much, twice, in both directions of
/// its link at once.
fn on_the_wire(parameters: usize, ranks: usize, gigabits: f64) -> f64 {
    2.0 * (1.0 - 1.0 / ranks as f64) * 4.0 * parameters as f64 / (gigabits * 1e9 / 8.0)
}

#[derive(Serialize)]
struct Row {
    workload: Workload,
    ranks: usize,
    threads: usize,
    shards: usize,
    step_s: f64,
    times_as_long: f64,
    megabytes_sent: f64,
    waiting: f64,
}

/// Prints the figures, each case on a line.
#[allow(clippy::print_stdout)] // the table is this program's output
pub(super) fn print(
    workload: Workload,
    cases: &[Case],
    format: Format,
) -> Result<(), Box<dyn std::error::Error>> {
    let rows = cases.iter().map(|case| Row {
        workload,
        ranks: case.ranks,
        threads: case.threads,
        shards: case.shards,
        step_s: case.median(|figures| figures.step_s),
        times_as_long: case.times(&cases[0]),
        megabytes_sent: case.median(|figures| figures.bytes_sent) / 1e6,
        waiting: case.median(|figures| figures.waiting),
    });
    let rows: Vec<Row> = rows.collect();
    match format {
        Format::Json => {
            for row in &rows {
                println!("{}", serde_json::to_string(row)?);
            }
        }
        Format::Text => {
            let parameters = cases[0].figures.first().map_or(0, |figures| figures.parameters);
            println!("{}", text(workload, &rows, parameters)?);
        }
    }
    Ok(())
}

fn text(workload: Workload, rows: &[Row], parameters: usize) -> Result<String, std::fmt::Error> {
    let mut text = format!("{}, {parameters} parameters\n\n", workload.title());
    writeln!(text, "ranks  threads  shards  s a step   times  MB sent  waiting")?;
    for row in rows {
        let Row { ranks, threads, shards, step_s, times_as_long, megabytes_sent, waiting, .. } = row;
        writeln!(
            text,
            "{ranks:5}  {threads:7}  {shards:6}  {step_s:8.4}  {times_as_long:6.2}  {megabytes_sent:7.1}  {:6.1}%",
            100.0 * waiting
        )?;
    }
    writeln!(
        text,
        "\nCalculated, not measured: the gradients on the wire, and their share of a step of the last case"
    )?;
    writeln!(text, "if nothing else went on meanwhile, each rank having as many rows as there.\n")?;
    writeln!(text, "ranks  Gbit/s         s   share")?;
    for (ranks, gigabits) in LINKS {
        let wire = on_the_wire(parameters, ranks, gigabits);
        let share = wire / (wire + rows.last().map_or(f64::NAN, |row| row.step_s));
        writeln!(text, "{ranks:5}  {gigabits:6}  {wire:8.4}  {:5.1}%", 100.0 * share)?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_carries_each_gradient_less_than_twice() {
        // 7,914,457 floats are 31.7 MB: 55.4 MB of them in 8 parts, 44 ms at 10 Gbit/s.
        assert!((on_the_wire(7_914_457, 8, 10.0) - 0.0443).abs() < 1e-4);
        assert!((on_the_wire(7_914_457, 64, 100.0) - 0.00499).abs() < 1e-5);
    }
}
