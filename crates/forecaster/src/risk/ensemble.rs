//! The network: several small GRUs, each of which says by how much the linear model is wrong.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData},
};
use recurrent_backend::Seed;
use recurrent_cells::{Cell, Pass, Recurrence, Recurrent, RecurrentConfig, Reset, Stack, StackConfig};
use recurrent_report::{LayerRow, ModelSummary};
use recurrent_train::{Loss, Model};
use recurrent_volatility::{Ahead, HORIZONS};

use super::batches::RiskBatch;
use super::settings::EnsembleSettings;

/// How far a logarithm may lie from its forecast before its loss is cut: no variance is e^20 times its forecast.
const FARTHEST: f32 = 20.0;

/// Several networks, of which each forecasts and learns by itself. What they say together is the mean.
#[derive(Module, Debug)]
pub struct Ensemble {
    members: Vec<Member>,
}

/// GRU layers, and a dense layer on the output of the last step: one output a horizon.
#[derive(Module, Debug)]
struct Member {
    layers: Stack<Recurrent>,
    kernel: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
}

impl Ensemble {
    /// Makes the networks with initial weights drawn from `seed`, those of the last layer 0: at first they say that the
    /// linear model is right.
    ///
    /// # Panics
    /// A size is 0, or the dropout is not in `[0, 1)`.
    pub fn new(settings: &EnsembleSettings, seed: Seed, device: &Device) -> Self {
        let stack = stack(settings);
        Self::of(settings, |member| stack.init(seed.part(&[member]), device), device)
    }

    /// Makes the networks with zeros for weights, which those of a file are to replace.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn zeros(settings: &EnsembleSettings, device: &Device) -> Self {
        let stack = stack(settings);
        Self::of(settings, |_| stack.zeros(device), device)
    }

    fn of(settings: &EnsembleSettings, layers: impl Fn(u64) -> Stack<Recurrent>, device: &Device) -> Self {
        let shape = [settings.hidden, HORIZONS.len()];
        let member = |place| Member {
            layers: layers(place),
            kernel: Param::from_data(TensorData::zeros::<f32, _>(shape), device),
            bias: Param::from_data(TensorData::zeros::<f32, _>([HORIZONS.len()]), device),
        };
        Self { members: (0..settings.members as u64).map(member).collect() }
    }

    /// What each member says of each sample: the logarithm of the variance over the linear model's forecast, at each
    /// horizon. `inputs` is `[batch, window, features]`, each result `[batch, HORIZONS]`.
    fn corrections(&self, inputs: &Tensor<3>, seed: Option<Seed>) -> Vec<Tensor<2>> {
        let of = |(place, member): (u64, &Member)| {
            let pass = Pass::of(seed.map(|seed| seed.part(&[place])));
            let (last, _) = member.layers.last(inputs.clone(), None, &pass);
            last.matmul(member.kernel.val()) + member.bias.val().unsqueeze()
        };
        (0..).zip(&self.members).map(of).collect()
    }

    /// The mean of what the members say of each sample of a batch.
    pub fn predict(&self, batch: &RiskBatch) -> Vec<Ahead> {
        let count = self.members.len() as f64;
        let mut means = vec![[0.0; HORIZONS.len()]; batch.samples()];
        for corrections in self.corrections(&self.inputs(batch), None) {
            let values: Vec<f32> =
                corrections.into_data().try_into_vec().expect("the network computes in 32-bit floats");
            for (mean, values) in means.iter_mut().zip(values.chunks_exact(HORIZONS.len())) {
                mean.iter_mut().zip(values).for_each(|(mean, value)| *mean += f64::from(*value) / count);
            }
        }
        means
    }

    /// The layers of a member of these settings, their output shapes and parameters.
    pub fn summary(settings: &EnsembleSettings) -> ModelSummary {
        let EnsembleSettings { window, hidden, layers, members, .. } = *settings;
        let row = |place: usize| {
            let reads = if place == 0 { settings.features() } else { hidden };
            let shape = if place + 1 == layers {
                format!("[batch, {hidden}]")
            } else {
                format!("[batch, {window}, {hidden}]")
            };
            let parameters = (members * Cell::Gru(Reset::After).parameters(reads, hidden)) as u64;
            LayerRow::new(format!("{members} x gru_{}", place + 1), "GRU, reset after", shape, parameters)
        };
        let outputs = HORIZONS.len();
        let head = (members * outputs * (hidden + 1)) as u64;
        let head = LayerRow::new(format!("{members} x head"), "dense", format!("[batch, {outputs}]"), head);
        ModelSummary {
            title: "Risk forecaster".to_owned(),
            rows: (0..layers).map(row).chain([head]).collect(),
        }
    }

    /// Whether the networks are of these settings.
    pub(crate) fn fits(&self, settings: &EnsembleSettings) -> bool {
        let of = |member: &Member| {
            let first = &member.layers.layers[0];
            (first.kernel.val().dims()[0], first.d_output(), member.layers.layers.len())
        };
        self.members.len() == settings.members
            && self
                .members
                .iter()
                .all(|member| of(member) == (settings.features(), settings.hidden, settings.layers))
    }

    fn inputs(&self, batch: &RiskBatch) -> Tensor<3> {
        let [window, features] = batch.shape;
        let shape = [batch.samples(), window, features];
        Tensor::from_data(
            TensorData::new(batch.inputs.clone(), shape),
            &self.members[0].kernel.val().device(),
        )
    }
}

fn stack(settings: &EnsembleSettings) -> StackConfig {
    let layer = RecurrentConfig::new(Cell::Gru(Reset::After), settings.features(), settings.hidden)
        .with_input_dropout(settings.dropout);
    StackConfig::new(layer, settings.layers)
}

impl Model for Ensemble {
    type Batch = RiskBatch;
    type Carry = ();

    /// QLIKE (Patton 2011), the mean over members, horizons and samples: with `d` the logarithm of what came over its
    /// forecast, `exp(d) - d - 1`. The members share nothing, so each learns as it would alone.
    fn loss(&self, batch: RiskBatch, _carry: Option<()>, pass: recurrent_train::Pass) -> Loss<()> {
        let samples = batch.samples();
        let corrections = self.corrections(&self.inputs(&batch), pass.seed());
        let device = corrections[0].device();
        let targets = TensorData::new(batch.targets, [samples, HORIZONS.len()]);
        let targets: Tensor<2> = Tensor::from_data(targets, &device);
        let losses = corrections.into_iter().map(|correction| {
            let distance = (targets.clone() - correction).clamp(-FARTHEST, FARTHEST);
            (distance.clone().exp() - distance - 1.0).mean()
        });
        let sum = losses.reduce(|sum, loss| sum + loss).expect("an ensemble has a member");
        Loss::new(sum / self.members.len() as f32, samples)
    }
}
