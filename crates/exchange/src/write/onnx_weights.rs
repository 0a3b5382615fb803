//! A layer's weights and activations as ONNX has them.

use recurrent_cells::{Activation, Cell, Weights};

use crate::{dense::transpose, layer::Layer};

/// ONNX's order of the LSTM's gates in Keras's.
const LSTM_ORDER: [usize; 4] = [0, 3, 1, 2];

/// The activations of a direction, as many as ONNX names for the cell.
pub(super) fn activations(layer: &Layer) -> Vec<Activation> {
    let config = &layer.config;
    match config.cell {
        Cell::Rnn(activation) => vec![activation],
        Cell::Lstm => vec![config.gate_activation, config.candidate_activation, config.output_activation],
        _ => vec![config.gate_activation, config.candidate_activation],
    }
}

pub(super) fn onnx_name(activation: Activation) -> Option<&'static str> {
    Some(match activation {
        Activation::Tanh => "Tanh",
        Activation::Relu => "Relu",
        Activation::Sigmoid => "Sigmoid",
        Activation::HardSigmoid => "HardSigmoid",
        Activation::Linear => "Affine",
        Activation::Softsign => "Softsign",
        Activation::Silu => return None,
    })
}

/// Alpha and beta, where ONNX has them.
pub(super) fn factors(activation: Activation) -> Option<(f32, f32)> {
    match activation {
        Activation::HardSigmoid => Some((1.0 / 6.0, 0.5)),
        Activation::Linear => Some((1.0, 0.0)),
        _ => None,
    }
}

/// Kernel, recurrent kernel, biases and peepholes of one direction as ONNX has them.
pub(super) fn onnx_weights(weights: &Weights) -> [Vec<f32>; 4] {
    let Weights { cell, input, hidden, .. } = *weights;
    let width = cell.gates() * hidden;
    let mut plain = weights.clone();
    plain.peepholes.clear();
    let keras = plain.to_keras();
    let rows =
        |numbers: &[f32], from: usize| in_onnx_order(cell, &transpose(numbers, from, width), hidden * from);
    let bias = match keras.bias.len() {
        0 => Vec::new(),
        count => {
            let mut both: Vec<_> =
                keras.bias.chunks(width).flat_map(|row| in_onnx_order(cell, row, hidden)).collect();
            both.resize(count.max(2 * width), 0.0);
            both
        }
    };
    // Ours are of i, f and o; theirs of i, o and f.
    let gate = |place: usize| &weights.peepholes[place * hidden..][..hidden];
    let peepholes = match weights.peepholes.is_empty() {
        true => Vec::new(),
        false => [gate(0), gate(2), gate(1)].concat(),
    };
    [rows(&keras.kernel, input), rows(&keras.recurrent_kernel, hidden), bias, peepholes]
}

/// Blocks of Keras's gates in ONNX's order, each of `size` numbers.
fn in_onnx_order(cell: Cell, numbers: &[f32], size: usize) -> Vec<f32> {
    match cell {
        Cell::Lstm => LSTM_ORDER.iter().flat_map(|place| &numbers[place * size..][..size]).copied().collect(),
        _ => numbers.to_vec(),
    }
}
