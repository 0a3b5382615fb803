//! The gradient through time, against finite differences.

mod common;

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use common::{device, shape};
use recurrent_cells::{Recurrence, State, Stepwise};
use recurrent_data::text::{Id, Windows};
use recurrent_language_model::gradients::norms;
use recurrent_language_model::{CellKind, Network, Seed};

/// The loss after reading `ids` from a state on; the last of them is predicted.
fn loss(network: &Network, ids: &[Id], state: Vec<State>) -> f64 {
    let (last, read) = ids.split_last().unwrap();
    let mut state = state;
    let mut logits = Vec::new();
    for id in read {
        let (next, after) = network.step(&[*id], state);
        (state, logits) = (after, next.into_data().try_into_vec::<f32>().unwrap());
    }
    let sum: f64 = logits.iter().map(|logit| f64::from(*logit).exp()).sum();
    sum.ln() - f64::from(logits[usize::from(*last)])
}

#[test]
fn norms_are_those_of_finite_differences() {
    let ids: Vec<Id> = vec![0, 3, 1, 4, 2, 2, 0, 1];
    for cell in CellKind::ALL {
        let network = Network::new(&shape(cell, 7, 1), 5, Seed(4), &device().autodiff());
        let found = norms(&network, &Windows::new(&ids, 7).unwrap(), 1);
        assert_eq!(found.len(), 7);
        let plain = network.valid();
        let mut state = plain.layers.zero_state(1);
        // The last state is followed by the head alone, which `loss` cannot begin with.
        for (step, found) in found[..6].iter().enumerate() {
            let tokens = Tensor::from_data([i64::from(ids[step])], &plain.device());
            state = plain.layers.step_token(tokens, state).1;
            let rest = &ids[step + 1..8];
            let mut squares = 0.0;
            for part in 0..if cell == CellKind::Lstm { 2 } else { 1 } {
                for unit in 0..7 {
                    let moved = |by: f32| {
                        let mut state = state.clone();
                        let tensor =
                            if part == 0 { &mut state[0].output } else { state[0].memory.as_mut().unwrap() };
                        let mut numbers = tensor.to_data().try_into_vec::<f32>().unwrap();
                        numbers[unit] += by;
                        *tensor = Tensor::from_data(TensorData::new(numbers, [1, 7]), &plain.device());
                        loss(&plain, rest, state)
                    };
                    squares += ((moved(1e-2) - moved(-1e-2)) / 2e-2).powi(2);
                }
            }
            let expected = f64::sqrt(squares);
            assert!((found / expected - 1.0).abs() < 2e-2, "{cell:?}, step {step}: {found}, not {expected}");
        }
    }
}
