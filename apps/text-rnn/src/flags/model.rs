//! The hyperparameters of the text generator, each as an option that overrides the preset.

use clap::{Args, ValueEnum};
use recurrent_cells::{Activation, Normalization, Reset};
use recurrent_data::text::Case;
use recurrent_program::flags::values;

use crate::settings::{CellKind, Feed, HIDDEN, LAYERS, LossKind, WINDOW};

/// What overrides the preset. What is absent is taken from it.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct ModelFlags {
    /// What becomes of capital letters.
    #[arg(long, value_name = "keep|lower", value_enum, hide_possible_values = true)]
    #[arg(
        conflicts_with = "resume",
        help = "Keep capital letters, or make them small",
        help_heading = "Data"
    )]
    pub case: Option<CaseFlag>,

    /// Share of the text, before the test part, that chooses the best epoch.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of the text held out to choose the best epoch by", help_heading = "Data")]
    pub validation_fraction: Option<f64>,

    /// Share of the text, the end of it, that the model is judged on.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of the text, its end, held out to judge on", help_heading = "Data")]
    pub test_fraction: Option<f64>,

    /// How the text is fed.
    #[arg(long, value_name = "windows|streams", value_enum, hide_possible_values = true)]
    #[arg(conflicts_with = "resume", help_heading = "Data")]
    #[arg(help = "Shuffled windows, or streams whose state is carried from batch to batch")]
    pub feed: Option<Feed>,

    /// Characters in a window.
    #[arg(long, value_name = "N", value_parser = values::whole(WINDOW), conflicts_with = "resume")]
    #[arg(help = "Characters that a row of a batch reads", help_heading = "Data")]
    pub window: Option<usize>,

    /// Kind of cell.
    #[arg(long, value_name = "NAME", value_enum, hide_possible_values = true, conflicts_with_all = KEPT)]
    #[arg(help = "vanilla, lstm or gru", help_heading = "Model")]
    pub cell: Option<CellKind>,

    /// Activation of vanilla cells.
    #[arg(long, value_name = "relu|tanh", value_parser = activation, conflicts_with_all = KEPT)]
    #[arg(help = "Activation of vanilla cells", help_heading = "Model")]
    pub activation: Option<Activation>,

    /// Where GRU cells apply their reset gate.
    #[arg(long, value_name = "before|after", value_parser = reset, conflicts_with_all = KEPT)]
    #[arg(help = "Reset gate of GRU cells before or after the recurrent product", help_heading = "Model")]
    pub reset: Option<Reset>,

    /// Number of units of each layer.
    #[arg(long, value_name = "N", value_parser = values::whole(HIDDEN), conflicts_with_all = KEPT)]
    #[arg(help = "Units of each layer", help_heading = "Model")]
    pub hidden: Option<usize>,

    /// Number of layers.
    #[arg(long, value_name = "N", value_parser = values::whole(LAYERS), conflicts_with_all = KEPT)]
    #[arg(help = "Layers", help_heading = "Model")]
    pub layers: Option<usize>,

    /// Share of the outputs of each layer that is dropped while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of each layer's outputs dropped while training", help_heading = "Model")]
    pub dropout: Option<f64>,

    /// Share of the state that is dropped from the recurrent product while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of the state dropped from the recurrent product while training")]
    #[arg(help_heading = "Model")]
    pub recurrent_dropout: Option<f64>,

    /// Share of the recurrent weights that is dropped while training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of the recurrent weights dropped while training", help_heading = "Model")]
    pub weight_dropout: Option<f64>,

    /// Share of units that keep their last output at a step of training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of units that keep their last output at each step of training (zoneout)")]
    #[arg(help_heading = "Model")]
    pub zoneout: Option<f64>,

    /// Share of LSTM units that keep their memory at a step of training.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "The same for the memory of LSTM cells", help_heading = "Model")]
    pub zoneout_memory: Option<f64>,

    /// What is done to the sums of the units.
    #[arg(long, value_name = "none|layer", value_parser = normalization, conflicts_with_all = KEPT)]
    #[arg(help = "Layer normalisation inside the cells, or none", help_heading = "Model")]
    pub normalization: Option<Normalization>,

    /// What the training loss makes of extreme probabilities.
    #[arg(long, value_name = "plain|cut", value_enum, hide_possible_values = true)]
    #[arg(conflicts_with = "resume", help_heading = "Training")]
    #[arg(help = "Training loss: the cross-entropy, or cut at probabilities of 1e-7, as in Keras")]
    pub loss: Option<LossKind>,

    /// Number of epochs between two samples.
    #[arg(long, value_name = "N", value_parser = values::whole(0..=10_000_000), conflicts_with = "resume")]
    #[arg(help = "Write a sample after every so many epochs; 0: never", help_heading = "Samples")]
    pub sample_every: Option<usize>,

    /// Number of steps between two samples.
    #[arg(long, value_name = "N", value_parser = values::count, conflicts_with = "resume")]
    #[arg(help = "Write a sample after every so many steps; 0: never", help_heading = "Samples")]
    pub sample_every_steps: Option<u64>,

    /// Number of characters of a sample.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=1_000_000), conflicts_with = "resume")]
    #[arg(help = "Characters of a sample", help_heading = "Samples")]
    pub sample_length: Option<usize>,
}

/// What a run that goes on, or that begins with another's weights, has to keep.
const KEPT: [&str; 2] = ["resume", "init_from"];

/// What becomes of capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CaseFlag {
    /// They stay.
    Keep,
    /// They become small ones.
    Lower,
}

impl From<CaseFlag> for Case {
    fn from(flag: CaseFlag) -> Self {
        match flag {
            CaseFlag::Keep => Self::Keep,
            CaseFlag::Lower => Self::Lower,
        }
    }
}

pub(super) fn activation(text: &str) -> Result<Activation, String> {
    match text {
        "relu" => Ok(Activation::Relu),
        "tanh" => Ok(Activation::Tanh),
        _ => Err("expected relu or tanh".to_owned()),
    }
}

fn normalization(text: &str) -> Result<Normalization, String> {
    match text {
        "none" => Ok(Normalization::None),
        "layer" => Ok(Normalization::Layer),
        _ => Err("expected none or layer".to_owned()),
    }
}

fn reset(text: &str) -> Result<Reset, String> {
    match text {
        "before" => Ok(Reset::Before),
        "after" => Ok(Reset::After),
        _ => Err("expected before or after".to_owned()),
    }
}
