//! Times one layer over a grid of cells, units and batches, forward and backward, and forward alone: the points at which others are
//! timed too. One line of JSON a point.

pub(crate) mod picture;
pub(crate) mod table;

use std::time::{Duration, Instant};

use burn::tensor::{Device, Tensor};
use clap::Args;
use recurrent_backend::{BackendKind, Seed, in_pool};
use recurrent_cells::{Activation, Cell, Pass, Recurrence, Recurrent, RecurrentConfig, Reset};
use serde::Serialize;

use crate::{
    compare::median,
    output::{Format, print},
    threads,
};

/// Each point is timed for so long, if it is timed often enough by then.
const LEAST: Duration = Duration::from_millis(800);
/// And no longer than this.
const MOST: Duration = Duration::from_secs(5);
const RUNS: std::ops::RangeInclusive<usize> = 5..=200;

#[derive(Args)]
pub(crate) struct Flags {
    /// Cells, of rnn, lstm and gru (which resets after, as PyTorch's).
    #[arg(long, value_delimiter = ',', default_value = "rnn,lstm,gru", value_parser = cell)]
    cells: Vec<Cell>,
    /// Units, and features of the input.
    #[arg(long, value_delimiter = ',', default_value = "32,128,512,1024")]
    hidden: Vec<usize>,
    /// Sequences.
    #[arg(long, value_delimiter = ',', default_value = "1,8,64")]
    batch: Vec<usize>,
    /// Steps of a sequence.
    #[arg(long, default_value_t = 100)]
    time: usize,
    /// Threads; as many as processors where not given.
    #[arg(long)]
    threads: Option<usize>,
}

fn cell(name: &str) -> Result<Cell, String> {
    match name {
        "rnn" => Ok(Cell::Rnn(Activation::Tanh)),
        "lstm" => Ok(Cell::Lstm),
        "gru" => Ok(Cell::Gru(Reset::After)),
        _ => Err("expected rnn, lstm or gru".to_owned()),
    }
}

fn name(cell: Cell) -> &'static str {
    match cell {
        Cell::Rnn(_) => "rnn",
        Cell::Gru(_) => "gru",
        _ => "lstm",
    }
}

#[derive(Serialize)]
struct Record {
    program: &'static str,
    precision: &'static str,
    threads: usize,
    cell: &'static str,
    hidden: usize,
    batch: usize,
    time: usize,
    train_s: f64,
    infer_s: f64,
}

/// Measures every point, and prints each.
pub(crate) fn run(flags: &Flags) -> Result<(), Box<dyn std::error::Error>> {
    let threads = threads::set(flags.threads)?;
    let device = BackendKind::Flex.open()?.autodiff();
    for &cell in &flags.cells {
        for &hidden in &flags.hidden {
            for &batch in &flags.batch {
                let point = Point { cell, hidden, batch, time: flags.time };
                let [train_s, infer_s] = in_pool(|| point.seconds(&device));
                let record = Record {
                    program: "recurrent",
                    precision: "float32",
                    threads,
                    cell: name(cell),
                    hidden,
                    batch,
                    time: flags.time,
                    train_s,
                    infer_s,
                };
                print(&record, Format::Json)?;
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Point {
    cell: Cell,
    hidden: usize,
    batch: usize,
    time: usize,
}

impl Point {
    /// Seconds of a pass forward and backward, and of one forward alone: the medians.
    fn seconds(self, device: &Device) -> [f64; 2] {
        let Self { cell, hidden, batch, time } = self;
        let config = RecurrentConfig::new(cell, hidden, hidden);
        let ones = |device: &Device| Tensor::<3>::ones([batch, time, hidden], device);
        let outputs =
            |layer: &Recurrent, x: &Tensor<3>| layer.sequence(x.clone(), None, &Pass::evaluation()).0;
        let (layer, x) = (config.init(Seed(1), device), ones(device));
        let train = median_seconds(|| {
            let gradients = outputs(&layer, &x).mean().backward();
            assert!(layer.kernel.val().grad(&gradients).is_some(), "the weights have gradients");
        });
        let host = device.clone().inner();
        let (layer, x) = (config.init(Seed(1), &host), ones(&host));
        let infer = median_seconds(|| drop(outputs(&layer, &x)));
        [train, infer]
    }
}

/// The median of some runs, after one that is not timed.
fn median_seconds(mut run: impl FnMut()) -> f64 {
    run();
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.len() < *RUNS.start() || begun.elapsed() < LEAST && times.len() < *RUNS.end() {
        let start = Instant::now();
        run();
        times.push(start.elapsed().as_secs_f64());
        if begun.elapsed() > MOST {
            break;
        }
    }
    median(&times).expect("at least one run")
}
