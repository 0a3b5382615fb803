//! The user's wish to stop.

use std::process::exit;
use std::time::{Duration, Instant};

use recurrent_train::Interrupt;

/// The exit code of a run that was stopped by Ctrl-C, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

/// Signals that come faster than this are one: a terminal and a launcher may both send it.
const ONE_SIGNAL: Duration = Duration::from_millis(500);

/// The first Ctrl-C, or request of the system to end, asks to finish what is under way; a second one ends at once.
///
/// # Errors
/// The system refuses the handler.
pub fn stop_on_ctrl_c() -> Result<Interrupt, ctrlc::Error> {
    let interrupt = Interrupt::default();
    let (handler, mut first) = (interrupt.clone(), None);
    ctrlc::set_handler(move || {
        if first.get_or_insert_with(Instant::now).elapsed() > ONE_SIGNAL {
            exit(INTERRUPTED.into());
        }
        handler.request();
    })?;
    Ok(interrupt)
}
