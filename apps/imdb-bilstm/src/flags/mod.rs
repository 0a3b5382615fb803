//! The command line of the review classifier: its words, their options, and what each may be.
//!
//! Values are checked here, once. Presets are only named here; what they hold is not this module's matter.

mod network;
mod overrides;
mod reviews;

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand};
use recurrent_data::reviews::Encoding;
use recurrent_program::CompareFlags;
use recurrent_program::flags::{
    CommonFlags, ExportFlags, RunFlags, TrainingFlags, UpdateFlags, named, values,
};

use crate::settings::Preset;

pub use network::{ModelFlags, PretrainingFlags};
pub use reviews::{ColumnFlags, DataFlags, MeaningFlags};

/// The command line.
#[derive(Parser, Clone, Debug)]
#[command(name = "imdb-bilstm", version, about = ABOUT, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(override_usage = "imdb-bilstm [OPTIONS]\n       imdb-bilstm <COMMAND> [OPTIONS]")]
#[command(after_help = EXAMPLES)]
pub struct Flags {
    /// What the program is asked to do; without a word: train, judge and report.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options without a word.
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
            Some(Command::Classify(flags)) => &flags.common,
            #[cfg(feature = "serve")]
            Some(Command::Serve(flags)) => &flags.common,
            Some(Command::Export(flags)) => &flags.common,
            Some(Command::Compare(flags)) => &flags.common,
        }
    }
}

const ABOUT: &str = "Learns from film reviews to tell praise from blame, with a bidirectional LSTM. Without a command: \
                     trains a model, judges it on the test reviews beside a linear baseline and writes report.html, all \
                     into one run folder.";

const EXAMPLES: &str = "\
Presets:
  best     two networks that begin as language models of the reviews, and NB-SVM beside them; more
           words, longer reviews, pooling over time, adversarial training; some training reviews are
           held out to choose the epoch by, the test reviews touched once (the default). On demo
           data a small network of seconds
  chapter  the textbook chapter's network and settings; the test reviews choose the epoch

Examples:
  imdb-bilstm                                             train, judge and report
  imdb-bilstm --unlabelled                                learn from reviews without a label too
  imdb-bilstm --preset chapter --run runs/chapter         the chapter's network
  imdb-bilstm --data reviews.csv --text-column body       a table of texts and labels
  imdb-bilstm --data stars.csv --positive 4,5             stars, of which four and five are praise
  imdb-bilstm --data toxic.csv --labels several           any number of labels a text
  imdb-bilstm --resume runs/chapter                       go on with a run that was stopped
  imdb-bilstm classify --run runs/chapter \"A dull film\"   one review, and what moved its score
  imdb-bilstm classify --run runs/chapter --file new.txt  one review a line
  imdb-bilstm evaluate --run runs/chapter --data new.csv  how well it does on other reviews";

/// The words.
#[derive(Subcommand, Clone, Debug)]
pub enum Command {
    /// Train a model and write the run; no report
    Train(Box<TrainFlags>),
    /// Judge a run's model on any labelled reviews
    #[command(
        after_help = "Example:\n  imdb-bilstm evaluate --run runs/chapter --data other.csv --label-column good"
    )]
    Evaluate(EvaluateFlags),
    /// Tell of reviews whether they praise, and which words say so
    #[command(
        after_help = "Examples:\n  imdb-bilstm classify --run runs/chapter \"Not the best of his films.\"\n  \
                      imdb-bilstm classify --run runs/chapter --file new.jsonl --format json\n  \
                      cat new.txt | imdb-bilstm classify --run runs/chapter --explain -\n\n\
                      With --format json, each review is a line: an object with its `line`, `label`, `probability`\n\
                      (of being positive; of several classes that of the label, with all `probabilities`), or the\n\
                      `labels` that are said of it, the number of its `words`, how many are `known`, and, where asked\n\
                      for, an `explanation`, or `explanations` by label: how much lower the logit is without each word"
    )]
    Classify(ClassifyFlags),
    /// Classify texts for others over HTTP, with a page to try it on
    #[cfg(feature = "serve")]
    #[command(after_help = "Example:\n  imdb-bilstm serve --run runs/chapter --port 8000")]
    Serve(recurrent_program::ServeFlags),
    /// Write a run's model for ONNX Runtime, PyTorch or Keras, or as a page
    #[command(after_help = "Examples:\n  imdb-bilstm export --run runs/chapter --to reviews.onnx\n  \
                      imdb-bilstm export --run runs/chapter --to reviews.safetensors --names keras\n  \
                      imdb-bilstm export --run runs/chapter --to reviews.html")]
    Export(ExportFlags),
    /// Put runs side by side on one page: curves, settings that differ, figures
    #[command(after_help = "Example:\n  imdb-bilstm compare --run runs/* --to compare.html")]
    Compare(CompareFlags),
}

/// The options of training.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct TrainFlags {
    /// best or chapter: settings that other options override [default: best]
    #[arg(long, value_name = "NAME", value_parser = named::<Preset>(&["best", "chapter"]))]
    #[arg(hide_possible_values = true, conflicts_with = "resume", help_heading = "Run")]
    pub preset: Option<Preset>,
    /// Begin with the weights of a classifier of PyTorch, Keras or ONNX: an embedding, LSTM or GRU layers, a dense layer
    #[arg(long, value_name = "FILE", value_parser = values::run(), conflicts_with = "resume", help_heading = "Run")]
    #[arg(conflicts_with_all = ["embedding", "cell", "directions", "hidden", "layers", "pretrain_epochs", "unlabelled"])]
    pub init_from: Option<PathBuf>,
    /// Index of its words, as JSON: {"the": 1}, as Keras's imdb_word_index.json [default: what the file says]
    #[arg(
        long,
        value_name = "FILE",
        requires = "init_from",
        conflicts_with = "resume",
        help_heading = "Run"
    )]
    pub init_vocabulary: Option<PathBuf>,
    /// What training takes in every program.
    #[command(flatten)]
    pub training: TrainingFlags,
    /// The columns of a table.
    #[command(flatten)]
    pub columns: ColumnFlags,
    /// What labels and words are.
    #[command(flatten)]
    pub meaning: MeaningFlags,
    /// What is read of the reviews, and how they are parted.
    #[command(flatten)]
    pub data: DataFlags,
    /// The network.
    #[command(flatten)]
    pub model: ModelFlags,
    /// What is learnt before.
    #[command(flatten)]
    pub pretraining: PretrainingFlags,
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
    /// The run whose model is judged, and the reviews.
    #[command(flatten)]
    pub source: RunFlags,
    /// The columns of a table.
    #[command(flatten)]
    pub columns: ColumnFlags,
    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}

/// The options of `classify`.
#[derive(Args, Clone, Debug, PartialEq)]
#[command(next_help_heading = "Reviews", group = ArgGroup::new("reviews").required(true).args(["text", "file"]))]
pub struct ClassifyFlags {
    /// Folder of the run, or its model.safetensors
    #[arg(long, value_name = "RUN", value_parser = values::run(), help_heading = "Run")]
    pub run: PathBuf,

    /// A review; `-` reads reviews from standard input
    #[arg(value_name = "TEXT", value_parser = values::text)]
    pub text: Option<String>,

    /// File of reviews: a table, JSON lines, or one a line
    #[arg(long, value_name = "PATH")]
    pub file: Option<PathBuf>,

    /// Column of the texts in a table [default: the one that can be it]
    #[arg(long, value_name = "NAME", value_parser = values::name)]
    pub text_column: Option<String>,

    /// Encoding of the reviews, such as windows-1252 [default: utf-8]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<Encoding>,

    /// Show what each word did to the score, for files too (always done for TEXT)
    #[arg(long)]
    pub explain: bool,

    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}
