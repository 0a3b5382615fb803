//! The hyperparameters of the price forecaster, each as an option that overrides the preset.

use clap::{Args, ValueEnum};
use recurrent_cells::Reset;
use recurrent_program::flags::values;
use serde::{Deserialize, Serialize};

use crate::settings::{HIDDEN, LAYERS, Output};

/// What overrides the preset. What is absent is taken from it.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct ModelFlags {
    /// Name of the column that is forecast.
    #[arg(long, value_name = "NAME", value_parser = values::name, conflicts_with = "resume")]
    #[arg(help = "Price column to forecast [default: Close]", help_heading = "Data")]
    pub column: Option<String>,

    /// Further columns that the model reads.
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(conflicts_with = "resume", help_heading = "Data")]
    #[arg(help = "Further columns to read, of open,high,low,volume [default: none]")]
    pub features: Option<Vec<Feature>>,

    /// Share of the windows, the earliest, that the model is trained on.
    #[arg(long, value_name = "X", value_parser = values::between, conflicts_with = "resume")]
    #[arg(help = "Share of the windows, the earliest, to train on [default: 0.7]", help_heading = "Data")]
    pub train_fraction: Option<f64>,

    /// Share of those windows, the latest, that choose the epoch instead of the test windows.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of those, the latest, held out to choose the best epoch by [default: 0]")]
    #[arg(help_heading = "Data")]
    pub validation_fraction: Option<f64>,

    /// Number of days in a window.
    #[arg(long, value_name = "N", value_parser = values::whole(2..=10_000), conflicts_with = "resume")]
    #[arg(help = "Days in a window [default: 10]", help_heading = "Model")]
    pub window: Option<usize>,

    /// Number of units of each layer.
    #[arg(long, value_name = "N", value_parser = values::whole(HIDDEN), conflicts_with = "resume")]
    #[arg(help = "Units of each GRU layer [best: 4, chapter: 256]", help_heading = "Model")]
    pub hidden: Option<usize>,

    /// Number of layers.
    #[arg(long, value_name = "N", value_parser = values::whole(LAYERS), conflicts_with = "resume")]
    #[arg(help = "GRU layers [default: 1]", help_heading = "Model")]
    pub layers: Option<usize>,

    /// Where the reset gate is applied.
    #[arg(long, value_name = "before|after", value_parser = reset, conflicts_with = "resume")]
    #[arg(help = "Reset gate before or after the recurrent product [best: after, chapter: before]")]
    #[arg(help_heading = "Model")]
    pub reset: Option<Reset>,

    /// Share of the inputs of each layer that is dropped while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of each layer's inputs dropped while training [default: 0]", help_heading = "Model")]
    pub dropout: Option<f64>,

    /// What the network's output stands for.
    #[arg(long, value_name = "price|growth", value_parser = output, conflicts_with = "resume")]
    #[arg(
        help = "Forecast the scaled price itself, or its growth from today's [best: growth, chapter: price]"
    )]
    #[arg(help_heading = "Model")]
    pub output: Option<Output>,
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
