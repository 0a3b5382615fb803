//! Every gradient is what a small change of its operand does to the loss.

mod random;

use random::{Extras, Lies, Options, Trial, host_devices};
use recurrent_cells::{Activation, Cell, Direction, GateMasks, Implementation, Normalization};

/// The change: large enough that the loss, a sum of some hundred 32-bit floats, tells it from rounding.
const STEP: f32 = 1e-2;

#[test]
fn every_gradient_agrees_with_finite_differences() {
    let dropped = Options { input_dropout: 0.3, recurrent_dropout: 0.3, ..Options::default() };
    for (batch, time, input, hidden) in [(1, 1, 1, 1), (3, 5, 4, 6), (2, 7, 1, 13)] {
        check_all([batch, time, input, hidden], Options::default(), None);
        check_all([batch, time, input, hidden], dropped, Some(lengths(batch, time)));
    }
}

#[test]
fn every_gradient_of_every_option_agrees_with_finite_differences() {
    let zoneout = Options { zoneout_output: 0.3, zoneout_memory: 0.4, ..Options::default() };
    let normalized = Options { normalization: Normalization::Layer, ..Options::default() };
    let all = Options {
        input_dropout: 0.3,
        recurrent_dropout: 0.3,
        weight_dropout: 0.3,
        normalization: Normalization::Layer,
        ..zoneout
    };
    let options = [
        Options { weight_dropout: 0.4, ..Options::default() },
        Options {
            input_dropout: 0.3,
            recurrent_dropout: 0.3,
            gate_masks: GateMasks::Untied,
            ..Options::default()
        },
        zoneout,
        Options { evaluation: true, ..zoneout },
        normalized,
        Options { input_dropout: 0.3, recurrent_dropout: 0.3, weight_dropout: 0.3, ..zoneout },
        all,
    ];
    // Of a few units the normalised sums are close to the same two or three numbers, which leaves no slope to measure.
    for (batch, time, input, hidden) in [(3, 5, 4, 6), (2, 7, 1, 13)] {
        for options in options {
            check_all([batch, time, input, hidden], options, Some(lengths(batch, time)));
        }
    }
}

#[test]
fn every_gradient_of_what_is_composed_agrees_with_finite_differences() {
    use Activation::{HardSigmoid, Linear, Sigmoid, Silu, Softsign, Tanh};
    let plain = Extras::default();
    let with = |activations: [Activation; 3]| Extras { activations: Some(activations), ..plain };
    let all = Extras { coupled_gates: true, peepholes: true, projection: true, learns_state: true, ..plain };
    let extras = [
        with([HardSigmoid, Softsign, Silu]),
        with([Softsign, Linear, Sigmoid]),
        with([Silu, Sigmoid, Linear]),
        with([Linear, Silu, Tanh]),
        Extras { clip: Some(0.3), ..plain },
        Extras { coupled_gates: true, ..plain },
        Extras { peepholes: true, ..plain },
        Extras { projection: true, ..plain },
        Extras { learns_state: true, ..plain },
        all,
        Extras { clip: Some(0.5), activations: Some([HardSigmoid, Softsign, Tanh]), ..all },
    ];
    let dropped = Options {
        input_dropout: 0.3,
        recurrent_dropout: 0.3,
        weight_dropout: 0.3,
        gate_masks: GateMasks::Untied,
        zoneout_output: 0.3,
        zoneout_memory: 0.4,
        ..Options::default()
    };
    for extras in extras {
        let sizes = [3, 5, 4, 6];
        check_all(sizes, Options { extras, ..Options::default() }, None);
        check_all(sizes, Options { extras, without_bias: true, ..dropped }, Some(lengths(3, 5)));
    }
    check_all([2, 7, 1, 13], Options { extras: all, ..dropped }, Some(lengths(2, 7)));
}

fn lengths(batch: usize, time: usize) -> Vec<usize> {
    (0..batch).map(|row| time - row % time).collect()
}

/// Checks every cell in both directions.
fn check_all([batch, time, input, hidden]: [usize; 4], options: Options, lengths: Option<Vec<usize>>) {
    // Without biases nothing keeps the rectifier's sums away from its kink.
    let cells = Cell::all().into_iter().filter(|cell| !(is_rectified(*cell) && options.without_bias));
    for cell in cells {
        for direction in [Direction::Forward, Direction::Reverse] {
            let lengths = lengths.clone();
            check(&Trial {
                cell,
                direction,
                batch,
                time,
                input,
                hidden,
                options,
                lengths,
                tokens: false,
                lies: if direction == Direction::Forward { Lies::BySteps } else { Lies::BySequences },
                seed: 11,
            });
        }
    }
}

fn is_rectified(cell: Cell) -> bool {
    matches!(cell, Cell::Rnn(Activation::Relu) | Cell::LightGru(Activation::Relu))
}

fn check(trial: &Trial) {
    let mut operands = trial.operands();
    if is_rectified(trial.cell) {
        // Every other unit is on, the others are off: away from the kink, where no difference is a slope. Normalised
        // sums are larger.
        let bias = if trial.options.normalization == Normalization::Layer { 6.0 } else { 2.0 };
        let weights = &mut operands.weights;
        weights.recurrent.iter_mut().for_each(|weight| *weight *= 0.2);
        let units = weights.bias.iter_mut().enumerate();
        units.for_each(|(unit, sum)| *sum = if unit % 2 == 0 { bias } else { -bias });
    }
    for (backend, device) in host_devices() {
        let gradients = trial.run(&operands, Implementation::Kernel, &device).tensors;
        let (mut checked, mut kinks) = (0, 0);
        for (name, gradient) in gradients.into_iter().filter(|(name, _)| name.starts_with("d ")) {
            for place in places(gradient.len()) {
                let loss = |change: f32| {
                    let mut operands = operands.clone();
                    operands.of_gradient(name)[place] += change;
                    f64::from(trial.loss(&operands, Implementation::Kernel, &device.clone().inner()))
                };
                let across = |from: f32, to: f32| (loss(to) - loss(from)) / f64::from(to - from);
                // Over four points, so that the curvature of normalised sums does not count.
                let slope = (4.0 * across(-STEP, STEP) - across(-2.0 * STEP, 2.0 * STEP)) / 3.0;
                let found = f64::from(gradient[place]);
                let bound = 2e-3 + 2e-2 * slope.abs();
                // Where a clip begins there are two slopes.
                let sides = || across(0.0, 2.0 * STEP) - across(-2.0 * STEP, 0.0);
                if trial.options.extras.clip.is_some() && sides().abs() > bound {
                    kinks += 1;
                    continue;
                }
                checked += 1;
                assert!(
                    (found - slope).abs() <= bound,
                    "{trial:?} on {backend}: {name}[{place}] is {found}, finite differences give {slope}"
                );
            }
        }
        assert!(2 * checked > kinks, "{trial:?}: {checked} gradients checked, {kinks} at a kink");
    }
}

/// A few places, the first and the last among them.
fn places(count: usize) -> Vec<usize> {
    let mut places: Vec<_> = (0..4).map(|part| part * (count - 1) / 3).collect();
    places.dedup();
    places
}
