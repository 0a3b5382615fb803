//! `export`: writes the model for ONNX Runtime, PyTorch or Keras.

use recurrent_classifier::Classifier;
use recurrent_program::flags::ExportFlags;
use recurrent_program::{Failure, Screen, Trained, write_export};

use crate::PROGRAM;

/// Writes the file, says whose probability it gives, and prints how it is used.
///
/// # Errors
/// The model cannot be read, or the file cannot be written.
pub fn export(flags: &ExportFlags, screen: &Screen) -> Result<(), Failure> {
    let form = flags.form()?;
    Trained::open(PROGRAM, &flags.run, screen)?;
    let model = Classifier::load_on(&flags.run, &flags.common.backend.unwrap_or_default().open()?)?;
    write_export(PROGRAM, flags, &model.export(form)?, &[model.exported_probability(form)], screen)
}
