//! The options of `classify`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use recurrent_program::flags::{CommonFlags, values};

/// The options of `classify`.
#[derive(Args, Clone, Debug, PartialEq)]
#[command(group = ArgGroup::new("reviews").required(true).args(["text", "file"]))]
pub struct ClassifyFlags {
    /// The run whose model classifies.
    #[arg(long, value_name = "DIR", value_parser = values::folder(), help_heading = "Run")]
    #[arg(help = "Folder of the run")]
    pub run: PathBuf,

    /// A review, or `-`.
    #[arg(value_name = "TEXT", value_parser = values::text)]
    #[arg(help = "A review; `-` reads reviews from standard input", help_heading = "Reviews")]
    pub text: Option<String>,

    /// A file of reviews.
    #[arg(long, value_name = "PATH", help_heading = "Reviews")]
    #[arg(help = "File of reviews: one a line, or JSON lines, objects with a `text`")]
    pub file: Option<PathBuf>,

    /// Whether the words that moved each score are shown.
    #[arg(long, help_heading = "Reviews")]
    #[arg(help = "Show what each word did to the score, for files too (always done for TEXT)")]
    pub explain: bool,

    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}
