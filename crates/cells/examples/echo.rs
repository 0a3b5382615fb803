//! Many-to-many: a GRU repeats its input two steps later. The sequences never end; they are read in stretches, the state
//! carried over and cut off from its past: `cargo run -p recurrent-cells --example echo`.
#![allow(clippy::print_stdout)] // an example shows its result

use burn::{
    module::{Module, Param},
    optim::{AdamConfig, GradientsParams},
    tensor::{Device, Int, Tensor, TensorData, activation::log_softmax},
};
use rand_chacha::rand_core::Rng;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{Cell, Pass, Recurrence, Recurrent, RecurrentConfig, Reset};

const TOKENS: usize = 4;
const DELAY: usize = 2;
const TIME: usize = 8;
const BATCH: usize = 32;
const HIDDEN: usize = 24;

#[derive(Module, Debug)]
struct Echo {
    gru: Recurrent,
    head: Param<Tensor<2>>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = BackendKind::Flex.open()?.autodiff();
    let gru = RecurrentConfig::new(Cell::Gru(Reset::After), TOKENS, HIDDEN).init(Seed(1), &device);
    let head = Param::from_tensor(Tensor::zeros([HIDDEN, TOKENS], &device));
    let mut model = Echo { gru, head };
    let mut optimiser = AdamConfig::new().init();
    let mut state = None;
    for stretch in 0..=400 {
        let (heard, said) = (tokens(stretch, 0, &device), tokens(stretch, DELAY, &device));
        let (outputs, last) = model.gru.sequence(heard, state, &Pass::evaluation());
        state = Some(Recurrent::detach(last));
        let logits = outputs.reshape([BATCH * TIME, HIDDEN]).matmul(model.head.val());
        let loss = -log_softmax(logits, 1).gather(1, said.reshape([BATCH * TIME, 1])).mean();
        if stretch % 100 == 0 {
            println!("stretch {stretch:3}: loss {:.4}", loss.clone().into_scalar::<f32>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimiser.step(0.01, model, gradients);
    }
    Ok(())
}

/// A stretch of random sequences, `[BATCH, TIME]`, as they were `delay` steps before; before the first one all was 0.
fn tokens(stretch: usize, delay: usize, device: &Device) -> Tensor<2, Int> {
    let token =
        |row: usize, step: usize| Seed(2).stream(&[row as u64, step as u64]).next_u64() % TOKENS as u64;
    let at = |row: usize, time: usize| {
        (stretch * TIME + time).checked_sub(delay).map_or(0, |step| token(row, step) as i64)
    };
    let data: Vec<i64> = (0..BATCH * TIME).map(|place| at(place / TIME, place % TIME)).collect();
    Tensor::from_data(TensorData::new(data, [BATCH, TIME]), device)
}
