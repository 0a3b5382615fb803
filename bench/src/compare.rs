//! Sets the records of training steps beside each other: a table of ratios, and a plot.

use std::{fs, path::PathBuf};

use clap::{Args, ValueEnum};
use recurrent_train::files::write_whole;
use serde::Deserialize;

use crate::{
    bars,
    grid::{
        picture,
        table::{self, Grid},
    },
    step::Implementation,
    workload::Workload,
};

#[derive(Args)]
pub(crate) struct Flags {
    /// Records as JSON, one a line: this program's steps, and those of PyTorch and Keras with the same fields and the
    /// name of their `framework`. Runs made in turn stand in turn: the nth of one is compared with the nth of another.
    records: PathBuf,
    /// Where to draw the plot, as SVG.
    #[arg(long)]
    plot: Option<PathBuf>,
}

/// Whose step was timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    Ours,
    PyTorch,
    Keras,
    BurnNn,
}

impl Program {
    pub(crate) const ALL: [Self; 4] = [Self::Ours, Self::PyTorch, Self::Keras, Self::BurnNn];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "Recurrent",
            Self::PyTorch => "PyTorch",
            Self::Keras => "Keras",
            Self::BurnNn => "burn-nn",
        }
    }
}

/// What a record has; ours name their implementation, those of others their framework.
#[derive(Deserialize)]
struct Record {
    workload: Workload,
    median_step_s: f64,
    implementation: Option<Implementation>,
    framework: Option<String>,
    threads: Option<usize>,
    peak_gflops: Option<f64>,
}

impl Record {
    fn program(&self) -> Option<Program> {
        match (self.implementation, self.framework.as_deref()) {
            (Some(Implementation::Ours), _) => Some(Program::Ours),
            (Some(Implementation::BurnNn), _) => Some(Program::BurnNn),
            (None, Some(name)) if name.starts_with("torch") => Some(Program::PyTorch),
            (None, Some(name)) if name.starts_with("keras") => Some(Program::Keras),
            (None, _) => None,
        }
    }
}

/// The runs of one workload.
pub(crate) struct Comparison {
    pub(crate) workload: Workload,
    /// The threads of every run, as far as its record says.
    threads: Option<usize>,
    /// The peak of each of our runs, in operations a second.
    peaks: Vec<f64>,
    /// The median step of each run, in seconds, as `Program::ALL` has them.
    steps: [Vec<f64>; 4],
}

impl Comparison {
    /// The seconds that a step takes at the processor's peak.
    pub(crate) fn limit(&self) -> f64 {
        median(&self.peaks).map_or(f64::NAN, |peak| self.workload.flops() / peak)
    }

    /// The median of a program's runs, in seconds.
    pub(crate) fn seconds(&self, program: Program) -> Option<f64> {
        median(&self.steps[program as usize])
    }

    /// How many times as long as ours each run of a program took.
    fn ratios(&self, program: Program) -> Vec<f64> {
        let ours = &self.steps[Program::Ours as usize];
        self.steps[program as usize].iter().zip(ours).map(|(other, ours)| other / ours).collect()
    }

    /// The median share of the peak that our runs reached.
    fn fraction(&self) -> Option<f64> {
        let ours = &self.steps[Program::Ours as usize];
        median(
            &self
                .peaks
                .iter()
                .zip(ours)
                .map(|(peak, s)| self.workload.flops() / s / peak)
                .collect::<Vec<_>>(),
        )
    }

    fn row(&self) -> String {
        let ours = self.seconds(Program::Ours).map_or_else(|| "not run".to_owned(), time_words);
        let others = Program::ALL[1..].iter().map(|program| {
            let ratios = self.ratios(*program);
            let each: Vec<_> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
            median(&ratios).map_or_else(
                || "not run".to_owned(),
                |middle| format!("**{middle:.2}** ({})", each.join(", ")),
            )
        });
        let fraction =
            self.fraction().map_or_else(|| "not run".to_owned(), |fraction| format!("{fraction:.2}"));
        let cells: Vec<_> =
            [self.workload.title().to_owned(), ours].into_iter().chain(others).chain([fraction]).collect();
        format!("| {} |", cells.join(" | "))
    }
}

/// Reads the records, prints the table in Markdown and draws the plot.
pub(crate) fn run(flags: &Flags) -> Result<(), Box<dyn std::error::Error>> {
    let file = flags.records.display();
    let text =
        fs::read_to_string(&flags.records).map_err(|problem| format!("{file}: cannot be read: {problem}"))?;
    let faulty = |complaint| format!("{file}: {complaint}");
    if table::is_grid(&text) {
        return compare_grids(&Grid::read(&text).map_err(faulty)?, flags);
    }
    let comparisons = read(&text).map_err(faulty)?;
    let programs: Vec<_> =
        Program::ALL[1..].iter().map(|program| format!("{} / ours", program.name())).collect();
    #[allow(clippy::print_stdout)] // the table is this command's output
    {
        println!("| step | ours | {} | fraction of peak |", programs.join(" | "));
        println!("|---|---|{}---|", "---|".repeat(programs.len()));
        comparisons.iter().for_each(|comparison| println!("{}", comparison.row()));
    }
    if let Some(path) = &flags.plot {
        write_whole(path, bars::svg(&comparisons)?.as_bytes())?;
    }
    Ok(())
}

/// The same of points of the grid.
fn compare_grids(grid: &Grid, flags: &Flags) -> Result<(), Box<dyn std::error::Error>> {
    let ratios = grid.ratios().map_err(|complaint| format!("{}: {complaint}", flags.records.display()))?;
    #[allow(clippy::print_stdout)] // the tables are this command's output
    for ratios in &ratios {
        println!("{}", ratios.table());
    }
    if let Some(path) = &flags.plot {
        write_whole(path, picture::svg(grid, &ratios)?.as_bytes())?;
    }
    Ok(())
}

fn read(text: &str) -> Result<Vec<Comparison>, String> {
    let workloads = Workload::value_variants().iter();
    let mut comparisons: Vec<_> = workloads
        .map(|workload| Comparison {
            workload: *workload,
            threads: None,
            peaks: Vec::new(),
            steps: Default::default(),
        })
        .collect();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let record: Record =
            serde_json::from_str(line).map_err(|problem| format!("line {number}: {problem}"))?;
        let program = record.program().ok_or_else(|| {
            format!("line {number}: neither `implementation` nor a `framework` of torch or keras says whose step it is")
        })?;
        let of =
            comparisons.iter_mut().find(|it| it.workload == record.workload).expect("one for each workload");
        if let (Some(threads), Some(before)) = (record.threads, of.threads)
            && threads != before
        {
            return Err(format!("line {number}: {threads} threads, where runs before it had {before}"));
        }
        of.threads = of.threads.or(record.threads);
        of.steps[program as usize].push(record.median_step_s);
        if program == Program::Ours {
            let peak =
                record.peak_gflops.ok_or_else(|| format!("line {number}: `peak_gflops` is missing"))?;
            of.peaks.push(peak * 1e9);
        }
    }
    comparisons.retain(|comparison| comparison.seconds(Program::Ours).is_some());
    if comparisons.is_empty() {
        return Err("there is no record of ours; `cargo xtask bench step --format json` makes one".to_owned());
    }
    Ok(comparisons)
}

/// Seconds, as people write them.
pub(crate) fn time_words(seconds: f64) -> String {
    if seconds < 0.1 { format!("{:.1} ms", seconds * 1e3) } else { format!("{seconds:.2} s") }
}

/// The middle number, or the mean of the two in the middle; `None` of none.
pub(crate) fn median(numbers: &[f64]) -> Option<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len();
    (count > 0).then(|| (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: &str = r#"
{"implementation":"ours","workload":"gru","median_step_s":0.010,"peak_gflops":200.0}
{"framework":"torch 2.15.0","workload":"gru","median_step_s":0.020,"threads":2}
{"implementation":"burn-nn","workload":"gru","median_step_s":0.050,"peak_gflops":200.0}
{"implementation":"ours","workload":"gru","median_step_s":0.008,"peak_gflops":200.0}
{"framework":"torch 2.15.0","workload":"gru","median_step_s":0.012}
"#;

    #[test]
    fn runs_are_compared_in_turn() {
        let comparisons = read(RECORDS).expect("records");
        assert_eq!(comparisons.len(), 1, "a workload that was not run has no row");
        assert_eq!(
            comparisons[0].row(),
            "| GRU 256, 100 x 10 | 9.0 ms | **1.75** (2.00, 1.50) | not run | **5.00** (5.00) | 0.67 |"
        );
    }

    #[test]
    fn a_bad_line_is_named() {
        for (line, complaint) in [
            ("{", "line 2: EOF while parsing"),
            (r#"{"workload":"gru","median_step_s":1}"#, "line 2: neither `implementation`"),
            (
                r#"{"workload":"gru","median_step_s":1,"implementation":"ours"}"#,
                "line 2: `peak_gflops` is missing",
            ),
            ("", "there is no record of ours"),
            (
                "{\"implementation\":\"ours\",\"workload\":\"gru\",\"median_step_s\":1,\"peak_gflops\":1,\"threads\":2}\n\
                 {\"framework\":\"torch\",\"workload\":\"gru\",\"median_step_s\":1,\"threads\":1}",
                "line 3: 1 threads, where runs before it had 2",
            ),
        ] {
            let found = read(&format!("\n{line}\n")).err().expect("a complaint");
            assert!(found.starts_with(complaint), "{found}");
        }
    }
}
