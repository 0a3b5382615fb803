//! The command line of the price forecaster: its words, their options, and what each may be.
//!
//! Values are checked here, once. Presets are only named here; what they hold is not this module's matter.

mod model;

use clap::{Args, Parser, Subcommand, ValueEnum};
use recurrent_program::flags::{CommonFlags, RunFlags, TrainingFlags, UpdateFlags, parse, values};
use serde::{Deserialize, Serialize};

pub use model::{Feature, ModelFlags};

/// What the program is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// No word: train, evaluate, plot and report.
    Whole(TrainFlags),
    /// Train a model and write the run.
    Train(TrainFlags),
    /// Judge the model of a run.
    Evaluate(EvaluateFlags),
    /// Forecast the days after the data ends.
    Forecast(ForecastFlags),
    /// Draw the plots of a run again.
    Plot(PlotFlags),
}

impl Action {
    /// Reads the command line of the process. Help and the version are printed, and wrong usage is explained;
    /// each ends the process, with exit code 0, 0 and 2.
    pub fn parse() -> Self {
        parse::<Flags>().into()
    }

    /// What every word takes.
    pub fn common(&self) -> &CommonFlags {
        match self {
            Self::Whole(flags) | Self::Train(flags) => &flags.common,
            Self::Evaluate(flags) => &flags.common,
            Self::Forecast(flags) => &flags.common,
            Self::Plot(flags) => &flags.common,
        }
    }
}

/// The command line as clap reads it; [`Action`] is what it means.
#[derive(Parser, Clone, Debug)]
#[command(name = "stock-gru", version, about = ABOUT, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(override_usage = "stock-gru [OPTIONS]\n       stock-gru <COMMAND> [OPTIONS]")]
#[command(after_help = EXAMPLES)]
pub struct Flags {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    whole: TrainFlags,
}

const ABOUT: &str = "Forecasts daily prices with a GRU network. Without a command: trains a model, judges it \
                     against honest baselines, draws the plots and writes report.html, all into one run folder.";

const EXAMPLES: &str = "\
Examples:
  stock-gru                                            train, judge, plot and report
  stock-gru --preset chapter --seed 3 --run runs/3     the chapter's settings, another seed
  stock-gru --data prices.csv --window 20 --hidden 64  other prices, a smaller model
  stock-gru --resume runs/3                            go on with a run that was stopped
  stock-gru evaluate --run runs/3 --format json        its figures beside the baselines
  stock-gru forecast --run runs/3 --days 10            the next ten days, with an interval";

#[derive(Subcommand, Clone, Debug)]
enum Command {
    /// Train a model and write the run; no plots, no report
    Train(Box<TrainFlags>),
    /// Judge a run's model against the baselines, on any price file
    #[command(after_help = "Example:\n  stock-gru evaluate --run runs/3 --data prices.csv")]
    Evaluate(EvaluateFlags),
    /// Forecast the days after the data ends, with an interval
    #[command(after_help = "Example:\n  stock-gru forecast --run runs/3 --days 10 --level 0.8")]
    Forecast(ForecastFlags),
    /// Draw a run's plots again
    #[command(after_help = "Example:\n  stock-gru plot --run runs/3")]
    Plot(PlotFlags),
}

/// The options of training.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct TrainFlags {
    /// The settings that the other options override.
    #[arg(long, value_name = "NAME", value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "chapter or best: settings that other options override")]
    #[arg(conflicts_with = "resume", help_heading = "Run")]
    pub preset: Preset,
    /// What training takes in every program.
    #[command(flatten)]
    pub training: TrainingFlags,
    /// The hyperparameters.
    #[command(flatten)]
    pub model: ModelFlags,
    /// The updates.
    #[command(flatten)]
    pub updates: UpdateFlags,
    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}

/// The options of `evaluate`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct EvaluateFlags {
    /// The run whose model is judged, and the data.
    #[command(flatten)]
    pub source: RunFlags,
    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}

/// The options of `forecast`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct ForecastFlags {
    /// The run whose model forecasts, and the data.
    #[command(flatten)]
    pub source: RunFlags,
    /// Number of days to forecast.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=1000), default_value = "5")]
    #[arg(help = "Days to forecast", help_heading = "Forecast")]
    pub days: usize,
    /// Probability that the interval of a day holds its price.
    #[arg(long, value_name = "X", value_parser = values::between, default_value = "0.9")]
    #[arg(help = "Probability that a day's interval is meant to hold its price", help_heading = "Forecast")]
    pub level: f64,
    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}

/// The options of `plot`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct PlotFlags {
    /// The run whose plots are drawn, and the data.
    #[command(flatten)]
    pub source: RunFlags,
    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}

/// Named settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// The textbook chapter's settings.
    Chapter,
    /// The best settings known, chosen on a validation part of the training windows.
    #[default]
    Best,
}

impl From<Flags> for Action {
    fn from(flags: Flags) -> Self {
        match flags.command {
            None => Self::Whole(flags.whole),
            Some(Command::Train(flags)) => Self::Train(*flags),
            Some(Command::Evaluate(flags)) => Self::Evaluate(flags),
            Some(Command::Forecast(flags)) => Self::Forecast(flags),
            Some(Command::Plot(flags)) => Self::Plot(flags),
        }
    }
}
