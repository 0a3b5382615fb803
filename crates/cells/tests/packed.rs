//! Sequences of unequal length as one batch give what each gives alone, in the order that they came in.

mod random;

use burn::tensor::{Device, Int, Tensor, TensorData};
use proptest::prelude::*;
use random::{host_devices, numbers, worst};
use recurrent_backend::Seed;
use recurrent_cells::{Cell, Merge, Packed, Pass, Recurrence, RecurrentConfig, StackConfig, State};

const INPUT: usize = 3;
const HIDDEN: usize = 5;

fn sequence(time: usize, seed: u64, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(numbers(time * INPUT, Seed(seed)), [time, INPUT]), device)
}

fn tokens(time: usize, seed: u64, device: &Device) -> Tensor<1, Int> {
    let tokens: Vec<_> =
        (0..time as u64).map(|step| ((seed * 7 + step * step) % INPUT as u64) as i64).collect();
    Tensor::from_data(&tokens[..], device)
}

fn check<const D: usize>(found: Tensor<D>, expected: Tensor<D>) {
    assert_eq!(found.dims(), expected.dims());
    let floats = |tensor: Tensor<D>| tensor.into_data().try_into_vec::<f32>().expect("floats");
    let (found, expected) = (floats(found), floats(expected));
    assert!(worst(&found, &expected).0 <= 1.0, "{found:?}, expected {expected:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_sequence_reads_as_if_alone(lengths in prop::collection::vec(1usize..9, 1..8), with_tokens in any::<bool>()) {
        for (_, device) in host_devices() {
            let config = StackConfig::new(RecurrentConfig::new(Cell::Lstm, INPUT, HIDDEN), 2);
            let stack = config.init_bidirectional(Merge::Concat, Seed(1), &device);
            let each = (0..).zip(&lengths);
            let packed = match with_tokens {
                true => Packed::from_token_sequences(each.clone().map(|(seed, time)| tokens(*time, seed, &device)).collect()),
                false => Packed::from_sequences(each.clone().map(|(seed, time)| sequence(*time, seed, &device)).collect()),
            };
            prop_assert!(packed.lengths().is_sorted_by(|a, b| a >= b));
            let (outputs, state) = stack.sequence(packed.input(), None, &packed.pass(Pass::evaluation()));
            let last = packed.to_rows(stack.last_of(&state));
            let outputs = packed.to_sequences(outputs);
            for ((seed, time), (row, output)) in each.zip(outputs.into_iter().enumerate()) {
                let alone = match with_tokens {
                    true => stack.sequence(tokens(*time, seed, &device).unsqueeze_dim::<2>(0), None, &Pass::evaluation()),
                    false => stack.sequence(sequence(*time, seed, &device).unsqueeze_dim::<3>(0), None, &Pass::evaluation()),
                };
                check(output, alone.0.reshape([*time, 2 * HIDDEN]));
                check(last.clone().narrow(0, row, 1), stack.last_of(&alone.1));
            }
        }
    }
}

#[test]
fn first_states_go_with_their_sequences() {
    for (_, device) in host_devices() {
        let rnn = RecurrentConfig::new(Cell::Lstm, INPUT, HIDDEN).init(Seed(1), &device);
        let lengths = [2, 6, 4];
        let packed = Packed::from_sequences(
            lengths.iter().zip(0..).map(|(time, seed)| sequence(*time, seed, &device)).collect(),
        );
        let states =
            Tensor::<2>::from_data(TensorData::new(numbers(3 * HIDDEN, Seed(9)), [3, HIDDEN]), &device);
        check(packed.to_rows(packed.from_rows(states.clone())), states.clone());
        let of = |rows: Tensor<2>| State { output: rows.clone(), memory: Some(rows) };
        let (_, state) = rnn.sequence(
            packed.input(),
            Some(of(packed.from_rows(states.clone()))),
            &packed.pass(Pass::evaluation()),
        );
        let last = packed.to_rows(state.output);
        for (row, time) in lengths.iter().enumerate() {
            let alone = sequence(*time, row as u64, &device).unsqueeze_dim::<3>(0);
            let state = of(states.clone().narrow(0, row, 1));
            let (_, state) = rnn.sequence(alone, Some(state), &Pass::evaluation());
            check(last.clone().narrow(0, row, 1), state.output);
        }
    }
}
