//! Learns to write from a text, by characters, words or subwords: trains, writes, evaluates, and shows how gradients vanish.

use std::process::ExitCode;

use recurrent_program::flags::parse;
use recurrent_program::{Extent, Failure, Screen, compare, launch, together};
use recurrent_train::Stopped;
use text_rnn::evaluate::evaluate;
use text_rnn::export::export;
use text_rnn::flags::{Command, Flags};
use text_rnn::generate::generate;
use text_rnn::gradients::gradients;
#[cfg(feature = "serve")]
use text_rnn::serve::serve;
use text_rnn::train::train;
use text_rnn::{LEARNT, PROGRAM};

/// It keeps what a training step frees for the next step.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let flags = parse::<Flags>();
    launch(flags.common(), |screen| run(&flags, screen))
}

/// Returns how a training ended.
fn run(flags: &Flags, screen: &Screen) -> Result<Option<Stopped>, Failure> {
    match &flags.command {
        None => together(|crew| train(&flags.whole, Extent::Report, crew, screen)).map(Some),
        Some(Command::Train(flags)) => together(|crew| train(flags, Extent::Summary, crew, screen)).map(Some),
        Some(Command::Evaluate(flags)) => evaluate(flags, screen).map(|()| None),
        Some(Command::Generate(flags)) => generate(flags, screen).map(|()| None),
        Some(Command::Export(flags)) => export(flags, screen).map(|()| None),
        Some(Command::Compare(flags)) => compare(PROGRAM, LEARNT, flags, screen).map(|()| None),
        Some(Command::Gradients(flags)) => gradients(flags, screen).map(|()| None),
        #[cfg(feature = "serve")]
        Some(Command::Serve(flags)) => serve(flags, screen).map(|()| None),
    }
}
