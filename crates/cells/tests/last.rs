//! The last output follows from the state after the sequence, whatever the layer and its direction.

mod random;

use burn::tensor::{Device, Int, Tensor, TensorData};
use random::{host_devices, numbers, worst};
use recurrent_backend::Seed;
use recurrent_cells::{
    Bidirectional, BidirectionalConfig, Cell, Direction, Mask, Merge, Pass, Recurrence, RecurrentConfig,
    Reset, Stack, StackConfig, Stepwise,
};

const BATCH: usize = 3;
const TIME: usize = 5;
const INPUT: usize = 4;
const HIDDEN: usize = 7;
const LENGTHS: [usize; BATCH] = [5, 1, 3];

fn x(device: &Device) -> Tensor<3> {
    let data = TensorData::new(numbers(BATCH * TIME * INPUT, Seed(3)), [BATCH, TIME, INPUT]);
    Tensor::from_data(data, device)
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("floats")
}

fn assert_equal(found: Tensor<2>, expected: Tensor<2>) {
    assert_eq!(found.dims(), expected.dims());
    let (found, expected) = (floats(found), floats(expected));
    assert!(worst(&found, &expected).0 <= 1.0, "{found:?}, expected {expected:?}");
}

/// One sequence of the batch, cut to its length.
fn alone(device: &Device, row: usize) -> Tensor<3> {
    x(device).narrow(0, row, 1).narrow(1, 0, LENGTHS[row])
}

/// Of each sequence read alone and without padding, side by side.
fn each_alone(device: &Device, of: impl Fn(Tensor<3>) -> Tensor<2>) -> Tensor<2> {
    Tensor::cat((0..BATCH).map(|row| of(alone(device, row))).collect(), 0)
}

fn masked() -> Pass {
    Pass::evaluation().with_mask(Mask::from_lengths(&LENGTHS, TIME))
}

#[test]
fn a_padded_stack_of_two_directions_gives_what_each_sequence_gives_alone() {
    for (_, device) in host_devices() {
        for merge in [Merge::Concat, Merge::Sum, Merge::Average, Merge::Multiply] {
            for cell in [Cell::Lstm, Cell::Gru(Reset::After), Cell::Gru(Reset::Before)] {
                let config = StackConfig::new(RecurrentConfig::new(cell, INPUT, HIDDEN), 2);
                let stack = config.init_bidirectional(merge, Seed(1), &device);
                let (found, state) = stack.last(x(&device), None, &masked());
                let top = state.last().expect("two layers");
                let halves = [top.forward.output.clone(), top.reverse.output.clone()];
                let of = |x: Tensor<3>| stack.last(x, None, &Pass::evaluation()).0;
                assert_equal(found.clone(), each_alone(&device, of));
                let [forward, reverse] = halves;
                let merged = match merge {
                    Merge::Concat => Tensor::cat(vec![forward, reverse], 1),
                    Merge::Sum => forward + reverse,
                    Merge::Average => (forward + reverse) / 2.0,
                    Merge::Multiply => forward * reverse,
                };
                assert_equal(found, merged);
            }
        }
    }
}

#[test]
fn a_layer_in_reverse_has_read_all_at_the_first_step() {
    for (_, device) in host_devices() {
        let config = RecurrentConfig::new(Cell::Lstm, INPUT, HIDDEN).with_direction(Direction::Reverse);
        let layer = config.init(Seed(1), &device);
        let (outputs, _) = layer.sequence(x(&device), None, &Pass::evaluation());
        let (last, _) = layer.last(x(&device), None, &Pass::evaluation());
        assert_equal(last, outputs.narrow(1, 0, 1).reshape([BATCH, HIDDEN]));
        let stack = Stack::new(vec![layer], 0.0);
        let (last, _) = stack.last(x(&device), None, &masked());
        assert_equal(last, each_alone(&device, |x| stack.last(x, None, &Pass::evaluation()).0));
    }
}

#[test]
fn the_last_output_of_a_forward_layer_is_that_of_its_last_real_step() {
    for (_, device) in host_devices() {
        let layer = RecurrentConfig::new(Cell::Gru(Reset::After), INPUT, HIDDEN).init(Seed(1), &device);
        let (last, _) = layer.last(x(&device), None, &masked());
        let of = |x: Tensor<3>| {
            let [_, time, _] = x.dims();
            let (outputs, _) = layer.sequence(x, None, &Pass::evaluation());
            outputs.narrow(1, time - 1, 1).reshape([1, HIDDEN])
        };
        assert_equal(last, each_alone(&device, of));
    }
}

#[test]
#[should_panic(
    expected = "a layer that reads in reverse begins at the last step, and cannot read step by step"
)]
fn a_layer_in_reverse_cannot_read_step_by_step() {
    let (_, device) = host_devices().remove(0);
    let config = RecurrentConfig::new(Cell::Lstm, INPUT, HIDDEN).with_direction(Direction::Reverse);
    let layer = config.init(Seed(1), &device);
    let state = layer.zero_state(1);
    layer.step(Tensor::zeros([1, INPUT], &device), state);
}

#[test]
#[should_panic(expected = "cannot read step by step")]
fn nor_can_a_stack_with_one() {
    let (_, device) = host_devices().remove(0);
    let forward = RecurrentConfig::new(Cell::Lstm, INPUT, INPUT).init(Seed(1), &device);
    let reverse = RecurrentConfig::new(Cell::Lstm, INPUT, INPUT).with_direction(Direction::Reverse);
    let stack = Stack::new(vec![forward, reverse.init(Seed(2), &device)], 0.0);
    let state = stack.zero_state(1);
    stack.step_token(Tensor::<1, Int>::zeros([1], &device), state);
}

#[test]
fn both_directions_begin_from_given_weights_and_from_zeros() {
    for (_, device) in host_devices() {
        let config = BidirectionalConfig::new(RecurrentConfig::new(Cell::Lstm, INPUT, HIDDEN));
        let drawn: Bidirectional = config.init(Seed(5), &device);
        let weights = [drawn.forward.weights(), drawn.reverse.weights()];
        let given = config.init_with([&weights[0], &weights[1]], &device);
        let of = |layer: &Bidirectional| layer.last(x(&device), None, &masked()).0;
        assert_equal(of(&given), of(&drawn));
        let zeros = config.zeros(&device);
        assert!(zeros.forward.weights().kernel.iter().all(|weight| *weight == 0.0));

        let stack = StackConfig::new(RecurrentConfig::new(Cell::Lstm, INPUT, HIDDEN), 2);
        let drawn = stack.init_bidirectional(Merge::Concat, Seed(5), &device);
        let weights: Vec<_> =
            drawn.layers.iter().map(|layer| [layer.forward.weights(), layer.reverse.weights()]).collect();
        let given = stack.init_bidirectional_with(Merge::Concat, &weights, &device);
        let of = |stack: &Stack<Bidirectional>| stack.last(x(&device), None, &masked()).0;
        assert_equal(of(&given), of(&drawn));
        assert_eq!(floats(of(&stack.zeros_bidirectional(Merge::Concat, &device))), [0.0; BATCH * 2 * HIDDEN]);
    }
}
