//! What the options of a layer cost: the time of one pass of training, forward and backward, beside that of the same
//! layer without them: `cargo run -p recurrent-cells --example options_cost [-- HIDDEN BATCH TIME INPUT]`.
#![allow(clippy::print_stdout)] // an example shows its result

use std::time::Instant;

use burn::tensor::{Device, Tensor};
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{
    Activation, Cell, Implementation, Normalization, Pass, Recurrence, Recurrent, RecurrentConfig, Reset,
};

/// Passes of each kind, in turn, so that what else the machine does meets all of them; the fastest counts.
const PASSES: u64 = 8;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sizes = [256, 64, 50, 64];
    for (size, word) in sizes.iter_mut().zip(std::env::args().skip(1)) {
        *size = word.parse()?;
    }
    let [hidden, batch, time, input] = sizes;
    let device = BackendKind::Flex.open()?.autodiff();
    println!(
        "{hidden} units, {batch} sequences of {time} steps, {input} inputs: seconds a pass, times the plain layer's"
    );
    let cells = [Cell::Rnn(Activation::Tanh), Cell::Lstm, Cell::Gru(Reset::Before), Cell::Gru(Reset::After)];
    for cell in cells {
        let plain = RecurrentConfig::new(cell, input, hidden);
        let memory = if cell.has_memory() { 0.1 } else { 0.0 };
        let rows = [
            ("plain", plain.clone()),
            ("weight dropout", plain.clone().with_weight_dropout(0.3)),
            ("zoneout", plain.clone().with_zoneout_output(0.1).with_zoneout_memory(memory)),
            ("composed", plain.clone().with_implementation(Implementation::Composed)),
            ("layer normalisation", plain.with_normalization(Normalization::Layer)),
        ];
        let layers = rows.map(|(name, config)| (name, config.init(Seed(1), &device)));
        let mut fastest = [f64::INFINITY; 5];
        for pass in 0..PASSES {
            for (fastest, (_, layer)) in fastest.iter_mut().zip(&layers) {
                *fastest = fastest.min(seconds(layer, pass, [batch, time, input], &device));
            }
        }
        for (seconds, (name, _)) in fastest.into_iter().zip(&layers) {
            println!("{:<12} {name:<20} {seconds:8.4} {:6.2}", format!("{cell:?}"), seconds / fastest[0]);
        }
    }
    Ok(())
}

/// The time of one pass, forward and backward.
fn seconds(layer: &Recurrent, pass: u64, x: [usize; 3], device: &Device) -> f64 {
    let x = Tensor::<3>::ones(x, device);
    let start = Instant::now();
    let (outputs, _) = layer.sequence(x, None, &Pass::training(Seed(pass)));
    let gradients = outputs.mean().backward();
    assert!(layer.recurrent.val().grad(&gradients).is_some());
    start.elapsed().as_secs_f64()
}
