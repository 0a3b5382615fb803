//! `cargo xtask`: reads the words, runs one task, and turns its result into an exit code.
//!
//! 0 is success, 1 a failure (reported on standard error), 2 a wrong use of the command line.
#![allow(clippy::print_stderr, reason = "the program reports its failures here, and only here")]

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Parser as _;
use xtask::{
    bench, cargo, ci,
    fetch::{self, Catalog},
    flags::{Flags, Task},
    lines, outside, report,
};

fn main() -> ExitCode {
    let outcome = match Flags::parse().task {
        Task::FetchData(words) => Catalog::shipped()
            .map_err(fetch::FetchError::from)
            .and_then(|catalog| fetch::run(&catalog, &words.into_request(), &mut io::stdout()))
            .map(|()| ExitCode::SUCCESS)
            .map_err(|error| report::chain(&error)),
        Task::Bench(words) => bench::run(&words.words).map_err(|error| report::chain(&error)),
        Task::Ci => ci::run(ci::STEPS, &mut io::stdout())
            .map(|()| ExitCode::SUCCESS)
            .map_err(|error| report::chain(&error)),
        Task::Lines => lines::Table::count(&cargo::workspace_root())
            .map_err(|error| report::chain(&error))
            .and_then(|table| write!(io::stdout(), "{table}").map_err(|error| report::chain(&error)))
            .map(|()| ExitCode::SUCCESS),
        Task::Outside => {
            outside::run(&mut io::stdout()).map(|()| ExitCode::SUCCESS).map_err(|error| report::chain(&error))
        }
    };
    outcome.unwrap_or_else(|message| {
        eprintln!("error: {message}");
        ExitCode::FAILURE
    })
}
