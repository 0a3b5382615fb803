//! Many-to-one: an LSTM reads eight tokens and names the first. `cargo run -p recurrent-cells --example recall`.
#![allow(clippy::print_stdout)] // an example shows its result

use burn::{
    module::{Module, Param},
    optim::{AdamConfig, GradientsParams},
    tensor::{Device, Int, Tensor, TensorData, activation::log_softmax},
};
use rand_chacha::rand_core::Rng;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{Cell, Pass, Recurrence, Recurrent, RecurrentConfig};

const TOKENS: usize = 4;
const TIME: usize = 8;
const BATCH: usize = 32;
const HIDDEN: usize = 24;

#[derive(Module, Debug)]
struct Recaller {
    lstm: Recurrent,
    head: Param<Tensor<2>>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = BackendKind::Flex.open()?.autodiff();
    let lstm = RecurrentConfig::new(Cell::Lstm, TOKENS, HIDDEN).init(Seed(1), &device);
    let head = Param::from_tensor(Tensor::zeros([HIDDEN, TOKENS], &device));
    let mut model = Recaller { lstm, head };
    let mut optimiser = AdamConfig::new().init();
    for step in 0..=600 {
        let (tokens, first) = batch(step, &device);
        let (last, _) = model.lstm.last(tokens, None, &Pass::evaluation());
        let log_probability = log_softmax(last.matmul(model.head.val()), 1).gather(1, first);
        let loss = -log_probability.mean();
        if step % 100 == 0 {
            println!("step {step:3}: loss {:.4}", loss.clone().into_scalar::<f32>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimiser.step(0.01, model, gradients);
    }
    Ok(())
}

/// Random sequences `[BATCH, TIME]` and their first tokens `[BATCH, 1]`.
fn batch(step: u64, device: &Device) -> (Tensor<2, Int>, Tensor<2, Int>) {
    let mut random = Seed(2).stream(&[step]);
    let tokens: Vec<i64> = (0..BATCH * TIME).map(|_| (random.next_u64() % TOKENS as u64) as i64).collect();
    let first: Vec<i64> = tokens.iter().copied().step_by(TIME).collect();
    let tensor = |data: Vec<i64>, width| Tensor::from_data(TensorData::new(data, [BATCH, width]), device);
    (tensor(tokens, TIME), tensor(first, 1))
}
