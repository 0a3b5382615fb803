//! From the command line to the exit code.

use std::io::stderr;
use std::process::ExitCode;

use recurrent_backend::{in_pool, set_threads};
use recurrent_train::Stopped;
use tracing_subscriber::EnvFilter;

use crate::complaint::complain;
use crate::crew::Told;
use crate::flags::CommonFlags;
use crate::interrupt::INTERRUPTED;
use crate::{Failure, Screen, WrongUsage};

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
            if let Some(told) = error.downcast_ref::<Told>() {
                return failed(told.wrong_usage);
            }
            // Where standard error is closed as well, the exit code has to do.
            let _ = complain(&*error, &mut stderr());
            failed(error.is::<WrongUsage>())
        }
    }
}

fn failed(wrong_usage: bool) -> ExitCode {
    if wrong_usage { ExitCode::from(WRONG_USAGE) } else { ExitCode::FAILURE }
}
