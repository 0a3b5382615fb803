//! The options of `gradients`.

use std::path::PathBuf;

use clap::Args;
use recurrent_cells::Activation;
use recurrent_language_model::{CellKind, NetworkSettings};
use recurrent_program::flags::{CommonFlags, DEFAULT_SEED, DataSource, named, values};

use super::{ACTIVATIONS, CELLS, ReadingFlags};

/// The options of `gradients`.
#[derive(Args, Clone, Debug, PartialEq)]
#[command(next_help_heading = "Model")]
pub struct GradientFlags {
    /// Cells to compare, of vanilla,lstm,gru [default: all three]
    #[arg(long, value_name = "LIST", value_parser = named::<CellKind>(CELLS))]
    #[arg(value_delimiter = ',', hide_possible_values = true)]
    pub cells: Option<Vec<CellKind>>,
    /// Activation of vanilla cells [default: tanh]
    #[arg(long, value_name = "relu|tanh", value_parser = named::<Activation>(ACTIVATIONS), hide_possible_values = true)]
    pub activation: Option<Activation>,
    /// Units of the layer
    #[arg(long, value_name = "N", value_parser = values::whole(NetworkSettings::HIDDEN), default_value = "128")]
    pub hidden: usize,
    /// Train each network for so many steps first
    #[arg(long, value_name = "N", value_parser = values::count, default_value = "0")]
    pub steps: u64,
    /// Seed of the first weights
    #[arg(long, value_name = "N", value_parser = values::seed, default_value_t = DEFAULT_SEED)]
    pub seed: u64,
    /// Text, or `demo` for generated text [default: datasets/, else demo]
    #[arg(long, value_name = "PATH|demo", help_heading = "Data")]
    pub data: Vec<DataSource>,
    #[command(flatten, next_help_heading = "Data")]
    pub(crate) reading: ReadingFlags,
    /// Characters to look back over
    #[arg(long, value_name = "N", value_parser = values::whole(2..=10_000), default_value = "100")]
    #[arg(help_heading = "Data")]
    pub window: usize,
    /// Windows to take the mean over
    #[arg(long, value_name = "N", value_parser = values::whole(1..=10_000), default_value = "32")]
    #[arg(help_heading = "Data")]
    pub batch_size: usize,
    /// Folder for gradients.csv and gradients.svg [default: a new one under runs/]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub run: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) common: CommonFlags,
}
