//! The command line of the text generator: its words, their options, and what each may be.
//!
//! Values are checked here, once. Presets are only named here; what they hold is not this module's matter.

mod generate;
mod gradients;
mod reading;
mod training;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use recurrent_language_model::Adapting;
use recurrent_program::CompareFlags;
use recurrent_program::flags::{CommonFlags, ExportFlags, RunFlags, values};

pub use generate::{ChoiceFlags, GenerateFlags, WrittenFlags};
pub use gradients::GradientFlags;
pub use reading::ReadingFlags;
pub use training::{NetworkFlags, SampleFlags, TextFlags, TrainFlags};

/// The command line.
#[derive(Parser, Clone, Debug)]
#[command(name = "text-rnn", version, about = ABOUT, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(override_usage = "text-rnn [OPTIONS]\n       text-rnn <COMMAND> [OPTIONS]")]
#[command(after_help = EXAMPLES)]
pub struct Flags {
    /// What the program is asked to do; absent, to train, judge and report.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options of training.
    #[command(flatten)]
    pub whole: TrainFlags,
}

impl Flags {
    /// What every word takes.
    pub fn common(&self) -> &CommonFlags {
        match &self.command {
            None => &self.whole.common,
            Some(Command::Train(flags)) => &flags.common,
            Some(Command::Evaluate(flags)) => &flags.common,
            Some(Command::Generate(flags)) => &flags.common,
            Some(Command::Gradients(flags)) => &flags.common,
            #[cfg(feature = "serve")]
            Some(Command::Serve(flags)) => &flags.common,
            Some(Command::Export(flags)) => &flags.common,
            Some(Command::Compare(flags)) => &flags.common,
        }
    }
}

const ABOUT: &str = "Learns a text by characters, words or subwords with a recurrent network, and writes on. Without a \
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
  text-rnn --data novel.txt --run runs/novel           a text, or a folder of texts
  text-rnn --cell gru --layers 2 --hidden 256          another network
  text-rnn --preset best --tokens subwords             read in pieces of words: a third of the steps
  text-rnn --resume runs/novel                         go on with a run that was stopped
  text-rnn train --init-from runs/novel --data code/   go on from its model on another text
  text-rnn generate --run runs/novel --length 500 --prime \"The \"
  text-rnn evaluate --run runs/novel --data other.txt  how well it predicts another text
  text-rnn gradients                                   the vanishing gradient, as figures and a plot";

/// What the program is asked to do.
#[derive(Subcommand, Clone, Debug)]
pub enum Command {
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
    /// Write text for others over HTTP, with a page to try it on
    #[cfg(feature = "serve")]
    #[command(after_help = "Example:\n  text-rnn serve --run runs/novel runs/poems --port 8000")]
    Serve(recurrent_program::ServeFlags),
    /// Write a run's model for ONNX Runtime, PyTorch or Keras, or as a page
    #[command(after_help = "Examples:\n  text-rnn export --run runs/novel --to novel.onnx\n  \
                      text-rnn export --run runs/novel --to novel.safetensors --names keras\n  \
                      text-rnn export --run runs/novel --to novel.html")]
    Export(ExportFlags),
    /// Put runs side by side on one page: curves, settings that differ, figures
    #[command(after_help = "Example:\n  text-rnn compare --run runs/* --to compare.html")]
    Compare(CompareFlags),
}

/// The options of `evaluate`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct EvaluateFlags {
    #[command(flatten)]
    pub(crate) source: RunFlags,
    #[command(flatten, next_help_heading = "Evaluation")]
    pub(crate) reading: ReadingFlags,
    #[command(flatten)]
    pub(crate) judging: JudgingFlags,
    #[command(flatten)]
    pub(crate) common: CommonFlags,
}

/// How `evaluate` judges.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct JudgingFlags {
    /// Write each character's log-probability, as characters.jsonl and as the page surprise.html, to DIR [default: surprise/
    /// in the run's folder]
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    pub per_character: Option<Option<PathBuf>>,
    /// Adapt the model to the text while reading it (dynamic evaluation, Krause et al. 2018)
    #[arg(long)]
    pub dynamic: bool,
    /// Learning rate of --dynamic
    #[arg(long, value_name = "X", value_parser = values::positive, requires = "dynamic")]
    #[arg(default_value_t = Adapting::RATE)]
    pub dynamic_rate: f64,
    /// Share of the way back to the run's weights that --dynamic goes at each update
    #[arg(long, value_name = "X", value_parser = values::below_one, requires = "dynamic")]
    #[arg(default_value_t = Adapting::DECAY)]
    pub dynamic_decay: f64,
    /// Read this character in place of those that the model does not know
    #[arg(long, value_name = "CHAR", value_parser = values::character)]
    pub replace: Option<char>,
}

/// Cells and their activations by name.
const CELLS: &[&str] = &["vanilla", "lstm", "gru"];
const ACTIVATIONS: &[&str] = &["relu", "tanh"];
