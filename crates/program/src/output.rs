//! Whether there is a standard output.

/// Whether standard output was closed before the program began, as by `>&-`. Rust opens `/dev/null` in its place, so that whatever is
/// written would seem to have arrived.
#[cfg(unix)]
pub(crate) fn is_closed() -> bool {
    CLOSED.load(Ordering::Relaxed)
}

/// Elsewhere the system says so when it is written to.
#[cfg(not(unix))]
pub(crate) fn is_closed() -> bool {
    false
}

#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(unix)]
static CLOSED: AtomicBool = AtomicBool::new(false);

// Before `main`, and so before Rust opens anything in its place.
#[cfg(unix)]
ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn look() {
        use nix::fcntl::{FcntlArg, fcntl};
        CLOSED.store(fcntl(std::io::stdout(), FcntlArg::F_GETFD).is_err(), Ordering::Relaxed);
    }
}
