//! The network: GRU layers, and a dense unit on the output of the last step.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData},
};
use recurrent_backend::Seed;
use recurrent_cells::{Cell, Pass, Recurrence, Recurrent, RecurrentConfig, Stack, StackConfig};
use recurrent_exchange::{Layers, Linear};
use recurrent_report::{LayerRow, ModelSummary};
use recurrent_train::{Loss, Model};

use crate::batches::Batch;
use crate::settings::{ModelSettings, Output};

/// A growth of 1% is 1 to a network that reads and says growth.
pub(crate) const PER_CENT: f64 = 100.0;

/// A GRU that forecasts the scaled prices of the days after a window: the next, or several, each by an output of its own.
#[derive(Module, Debug)]
pub struct Network {
    layers: Stack<Recurrent>,
    kernel: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
    #[module(skip)]
    output: Output,
}

impl Network {
    /// Makes the network with initial weights drawn from `seed`, for windows with so many features a day.
    ///
    /// # Panics
    /// A size is 0, or the dropout is not in `[0, 1)`.
    pub fn new(settings: &ModelSettings, features: usize, seed: Seed, device: &Device) -> Self {
        let layers = stack(settings, features).init(seed.part(&[0]), device);
        let kernel = match settings.output {
            // Glorot and Bengio 2010.
            Output::Price => {
                let limit = (6.0 / (settings.hidden + settings.ahead) as f32).sqrt();
                seed.part(&[1]).uniform(limit, settings.hidden * settings.ahead)
            }
            // Starts as "tomorrow = today".
            Output::Growth => vec![0.0; settings.hidden * settings.ahead],
        };
        Self::of(layers, kernel, settings, device)
    }

    /// Makes the network with zeros for weights, which those of a file are to replace.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn zeros(settings: &ModelSettings, features: usize, device: &Device) -> Self {
        let layers = stack(settings, features).zeros(device);
        Self::of(layers, vec![0.0; settings.hidden * settings.ahead], settings, device)
    }

    fn of(layers: Stack<Recurrent>, kernel: Vec<f32>, settings: &ModelSettings, device: &Device) -> Self {
        let shape = [settings.hidden, settings.ahead];
        Self {
            layers,
            kernel: Param::from_data(TensorData::new(kernel, shape), device),
            bias: Param::from_data(TensorData::zeros::<f32, _>([settings.ahead]), device),
            output: settings.output,
        }
    }

    /// Forecasts the scaled prices after each window: `inputs` is `[batch, window, features]`, the result `[batch, ahead]`.
    pub fn forward(&self, inputs: Tensor<3>, pass: &Pass) -> Tensor<2> {
        let inputs = match self.output {
            Output::Price => inputs,
            Output::Growth => (inputs - 1.0) * PER_CENT,
        };
        let (last, _) = self.layers.last(inputs, None, pass);
        let output = last.matmul(self.kernel.val()) + self.bias.val().unsqueeze();
        match self.output {
            Output::Price => output,
            Output::Growth => output / PER_CENT + 1.0,
        }
    }

    /// Forecasts the scaled price of the day after each window of a batch.
    pub fn predict(&self, batch: &Batch) -> Vec<f32> {
        self.predict_ahead(batch).into_iter().step_by(self.ahead()).collect()
    }

    /// How many days after a window have an output of their own.
    pub fn ahead(&self) -> usize {
        self.kernel.val().dims()[1]
    }

    /// Forecasts the scaled prices of the days after each window of a batch, `[batch, ahead]`.
    pub fn predict_ahead(&self, batch: &Batch) -> Vec<f32> {
        let output = self.forward(self.inputs(batch), &Pass::evaluation());
        output.into_data().try_into_vec().expect("the network computes in 32-bit floats")
    }

    /// The layers of a network of these settings, their output shapes and parameters.
    pub fn summary(settings: &ModelSettings, features: usize) -> ModelSummary {
        let ModelSettings { hidden, layers, reset, ahead, .. } = *settings;
        let row = |place: usize| {
            let (name, reads) = (format!("gru_{}", place + 1), if place == 0 { features } else { hidden });
            let shape = if place + 1 == layers {
                format!("[batch, {hidden}]")
            } else {
                format!("[batch, time, {hidden}]")
            };
            let kind = format!("GRU, reset {}", format!("{reset:?}").to_lowercase());
            LayerRow::new(name, kind, shape, Cell::Gru(reset).parameters(reads, hidden) as u64)
        };
        let head = LayerRow::new("head", "dense", format!("[batch, {ahead}]"), (ahead * (hidden + 1)) as u64);
        ModelSummary {
            title: "Price forecaster".to_owned(),
            rows: (0..layers).map(row).chain([head]).collect(),
        }
    }

    /// The recurrent layers as they are exchanged with other frameworks.
    pub(crate) fn exchanged_layers(&self) -> Layers {
        Layers::from(&self.layers)
    }

    /// The dense unit of the next day as it is exchanged with other frameworks.
    pub(crate) fn exchanged_head(&self) -> Linear {
        let [kernel, bias] = [self.kernel.val().into_data(), self.bias.val().into_data()]
            .map(|data| data.try_into_vec::<f32>().expect("the network computes in 32-bit floats"));
        let next: Vec<f32> = kernel.into_iter().step_by(self.ahead()).collect();
        Linear::new(next.len(), next, bias[..1].to_vec())
    }

    /// Whether the network is one of these settings.
    pub(crate) fn fits(&self, settings: &ModelSettings, features: usize) -> bool {
        let first = &self.layers.layers[0];
        let sizes = (first.kernel.val().dims()[0], first.d_output(), self.layers.layers.len());
        sizes == (features, settings.hidden, settings.layers)
            && self.ahead() == settings.ahead
            && (first.cell(), self.output) == (Cell::Gru(settings.reset), settings.output)
    }

    fn inputs(&self, batch: &Batch) -> Tensor<3> {
        let [window, features] = batch.shape;
        let count = batch.inputs.len() / (window * features);
        let data = TensorData::new(batch.inputs.clone(), [count, window, features]);
        Tensor::from_data(data, &self.kernel.val().device())
    }
}

fn stack(settings: &ModelSettings, features: usize) -> StackConfig {
    let layer = RecurrentConfig::new(Cell::Gru(settings.reset), features, settings.hidden)
        .with_input_dropout(settings.dropout);
    StackConfig::new(layer, settings.layers)
}

impl Model for Network {
    type Batch = Batch;
    type Carry = ();

    /// The mean squared error of the scaled prices; of several days ahead, each over how far ahead it is, as that of a random walk grows.
    fn loss(&self, batch: Batch, _carry: Option<()>, pass: recurrent_train::Pass) -> Loss<()> {
        let output = self.forward(self.inputs(&batch), &Pass::of(pass.seed()));
        let (samples, ahead) = (batch.targets.len() / self.ahead(), self.ahead());
        let device = output.device();
        let targets = Tensor::from_data(TensorData::new(batch.targets, [samples, ahead]), &device);
        let mut errors = (output - targets).square();
        if ahead > 1 {
            let days: Vec<f32> = (1..=ahead).map(|day| day as f32).collect();
            errors = errors / Tensor::<2>::from_data(TensorData::new(days, [1, ahead]), &device);
        }
        Loss::new(errors.mean(), samples)
    }
}
