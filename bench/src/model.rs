//! The four models, of Recurrent's layers or of Burn's own, behind one loss function.

use std::ops::Range;

use burn::{
    module::{Module, Param},
    tensor::{Device, Distribution, Int, Tensor, TensorData, activation::log_softmax},
};
use recurrent_backend::Seed;
use recurrent_cells::{
    Activation, Bidirectional, BidirectionalConfig, Cell, Merge, Pass, Recurrence, Recurrent,
    RecurrentConfig, Reset, Stack, StackConfig, dropout,
};

use crate::workload::Workload;

/// A batch in memory.
pub(crate) struct Batch {
    pub(crate) tokens: Tensor<2, Int>,
    pub(crate) prices: Tensor<3>,
    pub(crate) next_tokens: Tensor<2, Int>,
    pub(crate) target: Tensor<2>,
}

/// Distinct characters and words.
pub(crate) const CHARACTERS: usize = 57;
pub(crate) const WORDS: usize = 5000;

impl Batch {
    /// Numbers of the workload's sizes; their values do not change what is computed.
    pub(crate) fn new(workload: Workload, device: &Device) -> Self {
        let [batch, time] = workload.batch_and_time();
        let places = if workload == Workload::Bilstm { WORDS } else { CHARACTERS };
        let tokens = |factor: usize| {
            let numbers: Vec<i64> = (0..batch * time).map(|i| (i * factor % 7919 % places) as i64).collect();
            Tensor::from_data(TensorData::new(numbers, [batch, time]), device)
        };
        Self {
            tokens: tokens(31),
            next_tokens: tokens(37),
            prices: Tensor::random([batch, time, 1], Distribution::Normal(1.0, 0.01), device),
            target: Tensor::random([batch, 1], Distribution::Bernoulli(0.5), device),
        }
    }
}

impl Batch {
    /// Some of its sequences.
    pub(crate) fn rows(&self, rows: Range<usize>) -> Self {
        Self {
            tokens: self.tokens.clone().slice([rows.clone()]),
            prices: self.prices.clone().slice([rows.clone()]),
            next_tokens: self.next_tokens.clone().slice([rows.clone()]),
            target: self.target.clone().slice([rows]),
        }
    }
}

/// A model that can be trained on a [`Batch`].
pub(crate) trait Model: Module {
    /// The mean loss of the batch.
    fn loss(&self, batch: &Batch, seed: Seed) -> Tensor<1>;
}

/// A dense layer on all steps.
#[derive(Module, Debug)]
pub(crate) struct Dense {
    weight: Param<Tensor<2>>,
    bias: Param<Tensor<2>>,
}

impl Dense {
    pub(crate) fn new(input: usize, output: usize, device: &Device) -> Self {
        let limit = (6.0 / (input + output) as f64).sqrt();
        let weight = Tensor::random([input, output], Distribution::Uniform(-limit, limit), device);
        Self {
            weight: Param::from_tensor(weight),
            bias: Param::from_tensor(Tensor::zeros([1, output], device)),
        }
    }

    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        x.matmul(self.weight.val()) + self.bias.val()
    }
}

/// The text models: two layers and a distribution over the next character.
#[derive(Module, Debug)]
pub(crate) struct Text {
    pub(crate) layers: Stack<Recurrent>,
    pub(crate) head: Dense,
    #[module(skip)]
    dropout: f64,
}

/// The price model.
#[derive(Module, Debug)]
pub(crate) struct Prices {
    layer: Recurrent,
    head: Dense,
}

/// The review model.
#[derive(Module, Debug)]
pub(crate) struct Reviews {
    embedding: Param<Tensor<2>>,
    layer: Bidirectional,
    head: Dense,
}

impl Text {
    pub(crate) fn new(workload: Workload, device: &Device) -> Self {
        let (cell, dropout) = match workload {
            Workload::Vanilla => (Cell::Rnn(Activation::Relu), 0.3),
            _ => (Cell::Lstm, 0.4),
        };
        let layer = RecurrentConfig::new(cell, CHARACTERS, 800);
        let layers = StackConfig::new(layer, 2).with_dropout(dropout).init(Seed(1), device);
        Self { layers, head: Dense::new(800, CHARACTERS, device), dropout }
    }
}

impl Prices {
    pub(crate) fn new(device: &Device) -> Self {
        let layer = RecurrentConfig::new(Cell::Gru(Reset::Before), 1, 256).init(Seed(1), device);
        Self { layer, head: Dense::new(256, 1, device) }
    }
}

impl Reviews {
    pub(crate) fn new(device: &Device) -> Self {
        let layer =
            RecurrentConfig::new(Cell::Lstm, 128, 128).with_input_dropout(0.2).with_recurrent_dropout(0.2);
        Self {
            embedding: embedding(device),
            layer: BidirectionalConfig::new(layer).with_merge(Merge::Concat).init(Seed(1), device),
            head: Dense::new(256, 1, device),
        }
    }
}

pub(crate) fn embedding(device: &Device) -> Param<Tensor<2>> {
    Param::from_tensor(Tensor::random([WORDS, 128], Distribution::Uniform(-0.05, 0.05), device))
}

impl Model for Text {
    fn loss(&self, batch: &Batch, seed: Seed) -> Tensor<1> {
        let (outputs, _) = self.layers.sequence(batch.tokens.clone(), None, &Pass::training(seed));
        // Time first, as the layers keep their outputs.
        let outputs = dropout(outputs.swap_dims(0, 1), self.dropout, Some(seed.part(&[1])));
        cross_entropy(&self.head, outputs, batch.next_tokens.clone().swap_dims(0, 1))
    }
}

impl Model for Prices {
    fn loss(&self, batch: &Batch, seed: Seed) -> Tensor<1> {
        let (last, _) = self.layer.last(batch.prices.clone(), None, &Pass::training(seed));
        squared_error(self.head.forward(last), batch)
    }
}

impl Model for Reviews {
    fn loss(&self, batch: &Batch, seed: Seed) -> Tensor<1> {
        let words = embed(self.embedding.val(), batch);
        let (last, _) = self.layer.last(words, None, &Pass::training(seed));
        binary_cross_entropy(self.head.forward(last), batch)
    }
}

pub(crate) fn embed(embedding: Tensor<2>, batch: &Batch) -> Tensor<3> {
    let [size, time] = batch.tokens.dims();
    embedding.select(0, batch.tokens.clone().reshape([size * time])).reshape([size, time, 128])
}

/// Of outputs `[batch, time, hidden]` and the tokens that they are to predict, `[batch, time]`, or of both with time first.
pub(crate) fn cross_entropy(head: &Dense, outputs: Tensor<3>, next_tokens: Tensor<2, Int>) -> Tensor<1> {
    let [first, second, hidden] = outputs.dims();
    let logits = head.forward(outputs.reshape([first * second, hidden]));
    -log_softmax(logits, 1).gather(1, next_tokens.reshape([first * second, 1])).mean()
}

pub(crate) fn squared_error(found: Tensor<2>, batch: &Batch) -> Tensor<1> {
    (found - batch.target.clone()).powi_scalar(2).mean()
}

/// From logits, as `max(x, 0) - x y + log(1 + exp(-|x|))`.
pub(crate) fn binary_cross_entropy(logits: Tensor<2>, batch: &Batch) -> Tensor<1> {
    let target = batch.target.clone();
    let rest = (logits.clone().abs().neg().exp() + 1.0).log();
    (logits.clone().clamp_min(0.0) - logits * target + rest).mean()
}
