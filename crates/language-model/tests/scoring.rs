//! How well a network predicts: scores against one character after the other.

mod common;

use common::{device, shape};
use recurrent_cells::Recurrence;
use recurrent_data::text::Id;
use recurrent_language_model::{CellKind, Network, Seed, surprises};

/// The surprise of each character but the first, one step after the other.
fn one_by_one(network: &Network, ids: &[Id]) -> Vec<f64> {
    let mut states = network.layers.zero_state(1);
    let mut scores = Vec::new();
    for pair in ids.windows(2) {
        let (logits, next) = network.step(&pair[..1], states);
        states = next;
        let logits = logits.into_data().try_into_vec::<f32>().unwrap();
        let sum: f64 = logits.iter().map(|logit| f64::from(*logit).exp()).sum();
        scores.push(sum.ln() - f64::from(logits[usize::from(pair[1])]));
    }
    scores
}

#[test]
fn rows_side_by_side_score_as_one_character_after_the_other() {
    for cell in CellKind::ALL {
        // Its weights were not trained, but are large enough to tell characters apart.
        let network = Network::new(&shape(cell, 13, 2), 7, Seed(8), &device());
        for length in [2, 3, 100, 129, 2561, 7777, 20_000] {
            let ids: Vec<Id> = (0..length).map(|i| (i * i / 3 % 7) as Id).collect();
            let scores = surprises(&network, &ids);
            let expected = one_by_one(&network, &ids);
            assert_eq!(scores.len(), expected.len(), "{cell:?}, {length}");
            for (place, (found, expected)) in scores.iter().zip(&expected).enumerate() {
                let difference = (f64::from(*found) - expected).abs();
                assert!(
                    difference < 1e-4,
                    "{cell:?}, {length} characters, at {place}: {found}, not {expected}"
                );
            }
        }
        assert!(surprises(&network, &[1]).is_empty() && surprises(&network, &[]).is_empty());
    }
}
