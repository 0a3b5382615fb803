//! The user's wish to stop, handed into the loop: the program sets it (on Ctrl-C, say), the loop reads it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag shared between the loop and whoever may stop it. Clones are the same flag.
///
/// ```
/// use recurrent_train::Interrupt;
///
/// let interrupt = Interrupt::default();
/// let handler = interrupt.clone();
/// handler.request();
/// assert!(interrupt.is_requested());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Asks the loop to finish its step, save and end. Safe to call from a signal handler's thread.
    pub fn request(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked.
    pub fn is_requested(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
