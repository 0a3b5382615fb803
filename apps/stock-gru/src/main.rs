//! Forecasts daily prices with a GRU: trains, judges against honest baselines, and reports.

use std::io::stderr;
use std::process::ExitCode;

use recurrent_backend::{in_pool, set_threads};
use recurrent_train::{Interrupt, Stopped};
use stock_gru::Failure;
use stock_gru::complaint::complain;
use stock_gru::evaluate::evaluate;
use stock_gru::flags::Action;
use stock_gru::forecast::forecast;
use stock_gru::plot::plot;
use stock_gru::screen::Screen;
use stock_gru::train::{Extent, train};
use tracing_subscriber::EnvFilter;

/// The exit code of a run that was stopped by Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let action = Action::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).init();
    match start(&action) {
        Ok(Some(Stopped::Interrupted)) => ExitCode::from(INTERRUPTED),
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed as well, the exit code has to do.
            let _ = complain(&*error, &mut stderr());
            ExitCode::FAILURE
        }
    }
}

/// Sets the number of threads, and runs on one of them.
fn start(action: &Action) -> Result<Option<Stopped>, Failure> {
    let common = match action {
        Action::Whole(flags) | Action::Train(flags) => &flags.common,
        Action::Evaluate(flags) => &flags.common,
        Action::Forecast(flags) => &flags.common,
        Action::Plot(flags) => &flags.common,
    };
    if let Some(threads) = common.threads {
        set_threads(threads)?;
    }
    let screen = Screen::new(common);
    in_pool(|| run(action, &screen))
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

/// The first Ctrl-C finishes the step, saves and ends; a second one ends at once.
fn stop_on_ctrl_c() -> Result<Interrupt, ctrlc::Error> {
    let interrupt = Interrupt::default();
    let handler = interrupt.clone();
    ctrlc::set_handler(move || {
        if handler.is_requested() {
            std::process::exit(i32::from(INTERRUPTED));
        }
        handler.request();
    })?;
    Ok(interrupt)
}
