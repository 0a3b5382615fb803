//! The options of `gradients`.

use std::path::PathBuf;

use clap::Args;
use recurrent_cells::Activation;
use recurrent_program::flags::{CommonFlags, DEFAULT_SEED, DataSource, values};

use crate::settings::{CellKind, HIDDEN};

/// The options of `gradients`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct GradientFlags {
    /// The kinds of cell that are compared.
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(help = "Cells to compare, of vanilla,lstm,gru [default: all three]", help_heading = "Model")]
    pub cells: Option<Vec<CellKind>>,
    /// Activation of vanilla cells.
    #[arg(long, value_name = "relu|tanh", value_parser = super::model::activation)]
    #[arg(help = "Activation of vanilla cells [default: tanh]", help_heading = "Model")]
    pub activation: Option<Activation>,
    /// Number of units.
    #[arg(long, value_name = "N", value_parser = values::whole(HIDDEN), default_value = "128")]
    #[arg(help = "Units of the layer", help_heading = "Model")]
    pub hidden: usize,
    /// Number of steps that the networks are trained for first.
    #[arg(long, value_name = "N", value_parser = values::count, default_value = "0")]
    #[arg(help = "Train each network for so many steps first", help_heading = "Model")]
    pub steps: u64,
    /// Seed of the first weights.
    #[arg(long, value_name = "N", value_parser = values::seed, default_value_t = DEFAULT_SEED)]
    #[arg(help = "Seed of the first weights", help_heading = "Model")]
    pub seed: u64,
    /// Where the text comes from.
    #[arg(long, value_name = "PATH|demo", help_heading = "Data")]
    #[arg(help = "Text, or `demo` for generated text [default: datasets/, else demo]")]
    pub data: Option<DataSource>,
    /// Number of steps in time.
    #[arg(long, value_name = "N", value_parser = values::whole(2..=10_000), default_value = "100")]
    #[arg(help = "Characters to look back over", help_heading = "Data")]
    pub window: usize,
    /// Number of windows.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=10_000), default_value = "32")]
    #[arg(help = "Windows to take the mean over", help_heading = "Data")]
    pub batch_size: usize,
    /// Where the result goes.
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    #[arg(help = "Folder for gradients.csv and gradients.svg [default: a new one under runs/]")]
    pub run: Option<PathBuf>,
    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}
