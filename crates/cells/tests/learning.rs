//! The layers learn what needs a memory: each cell, each option, and each of the four shapes by input and output. The
//! examples of two shapes are trained here as they are.

use burn::{
    module::{Module, Param},
    optim::{AdamConfig, GradientsParams},
    tensor::{Device, Int, Tensor, TensorData, activation::log_softmax},
};
use rand_chacha::rand_core::Rng;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{
    Activation, BidirectionalConfig, Cell, Normalization, Pass, Recurrence, Recurrent, RecurrentConfig,
    Reset, Stack, StackConfig,
};

#[allow(dead_code)] // its `main` runs as an example alone
#[path = "../examples/encoder_decoder.rs"]
mod encoder_decoder;
#[allow(dead_code)]
#[path = "../examples/one_to_many.rs"]
mod one_to_many;

const TOKENS: usize = 4;
const BATCH: usize = 32;
const HIDDEN: usize = 24;

#[derive(Module, Debug)]
struct Classifier<L: Module> {
    layer: L,
    head: Param<Tensor<2>>,
}

fn device() -> Device {
    BackendKind::Flex.open().expect("flex opens").autodiff()
}

fn tokens(step: u64, time: usize) -> Vec<i64> {
    let mut random = Seed(2).stream(&[step]);
    (0..BATCH * time).map(|_| (random.next_u64() % TOKENS as u64) as i64).collect()
}

fn tensor(data: Vec<i64>, width: usize) -> Tensor<2, Int> {
    Tensor::from_data(TensorData::new(data, [BATCH, width]), &device())
}

/// Trains and returns the mean loss of the last ten steps, in nats; guessing costs `ln 4 = 1.386`.
fn train<L: Module + burn::module::ModuleDisplay + Recurrence>(
    layer: L,
    steps: u64,
    mut logits_and_targets: impl FnMut(&L, u64) -> (Tensor<2>, Tensor<2, Int>),
) -> f32 {
    let head = Param::from_tensor(Tensor::zeros([layer.d_output(), TOKENS], &device()));
    let mut model = Classifier { layer, head };
    let mut optimiser = AdamConfig::new().init();
    let mut last = Vec::new();
    for step in 0..steps {
        let (outputs, targets) = logits_and_targets(&model.layer, step);
        let loss = -log_softmax(outputs.matmul(model.head.val()), 1).gather(1, targets).mean();
        last.push(loss.clone().into_scalar::<f32>());
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimiser.step(0.01, model, gradients);
    }
    last.iter().rev().take(10).sum::<f32>() / 10.0
}

fn layer(cell: Cell) -> Recurrent {
    RecurrentConfig::new(cell, TOKENS, HIDDEN).init(Seed(1), &device())
}

#[test]
fn gated_cells_recall_the_first_of_eight_tokens() {
    for cell in [Cell::Lstm, Cell::Gru(Reset::Before), Cell::Gru(Reset::After)] {
        let loss = train(layer(cell), 600, |layer, step| {
            let tokens = tokens(step, 8);
            let first = tensor(tokens.iter().copied().step_by(8).collect(), 1);
            (layer.last(tensor(tokens, 8), None, &Pass::evaluation()).0, first)
        });
        assert!(loss < 0.1, "{cell:?}: the loss is {loss}");
    }
}

#[test]
fn every_cell_repeats_its_input_two_steps_later() {
    let cells =
        [Cell::Rnn(Activation::Tanh), Cell::Rnn(Activation::Relu), Cell::Lstm, Cell::Gru(Reset::After)];
    for cell in cells {
        let loss = train(layer(cell), 300, |layer, step| {
            let tokens = tokens(step, 12);
            let (outputs, _) = layer.sequence(tensor(tokens.clone(), 12), None, &Pass::evaluation());
            let late = outputs.narrow(1, 2, 10).reshape([BATCH * 10, HIDDEN]);
            let early = tensor(tokens, 12).narrow(1, 0, 10).reshape([BATCH * 10, 1]);
            (late, early)
        });
        assert!(loss < 0.2, "{cell:?}: the loss is {loss}");
    }
}

#[test]
fn a_carried_state_knows_what_the_stretch_before_said() {
    const TIME: usize = 8;
    let heard = |step: u64| tokens(step, TIME);
    let said = |step: u64| -> Vec<i64> {
        let (before, now) = (step.checked_sub(1).map_or(vec![0; BATCH * TIME], heard), heard(step));
        let rows = before.chunks_exact(TIME).zip(now.chunks_exact(TIME));
        rows.flat_map(|(before, now)| [&before[TIME - 2..], &now[..TIME - 2]].concat()).collect()
    };
    let mut state = None;
    let loss = train(layer(Cell::Gru(Reset::After)), 300, |gru, step| {
        let (outputs, last) = gru.sequence(tensor(heard(step), TIME), state.take(), &Pass::evaluation());
        state = Some(Recurrent::detach(last));
        let said = tensor(said(step), TIME).reshape([BATCH * TIME, 1]);
        (outputs.reshape([BATCH * TIME, HIDDEN]), said)
    });
    // Without the state, two answers of eight are guesses: the loss is then at least ln 4 / 4 = 0.35.
    assert!(loss < 0.1, "the loss is {loss}");
}

#[test]
fn two_directions_see_what_comes_after() {
    let config = RecurrentConfig::new(Cell::Lstm, TOKENS, HIDDEN);
    let layer = BidirectionalConfig::new(config).init(Seed(1), &device());
    let loss = train(layer, 300, |layer, step| {
        let tokens = tokens(step, 10);
        let (outputs, _) = layer.sequence(tensor(tokens.clone(), 10), None, &Pass::evaluation());
        let first = outputs.narrow(1, 0, 1).reshape([BATCH, 2 * HIDDEN]);
        (first, tensor(tokens.into_iter().skip(3).step_by(10).collect(), 1))
    });
    assert!(loss < 0.2, "the loss is {loss}");
}

#[test]
fn a_stack_learns_with_dropout() {
    let config = RecurrentConfig::new(Cell::Gru(Reset::After), TOKENS, HIDDEN).with_recurrent_dropout(0.1);
    let stack: Stack<Recurrent> = StackConfig::new(config, 2).with_dropout(0.1).init(Seed(1), &device());
    let loss = train(stack, 400, |stack, step| {
        let tokens = tokens(step, 8);
        let first = tensor(tokens.iter().copied().step_by(8).collect(), 1);
        (stack.last(tensor(tokens, 8), None, &Pass::training(Seed(3).part(&[step]))).0, first)
    });
    assert!(loss < 0.3, "the loss is {loss}");
}

#[test]
fn every_option_still_learns() {
    let plain = RecurrentConfig::new(Cell::Lstm, TOKENS, HIDDEN);
    for config in [
        plain.clone().with_weight_dropout(0.1),
        plain.clone().with_zoneout_output(0.05).with_zoneout_memory(0.05),
        plain.with_normalization(Normalization::Layer),
    ] {
        let loss = train(config.init(Seed(1), &device()), 400, |layer, step| {
            let tokens = tokens(step, 8);
            let first = tensor(tokens.iter().copied().step_by(8).collect(), 1);
            (layer.last(tensor(tokens, 8), None, &Pass::training(Seed(3).part(&[step]))).0, first)
        });
        assert!(loss < 0.3, "{config}: the loss is {loss}");
    }
}

#[test]
fn one_to_many_spells_every_digit() {
    let speller = one_to_many::learn(&device());
    for (digit, name) in (0..).zip(one_to_many::NAMES) {
        assert_eq!(speller.spell(digit, &device()), name);
    }
}

#[test]
fn encoder_and_decoder_answer_words_that_they_never_saw() {
    let translator = encoder_decoder::learn(&device());
    // Guessing the letters alone is right for one word in 25 at two letters, and less often beyond.
    let accuracy = translator.accuracy(&encoder_decoder::unseen(200), &device());
    assert!(accuracy > 0.9, "{accuracy} of the words are answered without a mistake");
}
