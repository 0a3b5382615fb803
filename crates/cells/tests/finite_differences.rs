//! Every gradient is what a small change of its operand does to the loss.

mod random;

use random::{CELLS, Trial, host_devices};
use recurrent_cells::{Activation, Cell, Direction, Implementation, Weights};

/// The change: large enough that the loss, a sum of some hundred 32-bit floats, tells it from rounding.
const STEP: f32 = 1e-2;

#[test]
fn every_gradient_agrees_with_finite_differences() {
    let sizes = [(1, 1, 1, 1), (3, 5, 4, 6), (2, 7, 1, 13)];
    for cell in CELLS {
        for direction in [Direction::Forward, Direction::Reverse] {
            for (batch, time, input, hidden) in sizes {
                for (dropout, lengths) in
                    [(0.0, None), (0.3, Some((0..batch).map(|row| time - row % time).collect()))]
                {
                    let trial = Trial {
                        cell,
                        direction,
                        batch,
                        time,
                        input,
                        hidden,
                        dropout,
                        lengths,
                        tokens: false,
                        seed: 11,
                    };
                    check(&trial);
                }
            }
        }
    }
}

fn check(trial: &Trial) {
    let (mut weights, x, start) = (trial.weights(), trial.x(), trial.start());
    if trial.cell == Cell::Rnn(Activation::Relu) {
        // Every other unit is on, the others are off: away from the kink, where no difference is a slope.
        weights.recurrent.iter_mut().for_each(|weight| *weight *= 0.2);
        weights
            .bias
            .iter_mut()
            .enumerate()
            .for_each(|(unit, bias)| *bias = if unit % 2 == 0 { 2.0 } else { -2.0 });
    }
    for (backend, device) in host_devices() {
        let run = |weights: &Weights, x: &[f32], start: &(Vec<f32>, Vec<f32>)| {
            trial.run(weights, x, start, Implementation::Kernel, &device)
        };
        let gradients = run(&weights, &x, &start).tensors;
        for (name, gradient) in gradients.into_iter().filter(|(name, _)| name.starts_with("d ")) {
            for place in places(gradient.len()) {
                let loss = |change: f32| {
                    let (mut weights, mut x, mut start) = (weights.clone(), x.clone(), start.clone());
                    let operand = match name {
                        "d kernel" => &mut weights.kernel,
                        "d recurrent" => &mut weights.recurrent,
                        "d bias" => &mut weights.bias,
                        "d state" => &mut start.0,
                        "d memory" => &mut start.1,
                        _ => &mut x,
                    };
                    operand[place] += change;
                    f64::from(run(&weights, &x, &start).loss)
                };
                let slope = (loss(STEP) - loss(-STEP)) / (2.0 * f64::from(STEP));
                let found = f64::from(gradient[place]);
                let bound = 2e-3 + 2e-2 * slope.abs();
                assert!(
                    (found - slope).abs() <= bound,
                    "{trial:?} on {backend}: {name}[{place}] is {found}, finite differences give {slope}"
                );
            }
        }
    }
}

/// A few places, the first and the last among them.
fn places(count: usize) -> Vec<usize> {
    let mut places: Vec<_> = (0..4).map(|part| part * (count - 1) / 3).collect();
    places.dedup();
    places
}
