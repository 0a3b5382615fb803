//! `compare`: many runs of a program on one page.

use std::path::PathBuf;

use clap::Args;
use recurrent_runs::Comparison;
use serde::Serialize;

use crate::export::refuse_own;
use crate::flags::CommonFlags;
use crate::leave::write_page;
use crate::{Failure, Screen};

/// The options of `compare`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct CompareFlags {
    /// Folders of runs; one that cannot be read is told and left out
    #[arg(long, value_name = "DIR", num_args = 1.., required = true, help_heading = "Run")]
    pub run: Vec<PathBuf>,
    /// Page to write
    #[arg(long, value_name = "FILE", default_value = "compare.html", help_heading = "Output")]
    pub to: PathBuf,
    /// Machine and output.
    #[command(flatten)]
    pub common: CommonFlags,
}

/// What was compared, as `--format json` has it.
#[derive(Serialize)]
struct Compared<'a> {
    page: String,
    #[serde(flatten)]
    comparison: &'a Comparison,
}

/// Writes the page of some runs, and prints their figures and the settings that differ. `learnt` are the paths of
/// settings that a run takes from its data.
///
/// # Errors
/// None of the folders is a run of the program, or the page is a file of one of them, or cannot be written.
pub fn compare(program: &str, learnt: &[&str], flags: &CompareFlags, screen: &Screen) -> Result<(), Failure> {
    let CompareFlags { run, to, .. } = flags;
    run.iter().try_for_each(|run| refuse_own(run, to))?;
    let comparison = Comparison::read(program, run, learnt)?;
    comparison.notes().iter().for_each(|note| screen.note(&format!("note: {note}")));
    write_page(to, &comparison.page())?;
    let page = to.display().to_string();
    screen.note(&format!("page: {page}"));
    screen.result(&Compared { page, comparison: &comparison }, &comparison.text())
}
