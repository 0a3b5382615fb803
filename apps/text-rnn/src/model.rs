//! The network: recurrent layers that read characters by their ids, and a dense layer that scores the next one.

use burn::{
    module::{Module, Param},
    tensor::{Device, Int, Tensor, TensorData, activation::log_softmax},
};
use recurrent_backend::Seed;
use recurrent_cells::{Pass, Recurrence, Recurrent, RecurrentConfig, Stack, State, Stepwise, dropout};
use recurrent_data::text::Id;
use recurrent_train::{LayerRow, Loss, Model, ModelSummary};

use crate::settings::{LossKind, ModelSettings};

/// A network that gives, for each place of a text, the distribution of the next character.
#[derive(Module, Debug)]
pub struct Writer {
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
    /// Whether the state goes on to the next batch.
    pub carry: Carry,
}

/// Whether the state goes on to the next batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carry {
    /// The next batch goes on where this one ends.
    State,
    /// The next batch stands for itself.
    Nothing,
}

/// Keras's epsilon.
const CUT: f64 = 1e-7;

/// Streams of randomness for the parts of the network.
const LAYERS: u64 = 0;
const HEAD: u64 = 1;

impl Writer {
    /// Makes the network with Keras's initial weights, drawn from `seed`.
    pub fn new(settings: &ModelSettings, vocabulary: usize, seed: Seed, device: &Device) -> Self {
        let layers = settings.stack(vocabulary).init(seed.part(&[LAYERS]), device);
        // Glorot and Bengio 2010.
        let limit = (6.0 / (settings.hidden + vocabulary) as f32).sqrt();
        let kernel = seed.part(&[HEAD]).uniform(limit, settings.hidden * vocabulary);
        Self::with(layers, kernel, settings, vocabulary, device)
    }

    /// Makes the network with zeros for weights, which others are to replace: to draw some for nothing takes most of a second.
    pub fn zeros(settings: &ModelSettings, vocabulary: usize, device: &Device) -> Self {
        let kernel = vec![0.0; settings.hidden * vocabulary];
        Self::with(settings.stack(vocabulary).zeros(device), kernel, settings, vocabulary, device)
    }

    fn with(
        layers: Stack<Recurrent>,
        kernel: Vec<f32>,
        settings: &ModelSettings,
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
        }
    }

    /// The number of characters that it knows.
    pub fn vocabulary(&self) -> usize {
        self.bias.val().dims()[0]
    }

    /// The device that it computes on.
    pub fn device(&self) -> Device {
        self.bias.val().device()
    }

    /// Reads ids `[batch, time]` from `states` on, zeros where there are none. Returns the logits of each next character,
    /// `[batch * time, vocabulary]`, and the states after the last.
    pub fn forward(
        &self,
        ids: Tensor<2, Int>,
        states: Option<States>,
        pass: &Pass,
        head_seed: Option<Seed>,
    ) -> (Tensor<2>, States) {
        let (outputs, states) = self.layers.sequence(ids, states, pass);
        // Layers keep their outputs time first: in that order none is copied, and logits are few.
        let outputs = dropout(outputs.swap_dims(0, 1), self.dropout, head_seed);
        let [time, batch, hidden] = outputs.dims();
        let logits = self.logits(outputs.reshape([time * batch, hidden]));
        let vocabulary = self.vocabulary();
        let logits = logits.reshape([time, batch, vocabulary]).swap_dims(0, 1);
        (logits.reshape([batch * time, vocabulary]), states)
    }

    /// Reads one character for each row; returns the logits of the next ones, `[batch, vocabulary]`.
    pub fn step(&self, ids: &[Id], states: States) -> (Tensor<2>, States) {
        let ids = ids.iter().map(|id| i64::from(*id)).collect::<Vec<_>>();
        let count = ids.len();
        let ids = Tensor::<1, Int>::from_data(TensorData::new(ids, [count]), &self.device());
        let (outputs, states) = self.layers.step_token(ids, states);
        (self.logits(outputs), states)
    }

    /// Ids `[batch, time]` on the network's device.
    pub fn place(&self, ids: Vec<i64>, shape: [usize; 2]) -> Tensor<2, Int> {
        Tensor::from_data(TensorData::new(ids, shape), &self.device())
    }

    fn logits(&self, outputs: Tensor<2>) -> Tensor<2> {
        outputs.matmul(self.kernel.val()) + self.bias.val().unsqueeze()
    }

    /// The layers, their output shapes and parameters.
    pub fn summary(settings: &ModelSettings, vocabulary: usize) -> ModelSummary {
        let ModelSettings { hidden, layers, .. } = *settings;
        let row = |place: usize| {
            let reads = if place == 0 { vocabulary } else { hidden };
            let config = RecurrentConfig { d_input: reads, ..settings.layer(vocabulary) };
            let name = format!("{}_{}", settings.cell.name(), place + 1);
            LayerRow::new(
                name,
                settings.kind(),
                format!("[batch, time, {hidden}]"),
                config.parameters() as u64,
            )
        };
        let head = (hidden as u64 + 1) * vocabulary as u64;
        let head = LayerRow::new("head", "dense", format!("[batch, time, {vocabulary}]"), head);
        ModelSummary {
            title: "Character by character".to_owned(),
            rows: (0..layers).map(row).chain([head]).collect(),
        }
    }
}

/// The negative log-probability of each target, `[batch * time, 1]`, in nats.
pub fn surprise(logits: Tensor<2>, targets: Tensor<2, Int>) -> Tensor<2> {
    let [count, _] = logits.dims();
    -log_softmax(logits, 1).gather(1, targets.reshape([count, 1]))
}

impl Model for Writer {
    type Batch = Batch;
    type Carry = Vec<(Tensor<2>, Option<Tensor<2>>)>;

    /// The mean cross-entropy of the next characters, in nats.
    fn loss(
        &self,
        batch: Batch,
        carry: Option<Self::Carry>,
        pass: recurrent_train::Pass,
    ) -> Loss<Self::Carry> {
        let (pass, head_seed) = match pass {
            recurrent_train::Pass::Training { seed, .. } => {
                (Pass::training(seed.part(&[LAYERS])), Some(seed.part(&[HEAD])))
            }
            recurrent_train::Pass::Evaluation => (Pass::evaluation(), None),
        };
        let states = carry.map(|carry| {
            carry.into_iter().map(|(output, memory)| State { output, memory }).collect::<States>()
        });
        let inputs = self.place(batch.inputs, batch.shape);
        let targets = self.place(batch.targets, batch.shape);
        let (logits, states) = self.forward(inputs, states, &pass, head_seed);
        let carry = (batch.carry == Carry::State).then(|| {
            let states: States = Stack::<Recurrent>::detach(states);
            states.into_iter().map(|state| (state.output, state.memory)).collect()
        });
        let [rows, time] = batch.shape;
        let nats = surprise(logits, targets);
        let nats = match self.loss {
            LossKind::Plain => nats,
            LossKind::Cut => nats.clamp(-(1.0 - CUT).ln(), -CUT.ln()),
        };
        Loss { loss: nats.mean(), samples: rows * time, carry }
    }
}
