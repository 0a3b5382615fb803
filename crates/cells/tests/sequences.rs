//! What a user of the layers relies on: stretches, steps, tokens, masks and threads.

mod random;

use burn::{
    module::Module,
    tensor::{Int, Tensor, TensorData},
};
use random::{Lies, Options, Trial, host_devices, numbers, worst};
use recurrent_backend::Seed;
use recurrent_cells::{
    Activation, BidirectionalConfig, Cell, Direction, GateMasks, Implementation, Mask, Normalization, Pass,
    Recurrence, Recurrent, RecurrentConfig, Reset, StackConfig, State, Stepwise, Weights,
};

const BATCH: usize = 3;
const TIME: usize = 7;
const INPUT: usize = 5;

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("floats")
}

fn x(device: &burn::tensor::Device) -> Tensor<3> {
    let numbers = numbers(BATCH * TIME * INPUT, Seed(1));
    Tensor::from_data(TensorData::new(numbers, [BATCH, TIME, INPUT]), device)
}

/// A cell without options, and with all of them.
fn configs(cell: Cell, hidden: usize) -> [RecurrentConfig; 2] {
    let plain = RecurrentConfig::new(cell, INPUT, hidden);
    let full = plain
        .clone()
        .with_input_dropout(0.4)
        .with_recurrent_dropout(0.4)
        .with_weight_dropout(0.4)
        .with_zoneout_output(0.3)
        .with_zoneout_memory(if cell.has_memory() { 0.2 } else { 0.0 })
        .with_normalization(Normalization::Layer);
    [plain, full]
}

/// Every cell, without options and with all of them.
fn all_configs(hidden: usize) -> Vec<RecurrentConfig> {
    Cell::all().into_iter().flat_map(|cell| configs(cell, hidden)).collect()
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f32], what: &str) {
    let (error, place) = worst(found, expected);
    assert!(error <= 1.0, "{what}[{place}] is {}, expected {}", found[place], expected[place]);
}

#[test]
fn two_stretches_with_the_state_carried_are_one_sequence() {
    for (backend, device) in host_devices() {
        for config in all_configs(13) {
            let stack = StackConfig::new(config.clone(), 2).init(Seed(2), &device);
            let (whole, _) = stack.sequence(x(&device), None, &Pass::evaluation());
            let (first, state) = stack.sequence(x(&device).narrow(1, 0, 4), None, &Pass::evaluation());
            let (second, _) = stack.sequence(x(&device).narrow(1, 4, 3), Some(state), &Pass::evaluation());
            let joined = Tensor::cat(vec![first, second], 1);
            assert_close(&floats(joined), &floats(whole), &format!("{config} on {backend}: output"));
        }
    }
}

#[test]
fn steps_one_by_one_are_the_sequence() {
    for (backend, device) in host_devices() {
        for config in all_configs(7) {
            let stack = StackConfig::new(config.clone(), 2).init(Seed(3), &device);
            let (whole, _) = stack.sequence(x(&device), None, &Pass::evaluation());
            let mut state = stack.zero_state(BATCH);
            for time in 0..TIME {
                let step = x(&device).narrow(1, time, 1).reshape([BATCH, INPUT]);
                let (output, next) = stack.step(step, state);
                let expected = whole.clone().narrow(1, time, 1);
                assert_close(
                    &floats(output),
                    &floats(expected),
                    &format!("{config} on {backend}: step {time}"),
                );
                state = next;
            }
        }
    }
}

#[test]
fn a_detached_state_sends_no_gradient_back() {
    for (backend, device) in host_devices() {
        let layer = RecurrentConfig::new(Cell::Lstm, INPUT, 4).init(Seed(4), &device);
        let first = x(&device).require_grad();
        let gradient = |detached: bool| {
            let (_, state) = layer.sequence(first.clone(), None, &Pass::evaluation());
            let state = if detached { Recurrent::detach(state) } else { state };
            let (output, _) = layer.sequence(x(&device), Some(state), &Pass::evaluation());
            let gradients = output.sum().backward();
            first.grad(&gradients).map(floats).unwrap_or_default()
        };
        assert!(
            gradient(false).iter().any(|value| *value != 0.0),
            "{backend}: the carried state has a gradient"
        );
        assert!(gradient(true).iter().all(|value| *value == 0.0), "{backend}: the detached state has none");
    }
}

#[test]
fn tokens_are_one_hot_inputs() {
    for (backend, device) in host_devices() {
        for config in all_configs(6) {
            let dropped = config.clone().with_input_dropout(0.4).with_recurrent_dropout(0.4);
            let untied = dropped.clone().with_gate_masks(GateMasks::Untied);
            for (config, pass) in [
                (&config, Pass::evaluation()),
                (&dropped, Pass::training(Seed(5))),
                (&untied, Pass::training(Seed(5))),
            ] {
                let layer = config.init(Seed(6), &device);
                let places: Vec<i64> = (0..BATCH * TIME).map(|i| (i * 3 % INPUT) as i64).collect();
                let mut one_hot = vec![0.0; BATCH * TIME * INPUT];
                places
                    .iter()
                    .enumerate()
                    .for_each(|(row, place)| one_hot[row * INPUT + *place as usize] = 1.0);
                let tokens = Tensor::<2, Int>::from_data(TensorData::new(places, [BATCH, TIME]), &device);
                let dense = Tensor::<3>::from_data(TensorData::new(one_hot, [BATCH, TIME, INPUT]), &device);
                let outcome = |output: Tensor<3>| {
                    let gradients = output.clone().powi_scalar(2).sum().backward();
                    (floats(output), floats(layer.kernel.val().grad(&gradients).expect("a gradient")))
                };
                let (by_token, d_by_token) = outcome(layer.sequence(tokens, None, &pass).0);
                let (by_product, d_by_product) = outcome(layer.sequence(dense, None, &pass).0);
                assert_close(&by_token, &by_product, &format!("{config} on {backend}: output"));
                assert_close(&d_by_token, &d_by_product, &format!("{config} on {backend}: gradient"));
            }
        }
    }
}

#[test]
fn padded_steps_keep_the_state_and_change_nothing() {
    for (backend, device) in host_devices() {
        for config in all_configs(7) {
            let layer = config.init(Seed(7), &device);
            let lengths = [TIME, 1, 4];
            let pass = Pass::evaluation().with_mask(Mask::from_lengths(&lengths, TIME));
            let (_, padded) = layer.sequence(x(&device), None, &pass);
            for (row, length) in lengths.into_iter().enumerate() {
                let alone = x(&device).narrow(0, row, 1).narrow(1, 0, length);
                let (_, state) = layer.sequence(alone, None, &Pass::evaluation());
                let found = floats(padded.output.clone().narrow(0, row, 1));
                assert_close(
                    &found,
                    &floats(state.output),
                    &format!("{config} on {backend}: state of row {row}"),
                );
            }
            let leaf = x(&device).require_grad();
            let (output, _) = layer.sequence(leaf.clone(), None, &pass);
            let gradient = floats(leaf.grad(&output.sum().backward()).expect("a gradient"));
            for (row, length) in lengths.into_iter().enumerate() {
                let padding = &gradient[(row * TIME + length) * INPUT..(row + 1) * TIME * INPUT];
                assert!(
                    padding.iter().all(|value| *value == 0.0),
                    "{config} on {backend}: padding of row {row}"
                );
            }
        }
    }
}

#[test]
fn the_last_output_of_two_directions_holds_both_final_states() {
    for (_, device) in host_devices() {
        let layer =
            BidirectionalConfig::new(RecurrentConfig::new(Cell::Lstm, INPUT, 4)).init(Seed(8), &device);
        let (last, state) = layer.last(x(&device), None, &Pass::evaluation());
        let (outputs, _) = layer.sequence(x(&device), None, &Pass::evaluation());
        let ends =
            [outputs.clone().narrow(1, TIME - 1, 1).narrow(2, 0, 4), outputs.narrow(1, 0, 1).narrow(2, 4, 4)];
        let ends = floats(Tensor::cat(ends.to_vec(), 2));
        assert_eq!(floats(last), ends);
        assert_eq!(floats(Tensor::cat(vec![state.forward.output, state.reverse.output], 1)), ends);
    }
}

#[test]
fn every_mask_repeats_with_its_seed_and_is_off_in_evaluation() {
    let plain = RecurrentConfig::new(Cell::Lstm, INPUT, 9);
    let alone = [
        plain.clone().with_input_dropout(0.5),
        plain.clone().with_recurrent_dropout(0.5),
        plain.clone().with_input_dropout(0.5).with_gate_masks(GateMasks::Untied),
        plain.clone().with_recurrent_dropout(0.5).with_gate_masks(GateMasks::Untied),
        plain.clone().with_weight_dropout(0.5),
        plain.clone().with_zoneout_output(0.5),
        plain.clone().with_zoneout_memory(0.5),
    ];
    for (_, device) in host_devices() {
        for config in alone.clone().into_iter().chain(configs(Cell::Lstm, 9).into_iter().skip(1)) {
            let stack = StackConfig::new(config.clone(), 2).with_dropout(0.5).init(Seed(9), &device);
            let run = |pass: Pass| floats(stack.sequence(x(&device), None, &pass).0);
            assert_eq!(run(Pass::training(Seed(1))), run(Pass::training(Seed(1))), "{config}");
            assert_ne!(run(Pass::training(Seed(1))), run(Pass::training(Seed(2))), "{config}");
            assert_ne!(run(Pass::training(Seed(1))), run(Pass::evaluation()), "{config}");
            assert_eq!(run(Pass::evaluation()), run(Pass::evaluation()), "{config}");
        }
    }
}

#[test]
fn dropped_weights_are_the_same_at_every_step_and_send_no_gradient() {
    for (backend, device) in host_devices() {
        for cell in Cell::all() {
            let layer =
                RecurrentConfig::new(cell, INPUT, 20).with_weight_dropout(0.3).init(Seed(10), &device);
            let state = layer.zero_state(BATCH);
            let state = State { output: state.output + 0.5, memory: state.memory };
            let (output, _) = layer.sequence(x(&device), Some(state), &Pass::training(Seed(11)));
            let gradient = floats(layer.recurrent.val().grad(&output.sum().backward()).expect("a gradient"));
            let zeros = gradient.iter().filter(|value| **value == 0.0).count() as f64 / gradient.len() as f64;
            // A unit of the rectifier that is never on has no gradient at all.
            let most = if cell == Cell::Rnn(Activation::Relu) { 0.9 } else { 0.4 };
            assert!(
                (0.2..most).contains(&zeros),
                "{cell:?} on {backend}: {zeros} of the weights are dropped"
            );
        }
    }
}

#[test]
fn zoneout_in_training_keeps_units_or_takes_new_values() {
    // Without weights the new output is the same at every step, so that a unit is either at it or where it started.
    for (backend, device) in host_devices() {
        for implementation in [Implementation::Kernel, Implementation::Composed] {
            let rnn = Cell::Rnn(Activation::Tanh);
            let config = RecurrentConfig::new(rnn, INPUT, 50).with_zoneout_output(0.3);
            let width = 50;
            let mut weights = Weights::zeros(rnn, INPUT, width);
            weights.bias = vec![0.5; width];
            let layer = config.with_implementation(implementation).init_with(&weights, &device);
            let outputs = layer.sequence(x(&device), None, &Pass::training(Seed(12))).0;
            let new = 0.5f32.tanh();
            let numbers = floats(outputs);
            let kept = |step: usize| {
                let of_step = (0..BATCH).flat_map(|row| &numbers[(row * TIME + step) * width..][..width]);
                of_step.filter(|value| (**value - new).abs() > 1e-6).count() as f64 / (BATCH * width) as f64
            };
            assert!((kept(0) - 0.3).abs() < 0.12, "{backend}, {implementation:?}: {} are kept", kept(0));
            assert!((kept(1) - 0.09).abs() < 0.08, "{backend}, {implementation:?}: {} twice", kept(1));
            assert!(numbers.iter().all(|value| *value == 0.0 || (value - new).abs() < 1e-6));
        }
    }
}

#[test]
#[should_panic(expected = "Gru(After) has no memory")]
fn a_memory_that_is_not_there_cannot_be_kept() {
    let (_, device) = host_devices().remove(0);
    RecurrentConfig::new(Cell::Gru(Reset::After), 1, 1).with_zoneout_memory(0.1).init(Seed(1), &device);
}

#[test]
fn normalisation_alone_adds_parameters() {
    let (_, device) = host_devices().remove(0);
    for cell in Cell::all() {
        for config in configs(cell, 7) {
            assert_eq!(config.init(Seed(1), &device).num_params(), config.parameters(), "{config}");
        }
        assert_eq!(configs(cell, 7)[0].parameters(), cell.parameters(INPUT, 7));
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let layers = Cell::all().into_iter().map(|cell| (cell, Normalization::None));
    let layers: Vec<_> = layers.chain([(Cell::Lstm, Normalization::Layer)]).collect();
    let inputs = [
        (0.2, GateMasks::Tied, Lies::BySequences),
        (0.2, GateMasks::Tied, Lies::BySteps),
        (0.0, GateMasks::Tied, Lies::BySteps),
        // Of the gated cells the kernel has these for the LSTM alone.
        (0.2, GateMasks::Untied, Lies::BySequences),
        (0.2, GateMasks::Untied, Lies::BySteps),
    ];
    for (batch, time, input, hidden) in
        [(33, 13, 7, 64), (100, 5, 1, 129), (7, 3, 33, 200), (33, 1, 7, 129), (5, 1, 7, 129)]
    {
        for ((cell, normalization), (dropout, gate_masks, lies)) in
            layers.iter().flat_map(|layer| inputs.map(|input| (*layer, input)))
        {
            if gate_masks == GateMasks::Untied && cell != Cell::Lstm {
                continue;
            }
            same_on_any_threads(&Trial {
                cell,
                direction: Direction::Forward,
                batch,
                time,
                input,
                hidden,
                options: Options {
                    input_dropout: dropout,
                    recurrent_dropout: dropout,
                    gate_masks,
                    weight_dropout: 0.2,
                    zoneout_output: 0.2,
                    zoneout_memory: 0.2,
                    normalization,
                    ..Options::default()
                },
                lengths: Some((0..batch).map(|row| 1 + row % time).collect()),
                tokens: false,
                lies,
                seed: 10,
            });
        }
    }
}

fn same_on_any_threads(trial: &Trial) {
    for (backend, device) in host_devices() {
        let outcome = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| trial.run(&trial.operands(), Implementation::Kernel, &device).tensors)
        };
        let one = outcome(1);
        for threads in [2, 3, 5] {
            for ((name, one), (_, many)) in one.iter().zip(outcome(threads)) {
                assert!(
                    one.iter().map(|v| v.to_bits()).eq(many.iter().map(|v| v.to_bits())),
                    "{backend}: {name} differs on {threads} threads: {trial:?}"
                );
            }
        }
    }
}

#[test]
fn a_gradient_that_is_not_asked_for_changes_no_other() {
    let names = ["d kernel", "d recurrent", "d bias", "d x"];
    let dropouts = [
        (0.0, 0.0, GateMasks::Tied),
        (0.2, 0.0, GateMasks::Tied),
        (0.0, 0.2, GateMasks::Tied),
        (0.2, 0.2, GateMasks::Tied),
        // Of the gated cells the kernel has these for the LSTM alone.
        (0.2, 0.2, GateMasks::Untied),
    ];
    for (cell, (input_dropout, recurrent_dropout, gate_masks), tokens) in Cell::all()
        .into_iter()
        .flat_map(|cell| dropouts.map(|it| [(cell, it, false), (cell, it, true)]))
        .flatten()
    {
        if gate_masks == GateMasks::Untied && cell != Cell::Lstm {
            continue;
        }
        let trial = Trial {
            cell,
            direction: Direction::Reverse,
            batch: 3,
            time: 7,
            input: 13,
            hidden: 33,
            options: Options { input_dropout, recurrent_dropout, gate_masks, ..Options::default() },
            lengths: Some(vec![7, 1, 5]),
            tokens,
            lies: Lies::BySequences,
            seed: 11,
        };
        for (backend, device) in host_devices() {
            let run = |frozen: &[&str]| {
                trial.run_without(frozen, &trial.operands(), Implementation::Kernel, &device).tensors
            };
            let all = run(&[]);
            // Each of them alone, and all but that.
            let others = names.map(|name| names.into_iter().filter(|it| *it != name).collect::<Vec<_>>());
            for frozen in names.map(|name| vec![name]).into_iter().chain(others) {
                let found = run(&frozen);
                let expected: Vec<_> = all.iter().filter(|(name, _)| !frozen.contains(name)).collect();
                assert_eq!(found.len(), expected.len());
                for ((name, found), (_, expected)) in found.iter().zip(expected) {
                    let (error, place) = worst(found, expected);
                    assert!(error <= 1.0, "{backend}: {name} without {frozen:?} at {place}: {trial:?}");
                }
            }
        }
    }
}
