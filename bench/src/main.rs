//! `cargo xtask bench step`: times whole training steps of the four models on this machine.

mod burn_layers;
mod model;
mod step;
mod workload;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
}

fn main() -> ExitCode {
    let What::Step(flags) = Flags::parse().what;
    match step::run(&flags) {
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
