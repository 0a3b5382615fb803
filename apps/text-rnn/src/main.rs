//! Learns to write from a text, character by character: trains, writes, evaluates, and shows how gradients vanish.

use std::process::ExitCode;

use recurrent_program::{Extent, Failure, Screen, launch, stop_on_ctrl_c};
use recurrent_train::Stopped;
use text_rnn::evaluate::evaluate;
use text_rnn::flags::Action;
use text_rnn::generate::generate;
use text_rnn::gradients::gradients;
use text_rnn::train::train;

fn main() -> ExitCode {
    let action = Action::parse();
    launch(action.common(), |screen| run(&action, screen))
}

/// Returns how a training ended.
fn run(action: &Action, screen: &Screen) -> Result<Option<Stopped>, Failure> {
    match action {
        Action::Whole(flags) => train(flags, Extent::Report, stop_on_ctrl_c()?, screen).map(Some),
        Action::Train(flags) => train(flags, Extent::Summary, stop_on_ctrl_c()?, screen).map(Some),
        Action::Evaluate(flags) => evaluate(flags, screen).map(|()| None),
        Action::Generate(flags) => generate(flags, screen).map(|()| None),
        Action::Gradients(flags) => gradients(flags, screen).map(|()| None),
    }
}
