//! What a user of the layers relies on: stretches, steps, tokens, masks and threads.

mod random;

use burn::tensor::{Int, Tensor, TensorData};
use random::{CELLS, Trial, host_devices, numbers, worst};
use recurrent_backend::Seed;
use recurrent_cells::{
    BidirectionalConfig, Cell, Direction, Implementation, Mask, Pass, Recurrence, Recurrent, RecurrentConfig,
    StackConfig, Stepwise,
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

#[track_caller]
fn assert_close(found: &[f32], expected: &[f32], what: &str) {
    let (error, place) = worst(found, expected);
    assert!(error <= 1.0, "{what}[{place}] is {}, expected {}", found[place], expected[place]);
}

#[test]
fn two_stretches_with_the_state_carried_are_one_sequence() {
    for (backend, device) in host_devices() {
        for cell in CELLS {
            let stack = StackConfig::new(RecurrentConfig::new(cell, INPUT, 13), 2).init(Seed(2), &device);
            let (whole, _) = stack.sequence(x(&device), None, &Pass::evaluation());
            let (first, state) = stack.sequence(x(&device).narrow(1, 0, 4), None, &Pass::evaluation());
            let (second, _) = stack.sequence(x(&device).narrow(1, 4, 3), Some(state), &Pass::evaluation());
            let joined = Tensor::cat(vec![first, second], 1);
            assert_close(&floats(joined), &floats(whole), &format!("{cell:?} on {backend}: output"));
        }
    }
}

#[test]
fn steps_one_by_one_are_the_sequence() {
    for (backend, device) in host_devices() {
        for cell in CELLS {
            let stack = StackConfig::new(RecurrentConfig::new(cell, INPUT, 7), 2).init(Seed(3), &device);
            let (whole, _) = stack.sequence(x(&device), None, &Pass::evaluation());
            let mut state = stack.zero_state(BATCH);
            for time in 0..TIME {
                let step = x(&device).narrow(1, time, 1).reshape([BATCH, INPUT]);
                let (output, next) = stack.step(step, state);
                let expected = whole.clone().narrow(1, time, 1);
                assert_close(
                    &floats(output),
                    &floats(expected),
                    &format!("{cell:?} on {backend}: step {time}"),
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
        for cell in CELLS {
            for pass in [Pass::evaluation(), Pass::training(Seed(5))] {
                let config =
                    RecurrentConfig::new(cell, INPUT, 6).with_input_dropout(0.4).with_recurrent_dropout(0.4);
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
                assert_close(&by_token, &by_product, &format!("{cell:?} on {backend}: output"));
                assert_close(&d_by_token, &d_by_product, &format!("{cell:?} on {backend}: gradient"));
            }
        }
    }
}

#[test]
fn padded_steps_keep_the_state_and_change_nothing() {
    for (backend, device) in host_devices() {
        for cell in CELLS {
            let layer = RecurrentConfig::new(cell, INPUT, 7).init(Seed(7), &device);
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
                    &format!("{cell:?} on {backend}: state of row {row}"),
                );
            }
            let leaf = x(&device).require_grad();
            let (output, _) = layer.sequence(leaf.clone(), None, &pass);
            let gradient = floats(leaf.grad(&output.sum().backward()).expect("a gradient"));
            for (row, length) in lengths.into_iter().enumerate() {
                let padding = &gradient[(row * TIME + length) * INPUT..(row + 1) * TIME * INPUT];
                assert!(
                    padding.iter().all(|value| *value == 0.0),
                    "{cell:?} on {backend}: padding of row {row}"
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
fn dropout_repeats_with_its_seed_and_is_off_in_evaluation() {
    for (_, device) in host_devices() {
        let layer =
            RecurrentConfig::new(Cell::Lstm, INPUT, 9).with_recurrent_dropout(0.5).with_input_dropout(0.5);
        let stack = StackConfig::new(layer, 2).with_dropout(0.5).init(Seed(9), &device);
        let run = |pass: Pass| floats(stack.sequence(x(&device), None, &pass).0);
        assert_eq!(run(Pass::training(Seed(1))), run(Pass::training(Seed(1))));
        assert_ne!(run(Pass::training(Seed(1))), run(Pass::training(Seed(2))));
        assert_ne!(run(Pass::training(Seed(1))), run(Pass::evaluation()));
        assert_eq!(run(Pass::evaluation()), run(Pass::evaluation()));
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    for (backend, device) in host_devices() {
        for cell in CELLS {
            for (batch, time, input, hidden) in [(33, 13, 7, 64), (100, 5, 1, 129), (7, 3, 33, 200)] {
                let trial = Trial {
                    cell,
                    direction: Direction::Forward,
                    batch,
                    time,
                    input,
                    hidden,
                    dropout: 0.2,
                    lengths: None,
                    tokens: false,
                    seed: 10,
                };
                let outcome = |threads: usize| {
                    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
                    let (weights, x, start) = (trial.weights(), trial.x(), trial.start());
                    pool.install(|| trial.run(&weights, &x, &start, Implementation::Kernel, &device).tensors)
                };
                let one = outcome(1);
                for threads in [2, 3, 5] {
                    for ((name, one), (_, many)) in one.iter().zip(outcome(threads)) {
                        assert!(
                            one.iter().map(|v| v.to_bits()).eq(many.iter().map(|v| v.to_bits())),
                            "{cell:?} on {backend}, hidden {hidden}: {name} differs on {threads} threads"
                        );
                    }
                }
            }
        }
    }
}
