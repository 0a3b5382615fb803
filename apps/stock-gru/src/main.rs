//! Forecasts daily prices with a GRU: trains, judges against honest baselines, and reports.

use std::error::Error;
use std::io::stderr;
use std::process::ExitCode;

use recurrent_backend::set_threads;
use recurrent_train::{Interrupt, Stopped};
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
    match run(&action) {
        Ok(Some(Stopped::Interrupted)) => ExitCode::from(INTERRUPTED),
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed as well, the exit code has to do.
            let _ = complain(&*error, &mut stderr());
            ExitCode::FAILURE
        }
    }
}

fn run(action: &Action) -> Result<Option<Stopped>, Box<dyn Error>> {
    let (common, training) = match action {
        Action::Whole(flags) => (&flags.common, Some((flags, Extent::Report))),
        Action::Train(flags) => (&flags.common, Some((flags, Extent::Summary))),
        Action::Evaluate(flags) => (&flags.common, None),
        Action::Forecast(flags) => (&flags.common, None),
        Action::Plot(flags) => (&flags.common, None),
    };
    if let Some(threads) = common.threads {
        set_threads(threads)?;
    }
    let screen = Screen::new(common);
    if let Some((flags, extent)) = training {
        return train(flags, extent, stop_on_ctrl_c()?, &screen).map(Some);
    }
    match action {
        Action::Evaluate(flags) => evaluate(flags, &screen)?,
        Action::Forecast(flags) => forecast(flags, &screen)?,
        Action::Plot(flags) => plot(flags, &screen)?,
        Action::Whole(_) | Action::Train(_) => {}
    }
    Ok(None)
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
