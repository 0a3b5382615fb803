//! The gradient through time: against finite differences, and as the program shows it.

mod program;

use std::fs;

use program::place;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{Recurrence, State, Stepwise};
use recurrent_data::text::{Id, Windows};
use recurrent_program::Source;
use text_rnn::flags::Preset;
use text_rnn::gradients::norms;
use text_rnn::model::Writer;
use text_rnn::settings::{CellKind, ModelSettings, Settings};

fn writer(cell: CellKind) -> Writer {
    let settings = Settings::measured(Preset::Small, Source::Demo, None);
    let model = ModelSettings { cell, hidden: 7, layers: 1, ..settings.model };
    Writer::new(&model, 5, Seed(4), &BackendKind::Flex.open().unwrap().autodiff())
}

/// The loss after reading `ids` from a state on; the last of them is predicted.
fn loss(model: &Writer, ids: &[Id], state: Vec<State>) -> f64 {
    let (last, read) = ids.split_last().unwrap();
    let mut state = state;
    let mut logits = Vec::new();
    for id in read {
        let (next, after) = model.step(&[*id], state);
        (state, logits) = (after, next.into_data().try_into_vec::<f32>().unwrap());
    }
    let sum: f64 = logits.iter().map(|logit| f64::from(*logit).exp()).sum();
    sum.ln() - f64::from(logits[usize::from(*last)])
}

#[test]
fn norms_are_those_of_finite_differences() {
    let ids: Vec<Id> = vec![0, 3, 1, 4, 2, 2, 0, 1];
    for cell in [CellKind::Vanilla, CellKind::Lstm, CellKind::Gru] {
        let model = writer(cell);
        let found = norms(&model, &Windows::new(&ids, 7).unwrap(), 1);
        assert_eq!(found.len(), 7);
        let plain = burn::module::Module::valid(&model);
        let mut state = plain.layers.zero_state(1);
        // The last state is followed by the head alone, which `loss` cannot begin with.
        for (step, found) in found[..6].iter().enumerate() {
            let tokens = burn::tensor::Tensor::from_data([i64::from(ids[step])], &plain.device());
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
                        *tensor = burn::tensor::Tensor::from_data(
                            burn::tensor::TensorData::new(numbers, [1, 7]),
                            &plain.device(),
                        );
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

#[test]
fn figures_and_a_plot_are_left() {
    let place = place();
    let record =
        place.printed("gradients --data demo --window 40 --hidden 24 --run out --format json --quiet");
    let csv = fs::read_to_string(place.path("out/gradients.csv")).unwrap();
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("cell,step,steps_before_loss,gradient_norm"));
    assert_eq!(lines.clone().count(), 3 * 40);
    assert!(lines.all(|line| line.rsplit(',').next().unwrap().parse::<f64>().unwrap() > 0.0));
    let svg = fs::read_to_string(place.path("out/gradients.svg")).unwrap();
    let cells = record["cells"].as_array().unwrap();
    for (cell, name) in cells.iter().zip(["vanilla", "lstm", "gru"]) {
        assert_eq!(cell["cell"], name);
        assert_eq!(cell["norms"].as_array().unwrap().len(), 40);
        assert!(svg.contains(name));
    }
    let said =
        place.succeed("gradients --data demo --window 10 --hidden 8 --cells lstm --steps 3 --run lstm");
    assert!(said.out.contains("factor of each step") && !said.out.contains("vanilla"), "{}", said.out);
}
