//! Our layers compute what Burn's own compute with the same weights, with the options that both have. It is here because this package
//! is the only one that builds burn-nn.

use burn::{
    module::Param,
    nn::{GateController, GruConfig, LstmConfig, RnnConfig, activation::ActivationConfig as Theirs},
    tensor::{Device, Tensor, TensorData},
};
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{
    Activation, Cell, Direction, Implementation, Pass, Recurrence, RecurrentConfig, Reset, Weights,
};

/// Batch, time, input and hidden size.
const SIZES: [[usize; 4]; 3] = [[1, 1, 1, 1], [3, 5, 4, 7], [2, 7, 13, 33]];

fn numbers<const D: usize>(shape: [usize; D], seed: u64, device: &Device) -> Tensor<D> {
    use rand_chacha::rand_core::Rng;
    let mut stream = Seed(seed).stream(&[]);
    let count = shape.iter().product();
    let numbers = (0..count).map(|_| (stream.next_u64() >> 40) as f32 / (1u64 << 24) as f32 - 0.5);
    Tensor::from_data(TensorData::new(numbers.collect::<Vec<_>>(), shape), device)
}

/// Gives a gate random weights and biases.
fn fill(gate: &mut GateController, seed: u64, device: &Device) {
    for (linear, key) in [(&mut gate.input_transform, 0), (&mut gate.hidden_transform, 1)] {
        linear.weight = Param::from_tensor(numbers(linear.weight.val().dims(), 10 * seed + key, device));
        linear.bias = linear
            .bias
            .take()
            .map(|bias| Param::from_tensor(numbers(bias.val().dims(), 10 * seed + key + 5, device)));
    }
}

/// The weights of Burn's gates as ours: side by side, their two biases added, or apart where our cell has both.
fn weights(cell: Cell, input: usize, hidden: usize, gates: &[&GateController]) -> Weights {
    let beside = |of: &dyn Fn(&GateController) -> Tensor<2>| {
        let gates: Vec<_> = gates.iter().map(|gate| of(gate)).collect();
        Tensor::cat(gates, 1).into_data().try_into_vec::<f32>().expect("floats")
    };
    let mut weights = Weights::zeros(cell, input, hidden);
    weights.kernel = beside(&|gate| gate.input_transform.weight.val());
    weights.recurrent = beside(&|gate| gate.hidden_transform.weight.val());
    let bias = |of: &dyn Fn(&GateController) -> Option<Tensor<1>>| {
        gates
            .iter()
            .all(|gate| of(gate).is_some())
            .then(|| beside(&|gate| of(gate).expect("asked before").unsqueeze()))
    };
    let input_bias = bias(&|gate| gate.input_transform.bias.as_ref().map(Param::val));
    let hidden_bias = bias(&|gate| gate.hidden_transform.bias.as_ref().map(Param::val));
    weights.bias = match input_bias.zip(hidden_bias) {
        None => Vec::new(),
        Some((a, b)) if cell.has_recurrent_bias() => [a, b].concat(),
        Some((a, b)) => a.iter().zip(&b).map(|(a, b)| a + b).collect(),
    };
    weights
}

fn check(what: &str, config: &RecurrentConfig, weights: &Weights, x: &Tensor<3>, expected: Tensor<3>) {
    let device = x.device();
    let expected = expected.into_data().try_into_vec::<f32>().expect("floats");
    for implementation in [Implementation::Kernel, Implementation::Composed] {
        let layer = config
            .clone()
            .with_bias(!weights.bias.is_empty())
            .with_implementation(implementation)
            .init_with(weights, &device);
        let (found, _) = layer.sequence(x.clone(), None, &Pass::evaluation());
        let found = found.into_data().try_into_vec::<f32>().expect("floats");
        for (place, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let error = (found - expected).abs();
            assert!(
                error <= 1e-5 + 1e-4 * expected.abs(),
                "{what}, {implementation:?}: [{place}] is {found}, burn-nn has {expected}"
            );
        }
    }
}

fn each(check: impl Fn([usize; 4], bool, bool, &Device)) {
    let device = BackendKind::Flex.open().expect("a CPU backend opens");
    for sizes in SIZES {
        for (bias, reverse) in [(true, false), (false, true)] {
            check(sizes, bias, reverse, &device);
        }
    }
}

fn direction(reverse: bool) -> Direction {
    if reverse { Direction::Reverse } else { Direction::Forward }
}

#[test]
fn vanilla() {
    each(|[batch, time, input, hidden], bias, reverse, device| {
        for (theirs, ours) in [
            (Theirs::Tanh, Activation::Tanh),
            (Theirs::Relu, Activation::Relu),
            (Theirs::Sigmoid, Activation::Sigmoid),
        ] {
            for clip in [None, Some(0.2)] {
                let config = RnnConfig::new(input, hidden, bias).with_reverse(reverse).with_clip(clip);
                let mut rnn = config.with_hidden_activation(theirs.clone()).init(device);
                fill(&mut rnn.gate, 1, device);
                let cell = Cell::Rnn(ours);
                let weights = weights(cell, input, hidden, &[&rnn.gate]);
                let x = numbers([batch, time, input], 9, device);
                let config = RecurrentConfig::new(cell, input, hidden)
                    .with_direction(direction(reverse))
                    .with_clip(clip);
                check("vanilla", &config, &weights, &x, rnn.forward(x.clone(), None).0);
            }
        }
    });
}

#[test]
fn lstm() {
    each(|[batch, time, input, hidden], bias, reverse, device| {
        let plain = (
            Theirs::Sigmoid,
            Theirs::Tanh,
            Theirs::Tanh,
            [Activation::Sigmoid, Activation::Tanh, Activation::Tanh],
        );
        let others = (
            Theirs::Tanh,
            Theirs::Relu,
            Theirs::Sigmoid,
            [Activation::Tanh, Activation::Relu, Activation::Sigmoid],
        );
        for (gate, candidate, output, ours) in [plain, others] {
            for (clip, coupled) in [(None, false), (Some(0.1), false), (None, true), (Some(0.1), true)] {
                let config = LstmConfig::new(input, hidden, bias)
                    .with_reverse(reverse)
                    .with_clip(clip)
                    .with_input_forget(coupled);
                let config = config
                    .with_gate_activation(gate.clone())
                    .with_cell_activation(candidate.clone())
                    .with_hidden_activation(output.clone());
                let mut lstm = config.init(device);
                fill(&mut lstm.input_gate, 1, device);
                fill(&mut lstm.cell_gate, 2, device);
                fill(&mut lstm.output_gate, 3, device);
                if let Some(forget) = &mut lstm.forget_gate {
                    fill(forget, 4, device);
                }
                // A coupled one of theirs has no forget gate; ours does not use its columns.
                let forget = lstm.forget_gate.as_ref().unwrap_or(&lstm.input_gate);
                let gates = [&lstm.input_gate, forget, &lstm.cell_gate, &lstm.output_gate];
                let weights = weights(Cell::Lstm, input, hidden, &gates);
                let x = numbers([batch, time, input], 9, device);
                let [gate, candidate, output] = ours;
                let config = RecurrentConfig::new(Cell::Lstm, input, hidden)
                    .with_direction(direction(reverse))
                    .with_clip(clip)
                    .with_coupled_gates(coupled)
                    .with_gate_activation(gate)
                    .with_candidate_activation(candidate)
                    .with_output_activation(output);
                check("lstm", &config, &weights, &x, lstm.forward(x.clone(), None).0);
            }
        }
    });
}

#[test]
fn gru() {
    each(|[batch, time, input, hidden], bias, _, device| {
        for (reset, is_after) in [(Reset::After, true), (Reset::Before, false)] {
            for clip in [None, Some(0.2)] {
                let config = GruConfig::new(input, hidden, bias).with_reset_after(is_after).with_clip(clip);
                let mut gru = config.init(device);
                fill(&mut gru.reset_gate, 1, device);
                fill(&mut gru.update_gate, 2, device);
                fill(&mut gru.new_gate, 3, device);
                let cell = Cell::Gru(reset);
                let weights =
                    weights(cell, input, hidden, &[&gru.reset_gate, &gru.update_gate, &gru.new_gate]);
                let x = numbers([batch, time, input], 9, device);
                let config = RecurrentConfig::new(cell, input, hidden).with_clip(clip);
                check("gru", &config, &weights, &x, gru.forward(x.clone(), None));
            }
        }
    });
}
