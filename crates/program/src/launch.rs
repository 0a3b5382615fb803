//! From the command line to the exit code.

use std::io::stderr;
use std::process::ExitCode;

use recurrent_backend::{in_pool, set_threads};
use recurrent_train::{Interrupt, Stopped};
use tracing_subscriber::EnvFilter;

use crate::complaint::complain;
use crate::flags::CommonFlags;
use crate::{Failure, Screen, WrongUsage};

/// The exit code of a run that was stopped by Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

/// The exit code of wrong usage, as clap has it.
const WRONG_USAGE: u8 = 2;

/// Does a program's work on the number of threads asked for, and turns its end into an exit code: 0, 1 or, for wrong usage, 2 with a
/// complaint on standard error, or 130 where a training was interrupted. Log events go to standard error as `RUST_LOG` asks.
pub fn launch(
    flags: &CommonFlags,
    work: impl FnOnce(&Screen) -> Result<Option<Stopped>, Failure> + Send,
) -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).init();
    let screen = Screen::new(flags);
    let started = flags.threads.map_or(Ok(()), |threads| set_threads(threads).map_err(Failure::from));
    match started.and_then(|()| in_pool(|| work(&screen))) {
        Ok(Some(Stopped::Interrupted)) => ExitCode::from(INTERRUPTED),
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is closed as well, the exit code has to do.
            let _ = complain(&*error, &mut stderr());
            if error.is::<WrongUsage>() { ExitCode::from(WRONG_USAGE) } else { ExitCode::FAILURE }
        }
    }
}

/// The first Ctrl-C finishes the step, saves and ends; a second one ends at once.
///
/// # Errors
/// The system refuses the handler.
pub fn stop_on_ctrl_c() -> Result<Interrupt, ctrlc::Error> {
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
