//! The command line of the text generator: its words, their options, and what each may be.
//!
//! Values are checked here, once. Presets are only named here; what they hold is not this module's matter.

mod generate;
mod gradients;
mod model;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use recurrent_program::flags::{CommonFlags, RunFlags, TrainingFlags, UpdateFlags, parse, values};
use serde::{Deserialize, Serialize};

pub use generate::{GenerateFlags, Rule};
pub use gradients::GradientFlags;
pub use model::{CaseFlag, ModelFlags};

/// What the program is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// No word: train, evaluate and report.
    Whole(TrainFlags),
    /// Train a model and write the run.
    Train(TrainFlags),
    /// Judge the model of a run on a text.
    Evaluate(EvaluateFlags),
    /// Write text.
    Generate(GenerateFlags),
    /// Show how gradients fade through time.
    Gradients(GradientFlags),
}

impl Action {
    /// Reads the command line of the process. Help and the version are printed, and wrong usage is explained;
    /// each ends the process, with exit code 0, 0 and 2.
    pub fn parse() -> Self {
        let action = Self::from(parse::<Flags>());
        if let Self::Generate(flags) = &action {
            flags.check().unwrap_or_else(|error| error.exit());
        }
        action
    }

    /// What every word takes.
    pub fn common(&self) -> &CommonFlags {
        match self {
            Self::Whole(flags) | Self::Train(flags) => &flags.common,
            Self::Evaluate(flags) => &flags.common,
            Self::Generate(flags) => &flags.common,
            Self::Gradients(flags) => &flags.common,
        }
    }
}

/// The command line as clap reads it; [`Action`] is what it means.
#[derive(Parser, Clone, Debug)]
#[command(name = "text-rnn", version, about = ABOUT, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(override_usage = "text-rnn [OPTIONS]\n       text-rnn <COMMAND> [OPTIONS]")]
#[command(after_help = EXAMPLES)]
pub struct Flags {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    whole: TrainFlags,
}

const ABOUT: &str = "Learns a text character by character with a recurrent network, and writes on. Without a \
                     command: trains a model, judges it on held-out text and writes report.html, all into one run \
                     folder.";

const EXAMPLES: &str = "\
Presets:
  small            one LSTM layer: readable text within ten minutes on two cores (the default)
  best             two LSTM layers, regularised, text split 80/10/10: over an hour
  chapter-vanilla  the textbook chapter's vanilla network, 2 x 800 units: hours
  chapter-lstm     the chapter's LSTM network, 2 x 800 units: days

Examples:
  text-rnn                                             train, judge and report
  text-rnn --data novel.txt --run runs/novel           any text in UTF-8, or a folder of texts
  text-rnn --cell gru --layers 2 --hidden 256          another network
  text-rnn --resume runs/novel                         go on with a run that was stopped
  text-rnn train --init-from runs/novel --data code/   go on from its model on another text
  text-rnn generate --run runs/novel --length 500 --prime \"The \"
  text-rnn evaluate --run runs/novel --data other.txt  how well it predicts another text
  text-rnn gradients                                   the vanishing gradient, as figures and a plot";

#[derive(Subcommand, Clone, Debug)]
enum Command {
    /// Train a model and write the run; no report
    Train(Box<TrainFlags>),
    /// Judge a run's model on any text, in nats and bits per character
    #[command(after_help = "Example:\n  text-rnn evaluate --run runs/novel --per-character --data other.txt")]
    Evaluate(EvaluateFlags),
    /// Write text with a run's model
    #[command(
        after_help = "Examples:\n  text-rnn generate --run runs/novel --length 500 --prime \"The \" --temperature 0.7\n  \
                            text-rnn generate --run runs/novel --length 200 --samples 4 --top-p 0.9 --seed 7"
    )]
    Generate(GenerateFlags),
    /// Show how gradients fade through time in vanilla, LSTM and GRU layers
    #[command(after_help = "Example:\n  text-rnn gradients --cells vanilla,lstm --window 200")]
    Gradients(GradientFlags),
}

/// The options of training.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct TrainFlags {
    /// The settings that the other options override.
    #[arg(long, value_name = "NAME", value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "small, best, chapter-vanilla or chapter-lstm: settings that other options override")]
    #[arg(conflicts_with = "resume", help_heading = "Run")]
    pub preset: Preset,
    /// A run whose weights are the first ones.
    #[arg(long, value_name = "DIR", value_parser = values::folder(), conflicts_with = "resume")]
    #[arg(help = "Begin with the weights of a run; characters new to it are added", help_heading = "Run")]
    pub init_from: Option<PathBuf>,
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
    /// The run whose model is judged, and the text.
    #[command(flatten)]
    pub source: RunFlags,
    /// Where the surprise of each character goes.
    #[arg(long, value_name = "DIR", num_args = 0..=1, help_heading = "Evaluation")]
    #[arg(
        help = "Write each character's log-probability, as characters.jsonl and as the page surprise.html, \
                  to DIR [default: surprise/ in the run's folder]"
    )]
    pub per_character: Option<Option<PathBuf>>,
    /// Whether the model goes on learning while it is judged.
    #[arg(long, help_heading = "Evaluation")]
    #[arg(help = "Adapt the model to the text while reading it (dynamic evaluation, Krause et al. 2018)")]
    pub dynamic: bool,
    /// Size of the updates of dynamic evaluation.
    #[arg(long, value_name = "X", value_parser = values::positive, requires = "dynamic")]
    #[arg(help = "Learning rate of --dynamic", help_heading = "Evaluation", default_value = "0.05")]
    pub dynamic_rate: f64,
    /// Pull of dynamic evaluation back to the run's weights.
    #[arg(long, value_name = "X", value_parser = values::below_one, requires = "dynamic")]
    #[arg(help = "Share of the way back to the run's weights that --dynamic goes at each update")]
    #[arg(help_heading = "Evaluation", default_value = "0.002")]
    pub dynamic_decay: f64,
    /// What stands for characters that the model does not know.
    #[arg(long, value_name = "CHAR", value_parser = values::character, help_heading = "Evaluation")]
    #[arg(help = "Read this character in place of those that the model does not know")]
    pub replace: Option<char>,
    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}

/// Named settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// One LSTM layer: readable text soon.
    #[default]
    Small,
    /// The best settings known for ninety minutes.
    Best,
    /// The textbook chapter's vanilla network.
    ChapterVanilla,
    /// The textbook chapter's LSTM network.
    ChapterLstm,
}

impl Preset {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Best => "best",
            Self::ChapterVanilla => "chapter-vanilla",
            Self::ChapterLstm => "chapter-lstm",
        }
    }
}

impl From<Flags> for Action {
    fn from(flags: Flags) -> Self {
        match flags.command {
            None => Self::Whole(flags.whole),
            Some(Command::Train(flags)) => Self::Train(*flags),
            Some(Command::Evaluate(flags)) => Self::Evaluate(flags),
            Some(Command::Generate(flags)) => Self::Generate(flags),
            Some(Command::Gradients(flags)) => Self::Gradients(flags),
        }
    }
}
