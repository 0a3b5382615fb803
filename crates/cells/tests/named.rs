//! A stack takes all its layers' weights by the names that PyTorch and Keras give them.

mod random;

use std::collections::BTreeMap;

use burn::tensor::TensorData;
use random::host_devices;
use recurrent_backend::Seed;
use recurrent_cells::{
    Cell, KerasWeights, Merge, NameError, PyTorchWeights, Recurrent, RecurrentConfig, Reset, Stack,
    StackConfig,
};

type Tensors = BTreeMap<String, TensorData>;

fn config(cell: Cell) -> StackConfig {
    StackConfig::new(RecurrentConfig::new(cell, 3, 5), 2)
}

/// A state dict, as PyTorch names it.
fn state_dict<'a>(layers: impl IntoIterator<Item = (&'a Recurrent, &'a str)>) -> Tensors {
    let mut tensors = Tensors::new();
    for (layer, suffix) in layers {
        let (input, hidden, width) =
            (layer.d_input(), layer.d_hidden(), layer.cell().gates() * layer.d_hidden());
        let PyTorchWeights { weight_ih, weight_hh, bias_ih, bias_hh, .. } = layer.weights().to_pytorch();
        let parts = [
            ("weight_ih", weight_ih, vec![width, input]),
            ("weight_hh", weight_hh, vec![width, hidden]),
            ("bias_ih", bias_ih, vec![width]),
            ("bias_hh", bias_hh, vec![width]),
        ];
        for (name, numbers, shape) in parts.into_iter().filter(|(_, numbers, _)| !numbers.is_empty()) {
            tensors.insert(format!("encoder.rnn.{name}_{suffix}"), TensorData::new(numbers, shape));
        }
    }
    tensors
}

fn weights(stack: &Stack<Recurrent>) -> Vec<recurrent_cells::Weights> {
    stack.layers.iter().map(Recurrent::weights).collect()
}

#[test]
fn by_the_names_of_pytorch() {
    let (_, device) = host_devices().remove(0);
    for cell in [Cell::Lstm, Cell::Gru(Reset::After), Cell::Rnn(Default::default())] {
        for bias in [true, false] {
            let mut config = config(cell);
            config.layer = config.layer.with_bias(bias);
            let drawn = config.init(Seed(1), &device);
            let tensors = state_dict(drawn.layers.iter().zip(["l0", "l1"]));
            let read = config.init_pytorch("encoder.rnn.", &tensors, &device).unwrap();
            assert_eq!(weights(&read), weights(&drawn), "{cell:?}");

            let both = config.init_bidirectional(Merge::Concat, Seed(2), &device);
            let halves = both.layers.iter().flat_map(|layer| [&layer.forward, &layer.reverse]);
            let tensors = state_dict(halves.zip(["l0", "l0_reverse", "l1", "l1_reverse"]));
            let read = config.init_bidirectional_pytorch("encoder.rnn.", &tensors, &device).unwrap();
            for (read, drawn) in read.layers.iter().zip(&both.layers) {
                assert_eq!(read.forward.weights(), drawn.forward.weights(), "{cell:?}");
                assert_eq!(read.reverse.weights(), drawn.reverse.weights(), "{cell:?}");
            }
        }
    }
}

/// Keras's variables by path.
fn variables<'a>(layers: impl IntoIterator<Item = (&'a Recurrent, &'a str)>) -> Tensors {
    let mut tensors = Tensors::new();
    for (layer, path) in layers {
        let (input, hidden, width) =
            (layer.d_input(), layer.d_hidden(), layer.cell().gates() * layer.d_hidden());
        let KerasWeights { kernel, recurrent_kernel, bias } = layer.weights().to_keras();
        let bias_shape = match layer.cell().bias_rows() {
            1 => vec![width],
            rows => vec![rows, width],
        };
        for (name, numbers, shape) in [
            ("kernel", kernel, vec![input, width]),
            ("recurrent_kernel", recurrent_kernel, vec![hidden, width]),
            ("bias", bias, bias_shape),
        ] {
            tensors.insert(format!("{path}/{name}"), TensorData::new(numbers, shape));
        }
    }
    tensors
}

#[test]
fn by_the_paths_of_keras() {
    let (_, device) = host_devices().remove(0);
    for cell in [Cell::Lstm, Cell::Gru(Reset::After), Cell::Gru(Reset::Before)] {
        let config = config(cell);
        let drawn = config.init(Seed(1), &device);
        let tensors =
            variables(drawn.layers.iter().zip(["sequential/lstm/lstm_cell", "sequential/lstm_1/lstm_cell"]));
        let read = config.init_keras(&["lstm", "lstm_1"], &tensors, &device).unwrap();
        assert_eq!(weights(&read), weights(&drawn), "{cell:?}");

        let both = config.init_bidirectional(Merge::Sum, Seed(2), &device);
        let halves = both.layers.iter().flat_map(|layer| [&layer.forward, &layer.reverse]);
        let tensors = variables(halves.zip([
            "bidirectional/forward_lstm/lstm_cell",
            "bidirectional/backward_lstm/lstm_cell",
            "bidirectional_1/forward_lstm_1/lstm_cell",
            "bidirectional_1/backward_lstm_1/lstm_cell",
        ]));
        let names = ["bidirectional", "bidirectional_1"];
        let read = config.init_bidirectional_keras(&names, Merge::Sum, &tensors, &device).unwrap();
        for (read, drawn) in read.layers.iter().zip(&both.layers) {
            assert_eq!(read.forward.weights(), drawn.forward.weights(), "{cell:?}");
            assert_eq!(read.reverse.weights(), drawn.reverse.weights(), "{cell:?}");
        }
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let (_, device) = host_devices().remove(0);
    let config = config(Cell::Lstm);
    let drawn = config.init(Seed(1), &device);
    let tensors = state_dict(drawn.layers.iter().zip(["l0", "l1"]));
    let said = |found: Result<Stack<Recurrent>, NameError>| found.expect_err("a fault").to_string();

    assert_eq!(
        said(config.init_pytorch("rnn.", &tensors, &device)),
        "there is no tensor `rnn.weight_ih_l0`; there are `encoder.rnn.bias_hh_l0`, `encoder.rnn.bias_hh_l1`, \
         `encoder.rnn.bias_ih_l0`, `encoder.rnn.bias_ih_l1`, `encoder.rnn.weight_hh_l0`, `encoder.rnn.weight_hh_l1`, \
         `encoder.rnn.weight_ih_l0`, `encoder.rnn.weight_ih_l1`"
    );
    let mut wide = config.clone();
    wide.layer.d_input = 4;
    assert_eq!(
        said(wide.init_pytorch("encoder.rnn.", &tensors, &device)),
        "tensor `encoder.rnn.weight_ih_l0` has shape [20, 3], expected [20, 4]"
    );
    let mut before = config.clone();
    before.layer.cell = Cell::Gru(Reset::Before);
    assert_eq!(
        said(before.init_pytorch("encoder.rnn.", &tensors, &device)),
        "PyTorch does not have the cell Gru(Before)"
    );
    let tensors = variables(drawn.layers.iter().zip(["a/lstm/lstm_cell", "b/lstm/lstm_cell"]));
    assert_eq!(
        said(config.init_keras(&["lstm", "lstm"], &tensors, &device)),
        "`lstm/../kernel` could be any of `a/lstm/lstm_cell/kernel`, `b/lstm/lstm_cell/kernel`; give more of its path"
    );
    assert!(config.init_keras(&["a/lstm", "b/lstm"], &tensors, &device).is_ok());
}
