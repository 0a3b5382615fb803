//! The command line of the review classifier: its words, their options, and what each may be.
//!
//! Values are checked here, once. Presets are only named here; what they hold is not this module's matter.

mod classify;
mod data;
mod model;
mod pretraining;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum, error::ErrorKind};
use recurrent_program::flags::{CommonFlags, RunFlags, TrainingFlags, UpdateFlags, parse};
use serde::{Deserialize, Serialize};

pub use classify::ClassifyFlags;
pub use data::{ColumnFlags, DataFlags};
pub use model::ModelFlags;
pub use pretraining::PretrainingFlags;

/// What the program is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// No word: train, evaluate and report.
    Whole(TrainFlags),
    /// Train a model and write the run.
    Train(TrainFlags),
    /// Judge the model of a run on labelled reviews.
    Evaluate(EvaluateFlags),
    /// Classify reviews.
    Classify(ClassifyFlags),
}

impl Action {
    /// Reads the command line of the process. Help and the version are printed, and wrong usage is explained;
    /// each ends the process, with exit code 0, 0 and 2.
    pub fn parse() -> Self {
        let action = Self::from(parse::<Flags>());
        if let Self::Whole(flags) | Self::Train(flags) = &action {
            flags.check().unwrap_or_else(|error| error.exit());
        }
        action
    }

    /// What every word takes.
    pub fn common(&self) -> &CommonFlags {
        match self {
            Self::Whole(flags) | Self::Train(flags) => &flags.common,
            Self::Evaluate(flags) => &flags.common,
            Self::Classify(flags) => &flags.common,
        }
    }
}

/// The command line as clap reads it; [`Action`] is what it means.
#[derive(Parser, Clone, Debug)]
#[command(name = "imdb-bilstm", version, about = ABOUT, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(override_usage = "imdb-bilstm [OPTIONS]\n       imdb-bilstm <COMMAND> [OPTIONS]")]
#[command(after_help = EXAMPLES)]
pub struct Flags {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    whole: TrainFlags,
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
  imdb-bilstm --resume runs/chapter                       go on with a run that was stopped
  imdb-bilstm classify --run runs/chapter \"A dull film\"   one review, and what moved its score
  imdb-bilstm classify --run runs/chapter --file new.txt  one review a line
  imdb-bilstm evaluate --run runs/chapter --data new.csv  how well it does on other reviews";

#[derive(Subcommand, Clone, Debug)]
enum Command {
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
                      (of being positive), the number of its `words`, how many are `known`, and, where asked for, an\n\
                      `explanation`: how much lower the logit is without each word"
    )]
    Classify(ClassifyFlags),
}

/// The options of training.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct TrainFlags {
    /// The settings that the other options override.
    #[arg(long, value_name = "NAME", value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "best or chapter: settings that other options override")]
    #[arg(conflicts_with = "resume", help_heading = "Run")]
    pub preset: Preset,
    /// What training takes in every program.
    #[command(flatten)]
    pub training: TrainingFlags,
    /// The columns of a table.
    #[command(flatten)]
    pub columns: ColumnFlags,
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

impl TrainFlags {
    /// Refuses what clap cannot: options that another word has too, where a run is gone on with.
    ///
    /// # Errors
    /// Columns are named although a run's are gone on with.
    pub fn check(&self) -> Result<(), clap::Error> {
        if self.training.resume.is_none() || self.columns == ColumnFlags::default() {
            return Ok(());
        }
        let option = if self.columns.text_column.is_some() { "text" } else { "label" };
        let message = format!(
            "the argument '--resume <DIR>' cannot be used with '--{option}-column <NAME>', which the run has already"
        );
        Err(Flags::command().error(ErrorKind::ArgumentConflict, message))
    }
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

/// Named settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// The best settings known.
    #[default]
    Best,
    /// The textbook chapter's.
    Chapter,
}

impl Preset {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Chapter => "chapter",
        }
    }
}

impl From<Flags> for Action {
    fn from(flags: Flags) -> Self {
        match flags.command {
            None => Self::Whole(flags.whole),
            Some(Command::Train(flags)) => Self::Train(*flags),
            Some(Command::Evaluate(flags)) => Self::Evaluate(flags),
            Some(Command::Classify(flags)) => Self::Classify(flags),
        }
    }
}
