//! `serve`: classifies for others over HTTP.

use recurrent_classifier::{Classifier, Reader};
use recurrent_program::{Failure, Screen, ServeFlags, stop_on_ctrl_c};

use crate::PROGRAM;

/// Serves the models of runs until Ctrl-C.
///
/// # Errors
/// A model cannot be read, or the address cannot be listened on.
pub fn serve(flags: &ServeFlags, screen: &Screen) -> Result<(), Failure> {
    recurrent_program::serve(Reader, PROGRAM, flags, &stop_on_ctrl_c()?, screen, |path, device| {
        Classifier::load_on(path, device)
    })
}
