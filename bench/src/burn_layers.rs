//! The same models of Burn's own layers, as far as it has them: there is no dropout inside a layer.

use burn::{
    module::{Module, Param},
    nn::{
        BiLstm, BiLstmConfig, Gru, GruConfig, Lstm, LstmConfig, Rnn, RnnConfig, activation::ActivationConfig,
    },
    tensor::{Device, Tensor},
};
use recurrent_backend::Seed;
use recurrent_cells::dropout;

use crate::model::{
    Batch, CHARACTERS, Dense, Model, binary_cross_entropy, cross_entropy, embed, embedding, squared_error,
};

/// Two LSTM layers on one-hot characters.
#[derive(Module, Debug)]
pub(crate) struct Text {
    first: Lstm,
    second: Lstm,
    head: Dense,
}

/// Two vanilla layers on one-hot characters.
#[derive(Module, Debug)]
pub(crate) struct Vanilla {
    first: Rnn,
    second: Rnn,
    head: Dense,
}

/// A GRU that resets before.
#[derive(Module, Debug)]
pub(crate) struct Prices {
    layer: Gru,
    head: Dense,
}

/// A bidirectional LSTM on embedded words.
#[derive(Module, Debug)]
pub(crate) struct Reviews {
    embedding: Param<Tensor<2>>,
    layer: BiLstm,
    head: Dense,
}

impl Text {
    pub(crate) fn new(device: &Device) -> Self {
        Self {
            first: LstmConfig::new(CHARACTERS, 800, true).init(device),
            second: LstmConfig::new(800, 800, true).init(device),
            head: Dense::new(800, CHARACTERS, device),
        }
    }
}

impl Vanilla {
    pub(crate) fn new(device: &Device) -> Self {
        let layer = |input| {
            RnnConfig::new(input, 800, true).with_hidden_activation(ActivationConfig::Relu).init(device)
        };
        Self { first: layer(CHARACTERS), second: layer(800), head: Dense::new(800, CHARACTERS, device) }
    }
}

impl Prices {
    pub(crate) fn new(device: &Device) -> Self {
        let layer = GruConfig::new(1, 256, true).with_reset_after(false).init(device);
        Self { layer, head: Dense::new(256, 1, device) }
    }
}

impl Reviews {
    pub(crate) fn new(device: &Device) -> Self {
        Self {
            embedding: embedding(device),
            layer: BiLstmConfig::new(128, 128, true).init(device),
            head: Dense::new(256, 1, device),
        }
    }
}

impl Model for Text {
    fn loss(&self, batch: &Batch, seed: Seed) -> Tensor<1> {
        let x = batch.tokens.clone().one_hot::<3>(CHARACTERS).float();
        let (x, _) = self.first.forward(x, None);
        let (x, _) = self.second.forward(dropout(x, 0.4, Some(seed.part(&[1]))), None);
        cross_entropy(&self.head, dropout(x, 0.4, Some(seed.part(&[2]))), batch.next_tokens.clone())
    }
}

impl Model for Vanilla {
    fn loss(&self, batch: &Batch, seed: Seed) -> Tensor<1> {
        let x = batch.tokens.clone().one_hot::<3>(CHARACTERS).float();
        let (x, _) = self.first.forward(x, None);
        let (x, _) = self.second.forward(dropout(x, 0.3, Some(seed.part(&[1]))), None);
        cross_entropy(&self.head, dropout(x, 0.3, Some(seed.part(&[2]))), batch.next_tokens.clone())
    }
}

impl Model for Prices {
    fn loss(&self, batch: &Batch, _: Seed) -> Tensor<1> {
        let outputs = self.layer.forward(batch.prices.clone(), None);
        squared_error(self.head.forward(step(outputs, 9)), batch)
    }
}

impl Model for Reviews {
    fn loss(&self, batch: &Batch, _: Seed) -> Tensor<1> {
        let (_, state) = self.layer.forward(embed(self.embedding.val(), batch), None);
        let [directions, size, hidden] = state.hidden.dims();
        let last = state.hidden.swap_dims(0, 1).reshape([size, directions * hidden]);
        binary_cross_entropy(self.head.forward(last), batch)
    }
}

/// The outputs of one step, `[batch, hidden]`.
fn step(outputs: Tensor<3>, place: usize) -> Tensor<2> {
    let [batch, _, hidden] = outputs.dims();
    outputs.narrow(1, place, 1).reshape([batch, hidden])
}
