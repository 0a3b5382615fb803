//! Tells from a film review whether it praises its film: trains, evaluates, and classifies.

use std::process::ExitCode;

use imdb_bilstm::classify::classify;
use imdb_bilstm::evaluate::evaluate;
use imdb_bilstm::flags::Action;
use imdb_bilstm::train::train;
use recurrent_program::{Extent, Failure, Screen, launch, stop_on_ctrl_c};
use recurrent_train::Stopped;

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
        Action::Classify(flags) => classify(flags, screen).map(|()| None),
    }
}
