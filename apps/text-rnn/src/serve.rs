//! `serve`: writes for others over HTTP.

use recurrent_language_model::{LanguageModel, Writer};
use recurrent_program::{Failure, Screen, ServeFlags, stop_on_ctrl_c};

use crate::PROGRAM;

/// Serves the models of runs until Ctrl-C.
///
/// # Errors
/// A model cannot be read, or the address cannot be listened on.
pub fn serve(flags: &ServeFlags, screen: &Screen) -> Result<(), Failure> {
    recurrent_program::serve(Writer, PROGRAM, flags, &stop_on_ctrl_c()?, screen, |path, device| {
        LanguageModel::load_on(path, device)
    })
}
