//! The command line of `cargo xtask`, all in one place.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::{
    cargo,
    fetch::{Mirror, Name, Patience, Request},
};

/// The words after `cargo xtask`.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The tasks of the Recurrent project")]
pub struct Flags {
    /// Which task to run.
    #[command(subcommand)]
    pub task: Task,
}

/// One task and its options.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Download the three data sets, each checked and put in place whole or not at all
    FetchData(FetchData),
    /// Measure a training step or generation
    Bench(Bench),
    /// Run every check that continuous integration runs, in its order, up to the first failure
    Ci,
    /// Count the lines of every crate and program, as a Markdown table
    Lines,
    /// Check that a crate outside the workspace builds on the libraries and uses their models
    #[command(hide = true)]
    Outside,
}

const FETCH_EXAMPLES: &str = "\
Examples:
  cargo xtask fetch-data
  cargo xtask fetch-data --only prices
  cargo xtask fetch-data --only text --only reviews --to /data/recurrent
  cargo xtask fetch-data --only onnxruntime-web
  cargo xtask fetch-data --mirror ~/mirror
  cargo xtask fetch-data --mirror http://192.168.1.20:8000/recurrent

A broken download goes on where it stopped when the command is run again. A file that is there and right is \
not fetched again; delete it to fetch it anew. datasets/catalog.json says where the data comes from, under \
which licence, and which checksums are known.";

/// Options of `fetch-data`.
#[derive(Debug, Args)]
#[command(after_help = FETCH_EXAMPLES)]
pub struct FetchData {
    /// Fetch this data set; may be given several times [default: all three]; or onnxruntime-web, which pages
    /// without a server have in them
    #[arg(long, value_name = "SET")]
    pub only: Vec<Name>,

    /// Take the files from this folder or http(s) address instead of their homes, under the same names:
    /// warpeace_input.txt, ^DJI.csv, aclImdb_v1.tar.gz, onnxruntime-web.tgz
    #[arg(long, value_name = "DIR_OR_URL")]
    pub mirror: Option<Mirror>,

    /// The folder to put them in [default: datasets/ of this workspace]
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,

    /// Also unpack the reviews, into the folder aclImdb beside the archive; no program here needs it, since
    /// they read the archive itself
    #[arg(long)]
    pub unpack: bool,
}

impl FetchData {
    /// Fills in what was not said.
    pub fn into_request(self) -> Request {
        Request {
            only: if self.only.is_empty() { Name::DATA.to_vec() } else { self.only },
            mirror: self.mirror,
            to: self.to.unwrap_or_else(|| cargo::workspace_root().join("datasets")),
            unpack: self.unpack,
            patience: Patience::default(),
        }
    }
}

const BENCH_EXAMPLES: &str = "\
Examples:
  cargo xtask bench step --workload gru
  cargo xtask bench step --workload lstm --steps 5 --threads 2 --format json
  cargo xtask bench step --workload gru --backend ndarray
  cargo xtask bench step --help";

/// The words of `bench`, handed on to the program `recurrent-bench` as they are.
#[derive(Debug, Args)]
#[command(after_help = BENCH_EXAMPLES, disable_help_flag = true)]
pub struct Bench {
    /// step, compare, generate, growth or data, and its options
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "WORDS")]
    pub words: Vec<String>,
}
