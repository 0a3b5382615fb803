//! Tells from a film review whether it praises its film: trains, evaluates, and classifies.

use std::process::ExitCode;

use imdb_bilstm::classify::classify;
use imdb_bilstm::evaluate::evaluate;
use imdb_bilstm::export::export;
use imdb_bilstm::flags::{Command, Flags};
#[cfg(feature = "serve")]
use imdb_bilstm::serve::serve;
use imdb_bilstm::train::train;
use imdb_bilstm::{LEARNT, PROGRAM};
use recurrent_program::{Extent, Failure, Screen, compare, flags::parse, launch, together};
use recurrent_train::Stopped;

/// It keeps what a training step frees for the next step.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let flags: Flags = parse();
    launch(flags.common(), |screen| run(&flags, screen))
}

/// Returns how a training ended.
fn run(flags: &Flags, screen: &Screen) -> Result<Option<Stopped>, Failure> {
    match &flags.command {
        None => together(|crew| train(&flags.whole, Extent::Report, crew, screen)).map(Some),
        Some(Command::Train(flags)) => together(|crew| train(flags, Extent::Summary, crew, screen)).map(Some),
        Some(Command::Evaluate(flags)) => evaluate(flags, screen).map(|()| None),
        Some(Command::Classify(flags)) => classify(flags, screen).map(|()| None),
        #[cfg(feature = "serve")]
        Some(Command::Serve(flags)) => serve(flags, screen).map(|()| None),
        Some(Command::Export(flags)) => export(flags, screen).map(|()| None),
        Some(Command::Compare(flags)) => compare(PROGRAM, LEARNT, flags, screen).map(|()| None),
    }
}
