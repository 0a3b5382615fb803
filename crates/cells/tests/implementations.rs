//! The kernel computes what the composed form defines, forward and backward, at random sizes with every option.

mod random;

use proptest::prelude::*;
use random::{CELLS, Trial, host_devices, worst};
use recurrent_cells::{Direction, Implementation};

prop_compose! {
    fn trials()(
        cell in 0usize..5, reverse in any::<bool>(), batch in 1usize..9, time in 1usize..8, input in 1usize..9,
        hidden in prop_oneof![1usize..20, Just(33)], dropout in prop_oneof![Just(0.0), Just(0.4)],
        masked in any::<bool>(), tokens in any::<bool>(), seed in 0u64..1_000_000,
    )(lengths in prop::collection::vec(1..=time, batch), trial in Just((cell, reverse, batch, time, input, hidden, dropout, masked, tokens, seed)))
    -> Trial {
        let (cell, reverse, batch, time, input, hidden, dropout, masked, tokens, seed) = trial;
        Trial {
            cell: CELLS[cell],
            direction: if reverse { Direction::Reverse } else { Direction::Forward },
            batch, time, input, hidden, dropout, tokens, seed,
            lengths: masked.then_some(lengths),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_kernel_agrees_with_the_composed_form(trial in trials()) {
        let (weights, x, start) = (trial.weights(), trial.x(), trial.start());
        for (backend, device) in host_devices() {
            let kernel = trial.run(&weights, &x, &start, Implementation::Kernel, &device);
            let composed = trial.run(&weights, &x, &start, Implementation::Composed, &device);
            for ((name, found), (_, expected)) in kernel.tensors.iter().zip(&composed.tensors) {
                let (error, place) = worst(found, expected);
                prop_assert!(
                    error <= 1.0,
                    "{backend}: {name}[{place}] is {}, composed {}", found[place], expected[place]
                );
            }
        }
    }
}
