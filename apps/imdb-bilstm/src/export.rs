//! `export`: writes the model for ONNX Runtime, PyTorch or Keras, or as a page.

use recurrent_classifier::Classifier;
use recurrent_program::flags::{ExportFlags, ExportedAs};
use recurrent_program::{Failure, Screen, Trained, write_export, write_standalone};

use crate::PROGRAM;

/// Writes the file, says whose probability it gives, and prints how it is used.
///
/// # Errors
/// The model cannot be read, or the file cannot be written.
pub fn export(flags: &ExportFlags, screen: &Screen) -> Result<(), Failure> {
    let exported_as = flags.exported_as()?;
    Trained::open(PROGRAM, &flags.run, screen)?;
    let model = Classifier::load_on(&flags.run, &flags.common.backend.unwrap_or_default().open()?)?;
    match exported_as {
        ExportedAs::Page => write_standalone(PROGRAM, flags, &model.page()?, screen),
        ExportedAs::Model(form) => {
            let note = model.exported_probability(form);
            write_export(PROGRAM, flags, form, &model.export(form)?, &[note], screen)
        }
    }
}
