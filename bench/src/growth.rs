//! Times an LSTM's step, and how much longer it takes with twice the steps, the sequences or the layers.

use std::time::Instant;

use burn::tensor::{Device, Distribution, Tensor};
use clap::Args;
use recurrent_backend::{BackendKind, Seed, in_pool};
use recurrent_cells::{Cell, Pass, Recurrence, Recurrent, RecurrentConfig, Stack, StackConfig};
use serde::Serialize;

use crate::{
    compare::median,
    output::{Format, print},
};

/// Units, and features of the input, so that every layer is the same work.
const HIDDEN: usize = 256;

#[derive(Args)]
pub(crate) struct Flags {
    /// Rounds, each of which times every size once.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How the record is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Layers, sequences and steps.
#[derive(Clone, Copy)]
struct Size {
    layers: usize,
    batch: usize,
    time: usize,
}

const BASE: Size = Size { layers: 1, batch: 32, time: 50 };
const SIZES: [Size; 4] = [
    BASE,
    Size { time: 2 * BASE.time, ..BASE },
    Size { batch: 2 * BASE.batch, ..BASE },
    Size { layers: 2, ..BASE },
];

/// The median times and ratios; the ratios are of times taken in turn.
#[derive(Serialize)]
struct Record {
    hidden: usize,
    layers: usize,
    batch: usize,
    time: usize,
    rounds: u32,
    median_s: f64,
    twice_the_time: f64,
    twice_the_batch: f64,
    twice_the_layers: f64,
}

/// Measures and prints.
pub(crate) fn run(flags: &Flags) -> Result<(), Box<dyn std::error::Error>> {
    let device = BackendKind::Flex.open()?.autodiff();
    let rounds = in_pool(|| {
        let timed = SIZES.map(|size| Timed::new(size, &device));
        // Untimed, as it allocates.
        for size in &timed {
            size.time();
        }
        (0..flags.rounds).map(|_| timed.each_ref().map(Timed::time)).collect::<Vec<_>>()
    });
    let over_rounds = |figure: &dyn Fn(&[f64; 4]) -> f64| {
        median(&rounds.iter().map(figure).collect::<Vec<_>>()).expect("at least one round")
    };
    let ratio = |size: usize| over_rounds(&|times| times[size] / times[0]);
    let record = Record {
        hidden: HIDDEN,
        layers: BASE.layers,
        batch: BASE.batch,
        time: BASE.time,
        rounds: flags.rounds,
        median_s: over_rounds(&|times| times[0]),
        twice_the_time: ratio(1),
        twice_the_batch: ratio(2),
        twice_the_layers: ratio(3),
    };
    print(&record, flags.format)
}

/// Layers and an input of one size.
struct Timed {
    layers: Stack<Recurrent>,
    input: Tensor<3>,
}

impl Timed {
    fn new(size: Size, device: &Device) -> Self {
        let layer = RecurrentConfig::new(Cell::Lstm, HIDDEN, HIDDEN);
        let input = Tensor::random([size.batch, size.time, HIDDEN], Distribution::Normal(0.0, 1.0), device);
        Self {
            layers: StackConfig::new(layer, size.layers).init(Seed(1), device),
            input: input.require_grad(),
        }
    }

    /// Seconds of a step forward and backward.
    fn time(&self) -> f64 {
        let start = Instant::now();
        let (outputs, _) = self.layers.sequence(self.input.clone(), None, &Pass::training(Seed(2)));
        let gradients = outputs.powi_scalar(2).mean().backward();
        let seconds = start.elapsed().as_secs_f64();
        assert!(self.input.grad(&gradients).is_some(), "the input has a gradient");
        seconds
    }
}
