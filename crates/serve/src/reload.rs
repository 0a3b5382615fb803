//! Looks for newer weights now and then: a run that is still being trained is served with the best that it has so far.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, SystemTime};

use crate::models::Served;
use crate::task::Task;

/// Loads anew what was written anew, until the other end of `over` is gone. What cannot be loaded stays as it was,
/// and is tried again: a training may have replaced a file while it was read.
pub(crate) fn reload<T: Task>(
    models: &[Served<T>],
    written: Vec<Option<SystemTime>>,
    every: Duration,
    over: &Receiver<()>,
) {
    let mut known = written;
    while over.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
        for (served, known) in models.iter().zip(&mut known) {
            let written = served.source.written();
            if written.is_none() || written == *known {
                continue;
            }
            match served.reload() {
                Ok(weights) => {
                    *known = written;
                    served.counters.reloaded();
                    tracing::info!(
                        model = served.name,
                        epoch = weights.epoch,
                        step = weights.step,
                        "loaded newer weights"
                    );
                }
                Err(error) => {
                    tracing::warn!(model = served.name, %error, "newer weights cannot be loaded yet")
                }
            }
        }
    }
}
