//! The kernel computes what the composed form defines, forward and backward, at random sizes with every option.

mod random;

use burn::tensor::Device;
use proptest::prelude::*;
use random::{Lies, Operands, Options, Trial, host_devices, worst};
use recurrent_backend::Seed;
use recurrent_cells::{Cell, Direction, GateMasks, Implementation, Normalization};

fn rate(rate: f64) -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(rate)]
}

prop_compose! {
    fn options()(
        input_dropout in rate(0.3), recurrent_dropout in rate(0.4), untied in any::<bool>(), weight_dropout in rate(0.3), zoneout_output in rate(0.35), zoneout_memory in rate(0.25),
        normalized in prop::bool::weighted(0.2), evaluation in any::<bool>(), without_bias in prop::bool::weighted(0.2),
    ) -> Options {
        let normalization = if normalized { Normalization::Layer } else { Normalization::None };
        let gate_masks = if untied { GateMasks::Untied } else { GateMasks::Tied };
        Options {
            gate_masks, input_dropout, recurrent_dropout, weight_dropout, zoneout_output, zoneout_memory, normalization, evaluation,
            without_bias, ..Options::default()
        }
    }
}

prop_compose! {
    fn trials()(
        cell in prop::sample::select(Cell::all()), reverse in any::<bool>(), batch in 1usize..9, time in 1usize..8,
        input in 1usize..9, hidden in prop_oneof![1usize..20, Just(33)], options in options(), masked in any::<bool>(),
        tokens in prop::bool::weighted(0.3), lies in prop::sample::select(&[Lies::BySequences, Lies::BySteps, Lies::Otherwise]),
        seed in 0u64..1_000_000,
    )(
        lengths in prop::collection::vec(1..=time, batch),
        trial in Just(Trial {
            cell,
            direction: if reverse { Direction::Reverse } else { Direction::Forward },
            batch, time, input, hidden, options, tokens, lies, seed,
            lengths: masked.then(Vec::new),
        }),
    ) -> Trial {
        Trial { lengths: trial.lengths.is_some().then_some(lengths), ..trial }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn the_kernel_agrees_with_the_composed_form(trial in trials()) {
        agrees(&trial);
        let operands = trial.operands();
        for (backend, device) in host_devices() {
            let loss = |device: &Device| trial.loss(&operands, Implementation::Kernel, device);
            let (with, without) = (loss(&device), loss(&device.clone().inner()));
            prop_assert!(worst(&[without], &[with]).0 <= 1.0, "{backend}: a loss of {with}, {without} without gradients");
        }
    }
}

/// More units, and more rows of a single step, than the random trials have.
#[test]
fn masks_of_each_gate_agree_with_the_composed_form_in_larger_layers() {
    let options = Options {
        input_dropout: 0.3,
        recurrent_dropout: 0.4,
        gate_masks: GateMasks::Untied,
        ..Options::default()
    };
    let lonely = [Options { input_dropout: 0.0, ..options }, Options { recurrent_dropout: 0.0, ..options }];
    for (batch, time, input, hidden) in [(20, 1, 130, 103), (7, 3, 33, 200)] {
        for options in [options].into_iter().chain(lonely) {
            for lies in [Lies::BySequences, Lies::BySteps] {
                agrees(&Trial {
                    cell: Cell::Lstm,
                    direction: Direction::Reverse,
                    batch,
                    time,
                    input,
                    hidden,
                    options,
                    lengths: None,
                    tokens: false,
                    lies,
                    seed: 3,
                });
            }
        }
    }
}

/// How far the composed form itself goes astray, in units of the tolerance, where every operand is off by a rounding: what no
/// two orders of summing need to agree to. Normalising two units that are nearly equal multiplies a rounding by hundreds, step after
/// step.
fn uncertainty(trial: &Trial, operands: &Operands, name: &str, device: &Device) -> f32 {
    let of = |operands: &Operands| {
        let tensors = trial.run(operands, Implementation::Composed, device).tensors;
        tensors.into_iter().find(|(found, _)| *found == name).expect("the same names").1
    };
    let expected = of(operands);
    (0..4).map(|draw| worst(&of(&operands.nudged(Seed(draw))), &expected).0).fold(0.0, f32::max)
}

fn agrees(trial: &Trial) {
    let operands = trial.operands();
    for (backend, device) in host_devices() {
        let kernel = trial.run(&operands, Implementation::Kernel, &device);
        let composed = trial.run(&operands, Implementation::Composed, &device);
        for ((name, found), (_, expected)) in kernel.tensors.iter().zip(&composed.tensors) {
            let (error, place) = worst(found, expected);
            assert!(
                error <= 1.0 || error <= uncertainty(trial, &operands, name, &device),
                "{backend}: {name}[{place}] is {}, composed {}: {trial:?}",
                found[place],
                expected[place]
            );
        }
    }
}
