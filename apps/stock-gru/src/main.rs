//! Forecasts daily prices with a GRU: trains, judges against honest baselines, and reports.

use std::process::ExitCode;

use recurrent_program::{Extent, Failure, Screen, launch, stop_on_ctrl_c};
use recurrent_train::Stopped;
use stock_gru::evaluate::evaluate;
use stock_gru::flags::Action;
use stock_gru::forecast::forecast;
use stock_gru::plot::plot;
use stock_gru::train::train;

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
        Action::Forecast(flags) => forecast(flags, screen).map(|()| None),
        Action::Plot(flags) => plot(flags, screen).map(|()| None),
    }
}
