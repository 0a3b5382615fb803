//! `cargo xtask bench`: times whole training steps of the four models, generation, and reading data, on this machine.

mod bars;
mod burn_layers;
mod compare;
mod data;
mod generate;
mod grid;
mod growth;
mod model;
mod output;
mod ranks;
mod step;
mod threads;
mod workload;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Measures Recurrent on this machine.
#[derive(Parser)]
#[command(name = "cargo xtask bench", version)]
struct Flags {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Times training steps: forward with dropout, loss, backward and optimiser, from a batch in memory.
    Step(step::Flags),
    /// Times one layer at many sizes, in training and in use.
    Grid(grid::Flags),
    /// Compares recorded steps, or points of the grid, with those of other programs: a table, and a plot.
    Compare(compare::Flags),
    /// Times the generation of text, one step a character, and how fast memory is read.
    Generate(generate::Flags),
    /// Times how much longer a step takes with twice the steps, the sequences or the layers.
    Growth(growth::Flags),
    /// Times steps whose batches are cut into shards, on one process and on several.
    Ranks(ranks::Flags),
    /// Times reading texts, prices and reviews.
    Data(data::Flags),
}

fn main() -> ExitCode {
    let result = match Flags::parse().what {
        What::Step(flags) => step::run(&flags),
        What::Grid(flags) => grid::run(&flags),
        What::Compare(flags) => compare::run(&flags),
        What::Generate(flags) => generate::run(&flags),
        What::Growth(flags) => growth::run(&flags),
        What::Ranks(flags) => ranks::run(&flags),
        What::Data(flags) => data::run(&flags),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[allow(clippy::print_stderr)] // the program's one place for complaints
            {
                eprintln!("error: {error}");
            }
            ExitCode::FAILURE
        }
    }
}
