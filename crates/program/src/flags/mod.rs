//! The options that every program has, whatever it trains.

mod export;
mod named;
mod update;
pub mod values;
mod words;

use std::io::stderr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Command, Parser, ValueEnum};
use recurrent_backend::BackendKind;

use crate::crew::launched::Launched;
use crate::{complain, show};

pub use export::{ExportFlags, ExportedAs, Names};
pub use named::named;
pub use update::{Optimizer, ScheduleKind, UpdateFlags, set};

/// Reads the command line of the process, where a word may stand behind its options. Help and the version are printed, and wrong
/// usage is explained; each ends the process, with exit code 0, 0 and 2.
pub fn parse<F: Parser>() -> F {
    let command = with_negative_numbers(F::command());
    let arguments = words::word_first(&command, std::env::args_os().collect());
    let matches = command.clone().try_get_matches_from(&arguments);
    let matches = matches.unwrap_or_else(|error| {
        if let (false, Err(unshown)) = (error.use_stderr(), show("")) {
            let _ = complain(&unshown, &mut stderr());
            std::process::exit(1);
        }
        if Launched::is_silent() {
            std::process::exit(error.exit_code());
        }
        words::explained(error, &command, &arguments).exit()
    });
    F::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// Takes a number below 0 for a value, not for an option, so that the option it is given to says what it may be.
fn with_negative_numbers(command: Command) -> Command {
    command
        .mut_args(|option| {
            let takes_values = option.get_action().takes_values();
            option.allow_negative_numbers(takes_values)
        })
        .mut_subcommands(with_negative_numbers)
}

/// What each word of a program takes: machine and output.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct CommonFlags {
    /// Backend that computes; absent, flex, or that of the run which is gone on with.
    #[arg(long, value_name = "NAME", help_heading = "Machine")]
    #[arg(help = "flex, ndarray, wgpu or cuda, where this build has it [default: flex]")]
    pub backend: Option<BackendKind>,

    /// Number of threads; absent, as many as the machine has processors.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=1024), help_heading = "Machine")]
    #[arg(help = "Threads; results do not depend on it [default: one per processor]")]
    pub threads: Option<usize>,

    /// Form of what goes to standard output.
    #[arg(long, value_name = "text|json", value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "text, or json: one line, the summary, and nothing else")]
    #[arg(help_heading = "Output")]
    pub format: Format,

    /// Whether progress is left out.
    #[arg(long, help = "Print results and errors only, no progress", help_heading = "Output")]
    pub quiet: bool,
}

/// What training takes in every program.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct TrainingFlags {
    /// Folder that the run is written to; absent, a new one.
    #[arg(long, value_name = "DIR", conflicts_with = "resume", help_heading = "Run")]
    #[arg(help = "Folder to write, new or empty [default: a new one under runs/]")]
    pub run: Option<PathBuf>,

    /// Folder of a run to go on with.
    #[arg(long, value_name = "DIR", value_parser = values::folder(), help_heading = "Run")]
    #[arg(help = "Run to go on with; of its settings, only --epochs and --max-steps may change")]
    pub resume: Option<PathBuf>,

    /// Where the data comes from, several files where the option is repeated; absent, from where it was fetched to, else generated.
    #[arg(long, value_name = "PATH|demo", help_heading = "Data")]
    #[arg(help = "Data, or `demo` for generated data [default: datasets/, else demo]")]
    pub data: Vec<DataSource>,

    /// Seed of all that is random; absent, [`DEFAULT_SEED`].
    #[arg(long, value_name = "N", value_parser = values::seed, help_heading = "Training")]
    #[arg(conflicts_with = "resume")]
    #[arg(help = "Seed; the same seed gives the same result [default: 42]")]
    pub seed: Option<u64>,

    /// Number of epochs.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=10_000_000), help_heading = "Training")]
    #[arg(help = "Most epochs to train")]
    pub epochs: Option<usize>,

    /// Number of steps, over the whole run, after which to stop.
    #[arg(long, value_name = "N", value_parser = values::steps, help_heading = "Training")]
    #[arg(help = "Stop after this many training steps in all")]
    pub max_steps: Option<u64>,

    /// Number of samples in a batch.
    #[arg(long, value_name = "N", value_parser = values::whole(BATCH_SIZE), help_heading = "Training")]
    #[arg(help = "Samples in a batch", conflicts_with = "resume")]
    pub batch_size: Option<usize>,

    /// Into how many shards each batch is cut.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=4096), help_heading = "Training")]
    #[arg(help = "Cut each batch into N parts that are computed one by one, in less memory [default: 1]")]
    #[arg(conflicts_with = "resume")]
    pub shards: Option<usize>,

    /// Steps between two histograms of the weights and gradients; absent, there are none.
    #[arg(long, value_name = "N", value_parser = values::steps, help_heading = "Training")]
    #[arg(help = "Record how weights and gradients are spread after every N steps, for TensorBoard")]
    pub histograms: Option<u64>,
}

/// What each word takes that reads a run.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct RunFlags {
    /// The run that is read.
    #[arg(long, value_name = "RUN", value_parser = values::run(), help_heading = "Run")]
    #[arg(help = "Folder of the run, or its model.safetensors")]
    pub run: PathBuf,

    /// Where the data comes from, several files where the option is repeated; absent, from where the run had it.
    #[arg(long, value_name = "PATH|demo", help_heading = "Run")]
    #[arg(help = "Data, or `demo` for generated data [default: those of the run]")]
    pub data: Vec<DataSource>,
}

/// Samples that a batch may have.
pub const BATCH_SIZE: RangeInclusive<usize> = 1..=1_000_000;

/// The seed that programs take when none is given.
pub const DEFAULT_SEED: u64 = 42;

/// Where data comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSource {
    /// Generated data, the same on every machine.
    Demo,
    /// A file or folder. One named `demo` is written `./demo`.
    Path(PathBuf),
}

impl FromStr for DataSource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "" => Err("expected a path, or `demo`".to_owned()),
            "demo" => Ok(Self::Demo),
            path => Ok(Self::Path(path.into())),
        }
    }
}

/// Form of what goes to standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One line of JSON: the summary.
    Json,
}
