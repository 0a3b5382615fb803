//! The network: recurrent layers that read tokens by their ids, and a dense layer that scores the next one.

use burn::{
    module::{Module, Param},
    tensor::{Device, Int, Tensor, TensorData, activation::log_softmax},
};
use rand::RngExt;
use recurrent_backend::Seed;
use recurrent_cells::{Input, Pass, Recurrence, Recurrent, Stack, State, Stepwise, dropout};
use recurrent_data::text::Id;
use recurrent_train::{Loss, Model};

use crate::network_settings::{LossKind, NetworkSettings, Reading};

/// A network that gives, for each place of a text, the distribution of the next token.
///
/// It is a Burn module; [`Model`] makes it one that `recurrent_train::Training` trains.
#[derive(Module, Debug)]
pub struct Network {
    /// The recurrent layers.
    pub layers: Stack<Recurrent>,
    /// The dense layer's weights, `[hidden, vocabulary]`.
    pub kernel: Param<Tensor<2>>,
    /// Its biases, `[vocabulary]`.
    pub bias: Param<Tensor<1>>,
    #[module(skip)]
    dropout: f64,
    #[module(skip)]
    loss: LossKind,
    #[module(skip)]
    reading: Reading,
}

/// The states of all layers, as they are carried from one stretch of text to the next.
pub type States = Vec<State>;

/// Stretches of text to learn from, on the host.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Ids that are read, `[batch, time]`.
    pub inputs: Vec<i64>,
    /// The ids that follow them, `[batch, time]`.
    pub targets: Vec<i64>,
    /// `[batch, time]`.
    pub shape: [usize; 2],
    /// The characters of the targets, which the loss is a mean over.
    pub characters: usize,
    /// What becomes of the state.
    pub carried: Carried,
}

/// What becomes of the state between two batches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Carried {
    /// The next batch goes on where this one ends.
    State {
        /// The share of rows that begin this batch anew, from an empty state: drawn for each row from the step's seed. A
        /// network that hardly ever saw an empty state in training writes garbage from one.
        restarts: f64,
    },
    /// The next batch stands for itself.
    Nothing,
}

/// Keras's epsilon.
const CUT: f64 = 1e-7;

/// Streams of randomness: the parts of the network, and the rows that begin anew.
const LAYERS: u64 = 0;
const HEAD: u64 = 1;
const EMBEDDING: u64 = 2;
const RESTART: u64 = u64::from_be_bytes(*b"restart\0");

impl Network {
    /// Makes the network with Keras's initial weights, drawn from `seed`, for `vocabulary` tokens.
    ///
    /// # Panics
    /// A size is 0, or a share is not in `[0, 1)`.
    pub fn new(settings: &NetworkSettings, vocabulary: usize, seed: Seed, device: &Device) -> Self {
        let layers = settings.stack(vocabulary).init(seed.part(&[LAYERS]), device);
        // Glorot and Bengio 2010.
        let limit = (6.0 / (settings.hidden + vocabulary) as f32).sqrt();
        let kernel = seed.part(&[HEAD]).uniform(limit, settings.hidden * vocabulary);
        Self::with(layers, kernel, settings, vocabulary, device)
    }

    /// Makes the network with zeros for weights, which others are to replace: to draw some for nothing takes most of a second.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn zeros(settings: &NetworkSettings, vocabulary: usize, device: &Device) -> Self {
        let kernel = vec![0.0; settings.hidden * vocabulary];
        Self::with(settings.stack(vocabulary).zeros(device), kernel, settings, vocabulary, device)
    }

    fn with(
        layers: Stack<Recurrent>,
        kernel: Vec<f32>,
        settings: &NetworkSettings,
        vocabulary: usize,
        device: &Device,
    ) -> Self {
        let hidden = settings.hidden;
        Self {
            layers,
            kernel: Param::from_data(TensorData::new(kernel, [hidden, vocabulary]), device),
            bias: Param::from_data(TensorData::new(vec![0.0f32; vocabulary], [vocabulary]), device),
            dropout: settings.dropout,
            loss: settings.loss,
            reading: settings.reading,
        }
    }

    /// The number of tokens that it knows.
    pub fn vocabulary(&self) -> usize {
        self.bias.val().dims()[0]
    }

    /// The device that it computes on.
    pub fn device(&self) -> Device {
        self.bias.val().device()
    }

    /// Reads ids `[batch, time]` from `states` on, zeros where there are none. Returns the logits of each next token,
    /// `[batch * time, vocabulary]`, and the states after the last. With a `head_seed`, outputs are dropped before the dense
    /// layer too, and what is read of a dense layer's weights.
    ///
    /// # Panics
    /// An id is not below [`vocabulary`](Self::vocabulary), or the states are of other sizes.
    pub fn forward(
        &self,
        ids: Tensor<2, Int>,
        states: Option<States>,
        pass: &Pass,
        head_seed: Option<Seed>,
    ) -> (Tensor<2>, States) {
        let input = match self.reading {
            Reading::OneHot => Input::Tokens(ids),
            Reading::Tied => {
                let [batch, time] = ids.dims();
                let read =
                    self.embedded(ids.reshape([batch * time])).reshape([batch as i32, time as i32, -1]);
                let seed = head_seed.map(|seed| seed.part(&[EMBEDDING]));
                Input::Dense(dropout(read, self.dropout, seed))
            }
        };
        let (outputs, states) = self.layers.sequence(input, states, pass);
        // Layers keep their outputs time first: in that order none is copied, and logits are few.
        let outputs = dropout(outputs.swap_dims(0, 1), self.dropout, head_seed);
        let [time, batch, hidden] = outputs.dims();
        let logits = self.logits(outputs.reshape([time * batch, hidden]));
        let vocabulary = self.vocabulary();
        let logits = logits.reshape([time, batch, vocabulary]).swap_dims(0, 1);
        (logits.reshape([batch * time, vocabulary]), states)
    }

    /// Reads one token for each row; returns the logits of the next ones, `[batch, vocabulary]`.
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    pub fn step(&self, ids: &[Id], states: States) -> (Tensor<2>, States) {
        let ids = ids.iter().map(|id| i64::from(*id)).collect::<Vec<_>>();
        let count = ids.len();
        let ids = Tensor::<1, Int>::from_data(TensorData::new(ids, [count]), &self.device());
        let (outputs, states) = match self.reading {
            Reading::OneHot => self.layers.step_token(ids, states),
            Reading::Tied => self.layers.step(self.embedded(ids), states),
        };
        (self.logits(outputs), states)
    }

    /// The weights of the dense layer that score these tokens, `[tokens, hidden]`.
    fn embedded(&self, ids: Tensor<1, Int>) -> Tensor<2> {
        self.kernel.val().transpose().select(0, ids)
    }

    /// Ids `[batch, time]` on the network's device.
    pub fn place(&self, ids: Vec<i64>, shape: [usize; 2]) -> Tensor<2, Int> {
        Tensor::from_data(TensorData::new(ids, shape), &self.device())
    }

    fn logits(&self, outputs: Tensor<2>) -> Tensor<2> {
        outputs.matmul(self.kernel.val()) + self.bias.val().unsqueeze()
    }
}

/// The negative log-probability of each target, `[batch * time, 1]`, in nats.
pub fn surprise(logits: Tensor<2>, targets: Tensor<2, Int>) -> Tensor<2> {
    let [count, _] = logits.dims();
    -log_softmax(logits, 1).gather(1, targets.reshape([count, 1]))
}

/// The numbers of a tensor.
pub(crate) fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("the network computes in 32-bit floats")
}

impl Model for Network {
    type Batch = Batch;
    type Carry = States;

    /// The cross-entropy of the next tokens, in nats for each of their characters.
    fn loss(&self, batch: Batch, carry: Option<States>, pass: recurrent_train::Pass) -> Loss<States> {
        let seed = pass.seed();
        let states = match (carry, batch.carried, seed) {
            (Some(states), Carried::State { restarts }, Some(seed)) if restarts > 0.0 => {
                Some(restarted(states, restarts, seed))
            }
            (carry, ..) => carry,
        };
        let inputs = self.place(batch.inputs, batch.shape);
        let targets = self.place(batch.targets, batch.shape);
        let pass = Pass::of(seed.map(|seed| seed.part(&[LAYERS])));
        let (logits, states) = self.forward(inputs, states, &pass, seed.map(|seed| seed.part(&[HEAD])));
        let carry = (batch.carried != Carried::Nothing).then(|| Stack::<Recurrent>::detach(states));
        let nats = surprise(logits, targets);
        let nats = match self.loss {
            LossKind::Plain => nats,
            LossKind::Cut => nats.clamp(-(1.0 - CUT).ln(), -CUT.ln()),
        };
        let (tokens, characters) = (batch.shape.iter().product::<usize>(), batch.characters);
        let mut loss = nats.mean();
        if characters != tokens {
            loss = loss * (tokens as f64 / characters as f64);
        }
        Loss::new(loss, characters).with_carry(carry)
    }
}

/// The states of a batch, of which each row is made empty with probability `share`: its outputs and memories are multiplied
/// by 0, in all layers.
fn restarted(states: States, share: f64, seed: Seed) -> States {
    let Some(first) = states.first() else { return states };
    let ([rows, _], device) = (first.output.dims(), first.output.device());
    let mut random = seed.stream(&[RESTART]);
    let kept: Vec<f32> = (0..rows).map(|_| if random.random::<f64>() < share { 0.0 } else { 1.0 }).collect();
    let kept = Tensor::<2>::from_data(TensorData::new(kept, [rows, 1]), &device);
    let of = |tensor: Tensor<2>| tensor * kept.clone();
    let states = states.into_iter();
    states.map(|State { output, memory }| State { output: of(output), memory: memory.map(of) }).collect()
}

#[cfg(test)]
mod tests {
    use recurrent_backend::BackendKind;

    use super::*;

    #[test]
    fn rows_that_begin_anew_are_empty_in_all_layers_and_the_others_stay() {
        let device = BackendKind::Flex.open().unwrap();
        let numbers_of =
            |layer: usize| (0..40 * 3).map(|i| (layer * 500 + i) as f32 + 0.5).collect::<Vec<_>>();
        let state = |numbers: Vec<f32>| Tensor::<2>::from_data(TensorData::new(numbers, [40, 3]), &device);
        let states: States = (0..2)
            .map(|layer| State {
                output: state(numbers_of(layer)),
                memory: Some(state(numbers_of(layer + 7))),
            })
            .collect();
        let seed = Seed(5).part(&[1000]);
        let mut random = seed.part(&[RESTART]).stream(&[]);
        let empty: Vec<bool> = (0..40).map(|_| random.random::<f64>() < 0.3).collect();
        assert!(empty.contains(&true) && empty.contains(&false));
        for (layer, State { output, memory }) in restarted(states, 0.3, seed).into_iter().enumerate() {
            for (found, before) in [(output, numbers_of(layer)), (memory.unwrap(), numbers_of(layer + 7))] {
                let found = numbers(found);
                for (row, empty) in empty.iter().enumerate() {
                    let places = row * 3..row * 3 + 3;
                    let expected = if *empty { vec![0.0; 3] } else { before[places.clone()].to_vec() };
                    assert_eq!(found[places], expected, "layer {layer}, row {row}");
                }
            }
        }
    }
}
