//! `gradients`: the vanishing gradient made visible. How much does the loss at the last step of a window depend on the state
//! `t` steps before it? The norm of that derivative is taken for each step and each kind of cell, on the same text.

use std::path::PathBuf;

use burn::tensor::{Device, Int, Tensor, TensorData};
use recurrent_backend::Seed;
use recurrent_cells::{Activation, Recurrence, State, Stepwise};
use recurrent_data::text::{ReadSpec, Text, Windows};
use recurrent_program::{Screen, Source, Unusable, WrongUsage, new_folder, refuse_meaningless};
use recurrent_train::{
    Clip, Error, Optimiser, TrainConfig, Training,
    files::{create_folder, write_whole},
    plot::{LineChart, Series},
    significant,
};
use serde::Serialize;

use crate::PROGRAM;
use crate::batches::TextBatches;
use crate::data::{choose, corpus, sentence};
use crate::flags::{GradientFlags, Preset};
use crate::model::{Writer, surprise};
use crate::score::numbers;
use crate::settings::{CellKind, Feed, ModelSettings, Settings};

/// The norms of one kind of cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Norms {
    /// The kind of cell.
    pub cell: CellKind,
    /// The norm of `d loss_T / d s_t` for each step `t` from 1 to `T`: the mean over windows of its length. The state `s_t`
    /// is the output, and with an LSTM the memory beside it.
    pub norms: Vec<f64>,
}

#[derive(Serialize)]
struct Gradients {
    program: &'static str,
    data: String,
    seed: u64,
    hidden: usize,
    activation: Activation,
    window: usize,
    steps_trained: u64,
    cells: Vec<Norms>,
    csv: PathBuf,
    plot: PathBuf,
}

/// Measures, draws and prints.
///
/// # Errors
/// The text cannot be read, is too short, or a file cannot be written.
pub fn gradients(flags: &GradientFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let cells = cells(flags)?;
    let source = choose(flags.data.as_ref())?;
    let text = Text::new(corpus(&source, ReadSpec::default())?)?;
    screen.note(&sentence(&source, &text));
    let windows =
        Windows::new(text.ids(), flags.window).map_err(|reason| Unusable::because(&source, reason))?;
    let device = flags.common.backend.unwrap_or_default().open()?;
    let folder = new_folder(&format!("{PROGRAM}-gradients"), flags.run.as_deref())?;
    if folder.join("config.json").exists() {
        return Err(Error::invalid(&folder, "is a run's folder; name another with `--run`").into());
    }
    create_folder(&folder)?;
    let mut all = Vec::new();
    for cell in cells {
        screen.note(&format!("{}: {} units, {} steps of training", cell.name(), flags.hidden, flags.steps));
        let model = trained(cell, flags, &source, &text, &device)?;
        all.push(Norms { cell, norms: norms(&model, &windows, flags.batch_size) });
    }
    let (csv, plot) = (folder.join("gradients.csv"), folder.join("gradients.svg"));
    write_whole(&csv, table(&all).as_bytes())?;
    chart(&all).write(&plot)?;
    let words = format!("{}\n{}\n{}\n", summary(&all), csv.display(), plot.display());
    let record = Gradients {
        program: PROGRAM,
        data: source.name(),
        seed: flags.seed,
        hidden: flags.hidden,
        activation: activation(flags),
        window: flags.window,
        steps_trained: flags.steps,
        cells: all,
        csv,
        plot,
    };
    screen.result(&record, &words)
}

/// The kinds of cell to compare, each once.
fn cells(flags: &GradientFlags) -> Result<Vec<CellKind>, WrongUsage> {
    let asked = flags.cells.clone().unwrap_or_else(|| vec![CellKind::Vanilla, CellKind::Lstm, CellKind::Gru]);
    let mut cells = Vec::new();
    for cell in asked {
        if !cells.contains(&cell) {
            cells.push(cell);
        }
    }
    let reason = "no cell is vanilla; it is for `--cells vanilla`".to_owned();
    let meaningless = flags.activation.is_some() && !cells.contains(&CellKind::Vanilla);
    refuse_meaningless([("--activation", meaningless, reason)])?;
    Ok(cells)
}

/// The activation of vanilla cells.
fn activation(flags: &GradientFlags) -> Activation {
    flags.activation.unwrap_or(Activation::Tanh)
}

/// A network of one layer, trained for as many steps as were asked for.
fn trained(
    cell: CellKind,
    flags: &GradientFlags,
    source: &Source,
    text: &Text,
    device: &Device,
) -> Result<Writer, crate::Failure> {
    let settings = Settings::measured(Preset::Small, source.clone(), flags.common.backend);
    let model = ModelSettings {
        cell,
        activation: activation(flags),
        hidden: flags.hidden,
        layers: 1,
        dropout: 0.0,
        ..settings.model
    };
    let seed = Seed(flags.seed);
    let plain = Writer::new(&model, text.vocabulary().len(), seed, &device.clone().autodiff());
    if flags.steps == 0 {
        return Ok(plain);
    }
    let mut train = TrainConfig::new(usize::MAX, Optimiser::adam(), 0.002);
    train.clip = Clip::GlobalNorm(1.0);
    train.max_steps = Some(flags.steps);
    train.seed = seed;
    let settings = Settings {
        feed: Feed::Windows,
        window: flags.window,
        batch_size: flags.batch_size,
        train: train.clone(),
        ..settings
    };
    let batches =
        TextBatches::new(text.ids(), &settings).map_err(|reason| Unusable::because(source, reason))?;
    let outcome = Training::new(&train, &batches).run(plain)?;
    let again = Writer::zeros(&model, text.vocabulary().len(), &device.clone().autodiff());
    Ok(again.beginning_as(&outcome.model))
}

/// The norm of `d loss_T / d s_t` for each step `t` from 1 to `T`, the mean over `count` windows, evenly spread. A window's `T`
/// characters are read, and the one after them is predicted.
///
/// The chain rule is followed step by step: from the gradient of the state at one step, one step of the network gives that
/// of the state before it.
pub fn norms(model: &Writer, windows: &Windows<'_>, count: usize) -> Vec<f64> {
    let count = count.min(windows.len());
    let places: Vec<usize> = (0..count).map(|i| i * windows.len() / count).collect();
    let time = windows.window();
    let column = |step: usize| {
        let read = |place: usize| {
            if step < time { windows.input(place)[step] } else { windows.target(place)[time - 1] }
        };
        let ids: Vec<i64> = places.iter().map(|place| i64::from(read(*place))).collect();
        Tensor::<1, Int>::from_data(TensorData::new(ids, [count]), &model.device())
    };
    let zero = model.layers.zero_state(count).remove(0);
    let mut states = vec![zero];
    for step in 0..time {
        let before = states[step].clone();
        let (_, after) = model.layers.step_token(column(step), vec![before]);
        states.push(leaf(&after[0]));
    }
    let last = leaf(&states[time]);
    let logits =
        last.output.clone().matmul(model.kernel.val().detach()) + model.bias.val().detach().unsqueeze();
    let mut gradient = gradient(surprise(logits, column(time).unsqueeze_dim(1)).sum(), &last);
    let mut norms = vec![length(&gradient)];
    for step in (1..time).rev() {
        let before = leaf(&states[step]);
        let (_, after) = model.layers.step_token(column(step), vec![before.clone()]);
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

fn table(all: &[Norms]) -> String {
    let mut text = String::from("cell,step,steps_before_loss,gradient_norm\n");
    for Norms { cell, norms } in all {
        for (step, norm) in norms.iter().enumerate() {
            text += &format!("{},{},{},{norm:e}\n", cell.name(), step + 1, norms.len() - step - 1);
        }
    }
    text
}

fn chart(all: &[Norms]) -> LineChart {
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

fn summary(all: &[Norms]) -> String {
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
