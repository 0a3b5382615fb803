//! The vanishing gradient made visible. How much does the loss at the last step of a window depend on the state `t` steps
//! before it? The norm of that derivative is taken for each step.

use burn::tensor::{Device, Int, Tensor, TensorData};
use recurrent_backend::Seed;
use recurrent_cells::{Activation, Recurrence, State, Stepwise};
use recurrent_data::text::{CutFault, Text, Windows};
use recurrent_report::{LineChart, Series, significant};
use recurrent_train::{Clip, Error, Optimiser, TrainConfig, Training};
use serde::Serialize;

use crate::batches::{BatchSettings, Feed, TextBatches};
use crate::network::{Network, numbers, surprise};
use crate::network_settings::{CellKind, NetworkSettings};

/// The norms of one kind of cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Norms {
    /// The kind of cell.
    pub cell: CellKind,
    /// As [`norms`] gives them.
    pub norms: Vec<f64>,
}

/// What is measured, of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The seed of the first weights, and of the order of windows.
    pub seed: u64,
    /// The units.
    pub hidden: usize,
    /// The activation of vanilla cells.
    pub activation: Activation,
    /// The characters that are looked back over.
    pub window: usize,
    /// The steps that each network is trained for first.
    pub steps_trained: u64,
    /// The windows that the mean is taken over.
    #[serde(skip)]
    pub batch_size: usize,
}

impl Measured {
    /// Cuts a text into windows, of which a network of each kind is measured; `tell` hears of each before. `device` has automatic
    /// differentiation.
    ///
    /// # Errors
    /// The text is too short, which `short` says, or the loss diverges.
    pub fn of<E: From<Error>>(
        &self,
        kinds: &[CellKind],
        text: &Text,
        device: &Device,
        tell: impl Fn(CellKind),
        short: impl Fn(CutFault) -> E,
    ) -> Result<Vec<Norms>, E> {
        let Self { hidden, activation, window, steps_trained, batch_size, .. } = *self;
        let windows = Windows::new(text.ids(), window).map_err(&short)?;
        let batches = BatchSettings { feed: Feed::Windows, window, batch_size, restarts: 0.0 };
        let seed = Seed(self.seed);
        let batches = TextBatches::new(text.ids(), text.vocabulary(), batches, seed).map_err(&short)?;
        let measured = kinds.iter().map(|&cell| {
            tell(cell);
            let settings = NetworkSettings { activation, ..NetworkSettings::new(cell, hidden, 1) };
            let network = trained(&settings, text, &batches, steps_trained, seed, device)?;
            Ok(Norms { cell, norms: norms(&network, &windows, batch_size) })
        });
        measured.collect()
    }
}

/// A network that was trained for so many steps, 0 for its first weights, with Adam at a rate of 0.002; `device` has automatic
/// differentiation.
///
/// # Errors
/// The loss diverges.
pub fn trained(
    settings: &NetworkSettings,
    text: &Text,
    batches: &TextBatches<'_>,
    steps: u64,
    seed: Seed,
    device: &Device,
) -> Result<Network, Error> {
    let vocabulary = text.vocabulary().len();
    let network = Network::new(settings, vocabulary, seed, device);
    if steps == 0 {
        return Ok(network);
    }
    let mut train = TrainConfig::new(usize::MAX, Optimiser::adam(), 0.002);
    train.clip = Clip::GlobalNorm(1.0);
    train.max_steps = Some(steps);
    train.seed = seed;
    let outcome = Training::new(&train, batches).run(network)?;
    Ok(Network::zeros(settings, vocabulary, device).beginning_as(&outcome.model))
}

/// The norm of `d loss_T / d s_t` for each step `t` from 1 to `T`, the mean over `count` windows, evenly spread. A window's `T`
/// characters are read, and the one after them is predicted. The state `s_t` is the output, and with an LSTM the memory beside
/// it. The network has one layer, on a device with automatic differentiation.
///
/// The chain rule is followed step by step: from the gradient of the state at one step, one step of the network gives that
/// of the state before it.
///
/// # Panics
/// The network has several layers or does not read one-hot, its device has no automatic differentiation, or an id is none of its own.
pub fn norms(network: &Network, windows: &Windows<'_>, count: usize) -> Vec<f64> {
    assert_eq!(network.layers.layers.len(), 1, "the gradient is followed through one layer");
    let count = count.min(windows.len());
    let places: Vec<usize> = (0..count).map(|i| i * windows.len() / count).collect();
    let time = windows.window();
    let column = |step: usize| {
        let read = |place: usize| {
            if step < time { windows.input(place)[step] } else { windows.target(place)[time - 1] }
        };
        let ids: Vec<i64> = places.iter().map(|place| i64::from(read(*place))).collect();
        Tensor::<1, Int>::from_data(TensorData::new(ids, [count]), &network.device())
    };
    let zero = network.layers.zero_state(count).remove(0);
    let mut states = vec![zero];
    for step in 0..time {
        let before = states[step].clone();
        let (_, after) = network.layers.step_token(column(step), vec![before]);
        states.push(leaf(&after[0]));
    }
    let last = leaf(&states[time]);
    let logits =
        last.output.clone().matmul(network.kernel.val().detach()) + network.bias.val().detach().unsqueeze();
    let mut gradient = gradient(surprise(logits, column(time).unsqueeze_dim(1)).sum(), &last);
    let mut norms = vec![length(&gradient)];
    for step in (1..time).rev() {
        let before = leaf(&states[step]);
        let (_, after) = network.layers.step_token(column(step), vec![before.clone()]);
        let mut along = (after[0].output.clone() * gradient.output).sum();
        if let (Some(memory), Some(of_memory)) = (after[0].memory.clone(), gradient.memory) {
            along = along + (memory * of_memory).sum();
        }
        gradient = self::gradient(along, &before);
        norms.push(length(&gradient));
    }
    norms.reverse();
    norms
}

/// The same numbers, cut off from what they were computed of, with a gradient of their own.
fn leaf(state: &State) -> State {
    let cut = |tensor: &Tensor<2>| tensor.clone().detach().require_grad();
    State { output: cut(&state.output), memory: state.memory.as_ref().map(cut) }
}

/// The gradient of a number with regard to a state, as constants.
fn gradient(number: Tensor<1>, state: &State) -> State {
    let gradients = number.backward();
    let of = |tensor: &Tensor<2>| {
        let gradient = tensor.grad(&gradients).unwrap_or_else(|| tensor.clone().inner().zeros_like());
        Tensor::from_inner(gradient)
    };
    State { output: of(&state.output), memory: state.memory.as_ref().map(of) }
}

/// The mean length of the rows.
fn length(state: &State) -> f64 {
    let squares = |tensor: &Tensor<2>| tensor.clone().inner().powi_scalar(2).sum_dim(1);
    let mut sums = squares(&state.output);
    if let Some(memory) = &state.memory {
        sums = sums + squares(memory);
    }
    let sums = numbers(sums);
    sums.iter().map(|sum| f64::from(*sum).sqrt()).sum::<f64>() / sums.len() as f64
}

/// The norms as a table: comma-separated values with a heading.
pub fn table(all: &[Norms]) -> String {
    let mut text = String::from("cell,step,steps_before_loss,gradient_norm\n");
    for Norms { cell, norms } in all {
        for (step, norm) in norms.iter().enumerate() {
            text += &format!("{},{},{},{norm:e}\n", cell.name(), step + 1, norms.len() - step - 1);
        }
    }
    text
}

/// The norms as a chart.
pub fn chart(all: &[Norms]) -> LineChart {
    let chart = LineChart::new(
        "How much the last loss depends on each state",
        "steps before the loss",
        "norm of the gradient",
    );
    all.iter().fold(chart.log_y(), |chart, Norms { cell, norms }| {
        let points = norms.iter().rev().enumerate().map(|(before, norm)| (before as f64, *norm)).collect();
        chart.series(Series::line(cell.name(), points))
    })
}

/// The norms in a line for each kind of cell, for a terminal.
pub fn summary(all: &[Norms]) -> String {
    let mut text =
        format!("{:10} {:>14} {:>14} {:>22}\n", "cell", "at the loss", "at the start", "factor of each step");
    for Norms { cell, norms } in all {
        let (first, last) = (norms[0], norms[norms.len() - 1]);
        let steps = norms.len().saturating_sub(1).max(1) as f64;
        let factor = (first / last).powf(1.0 / steps);
        text += &format!(
            "{:10} {:>14} {:>14} {:>22}\n",
            cell.name(),
            significant(last, 3),
            significant(first, 3),
            significant(factor, 4)
        );
    }
    text
}
