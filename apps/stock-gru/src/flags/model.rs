//! The hyperparameters of the price forecaster, each as an option that overrides the preset.

use clap::{Args, ValueEnum};
use recurrent_cells::Reset;
use serde::{Deserialize, Serialize};

use super::values;
use crate::settings::{HIDDEN, LAYERS, Output};

/// What overrides the preset. What is absent is taken from it.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct ModelFlags {
    /// Name of the column that is forecast.
    #[arg(long, value_name = "NAME", value_parser = values::name, conflicts_with = "resume")]
    #[arg(help = "Price column to forecast [chapter: Close]", help_heading = "Data")]
    pub column: Option<String>,

    /// Further columns that the model reads.
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(conflicts_with = "resume", help_heading = "Data")]
    #[arg(help = "Further columns to read, of open,high,low,volume [chapter: none]")]
    pub features: Option<Vec<Feature>>,

    /// Share of the windows, the earliest, that the model is trained on.
    #[arg(long, value_name = "X", value_parser = values::between, conflicts_with = "resume")]
    #[arg(help = "Share of the windows, the earliest, to train on [chapter: 0.7]", help_heading = "Data")]
    pub train_fraction: Option<f64>,

    /// Share of those windows, the latest, that early stopping watches instead of the test windows.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of those, the latest, for early stopping; 0: the test windows [chapter: 0]")]
    #[arg(help_heading = "Data")]
    pub validation_fraction: Option<f64>,

    /// Number of days in a window.
    #[arg(long, value_name = "N", value_parser = values::whole(2..=10_000), conflicts_with = "resume")]
    #[arg(help = "Days in a window [chapter: 10]", help_heading = "Model")]
    pub window: Option<usize>,

    /// Number of units of each layer.
    #[arg(long, value_name = "N", value_parser = values::whole(HIDDEN), conflicts_with = "resume")]
    #[arg(help = "Units of each GRU layer [chapter: 256]", help_heading = "Model")]
    pub hidden: Option<usize>,

    /// Number of layers.
    #[arg(long, value_name = "N", value_parser = values::whole(LAYERS), conflicts_with = "resume")]
    #[arg(help = "GRU layers [chapter: 1]", help_heading = "Model")]
    pub layers: Option<usize>,

    /// Where the reset gate is applied.
    #[arg(long, value_name = "before|after", value_parser = reset, conflicts_with = "resume")]
    #[arg(help = "Reset gate before or after the recurrent product [chapter: before]")]
    #[arg(help_heading = "Model")]
    pub reset: Option<Reset>,

    /// Share of the inputs of each layer that is dropped while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of each layer's inputs dropped while training [chapter: 0]", help_heading = "Model")]
    pub dropout: Option<f64>,

    /// What the network's output stands for.
    #[arg(long, value_name = "price|growth", value_parser = output, conflicts_with = "resume")]
    #[arg(help = "Forecast the scaled price itself, or its growth from today's [chapter: price]")]
    #[arg(help_heading = "Model")]
    pub output: Option<Output>,

    /// Rule of the updates.
    #[arg(long, value_name = "NAME", value_enum, hide_possible_values = true, conflicts_with = "resume")]
    #[arg(help = "rmsprop, adam or adamw [chapter: rmsprop]", help_heading = "Training")]
    pub optimizer: Option<Optimizer>,

    /// Size of the updates.
    #[arg(long, value_name = "X", value_parser = values::positive, conflicts_with = "resume")]
    #[arg(help = "Learning rate [chapter: 0.0006]", help_heading = "Training")]
    pub learning_rate: Option<f64>,

    /// Share of each weight, times the learning rate, that AdamW takes away at each step.
    #[arg(long, value_name = "X", value_parser = values::not_negative, conflicts_with = "resume")]
    #[arg(help = "AdamW's weight decay [chapter: none]", help_heading = "Training")]
    pub weight_decay: Option<f64>,

    /// What RMSprop's running means keep at each step.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of RMSprop's running mean kept at each step [chapter: 0.9]")]
    #[arg(help_heading = "Training")]
    pub rho: Option<f64>,

    /// What is added to the optimiser's divisor.
    #[arg(long, value_name = "X", value_parser = values::positive, conflicts_with = "resume")]
    #[arg(help = "Added to the optimiser's divisor [chapter: 1e-8]", help_heading = "Training")]
    pub epsilon: Option<f64>,

    /// Largest norm of all gradients together.
    #[arg(long, value_name = "X", value_parser = values::positive, conflicts_with = "resume")]
    #[arg(help = "Scale gradients down to at most this norm [chapter: no limit]", help_heading = "Training")]
    pub clip_norm: Option<f64>,

    /// Number of epochs without a better validation loss after which to stop.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=10_000_000), conflicts_with = "resume")]
    #[arg(help = "Stop after so many epochs without a better validation loss [chapter: 100]")]
    #[arg(help_heading = "Training")]
    pub patience: Option<usize>,
}

/// A column that the model can read beside the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Feature {
    /// The day's first price.
    Open,
    /// The day's highest price.
    High,
    /// The day's lowest price.
    Low,
    /// How much was traded.
    Volume,
}

/// A rule of the updates, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Optimizer {
    /// RMSprop (Hinton 2012).
    #[value(name = "rmsprop")]
    RmsProp,
    /// Adam (Kingma and Ba 2014).
    Adam,
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2017).
    #[value(name = "adamw")]
    AdamW,
}

fn output(text: &str) -> Result<Output, String> {
    match text {
        "price" => Ok(Output::Price),
        "growth" => Ok(Output::Growth),
        _ => Err("expected price or growth".to_owned()),
    }
}

fn reset(text: &str) -> Result<Reset, String> {
    match text {
        "before" => Ok(Reset::Before),
        "after" => Ok(Reset::After),
        _ => Err("expected before or after".to_owned()),
    }
}
