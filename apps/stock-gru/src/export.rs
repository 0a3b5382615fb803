//! `export`: writes the model for ONNX Runtime, PyTorch or Keras, or as a page.

use recurrent_forecaster::{Forecaster, Reset};
use recurrent_program::flags::{ExportFlags, ExportedAs};
use recurrent_program::{Advised, Failure, Screen, Trained, write_export, write_standalone};

use crate::PROGRAM;

/// Writes the file and prints how it is used.
///
/// # Errors
/// The model cannot be read, the framework lacks what it is, or the file cannot be written.
pub fn export(flags: &ExportFlags, screen: &Screen) -> Result<(), Failure> {
    let exported_as = flags.exported_as()?;
    Trained::open(PROGRAM, &flags.run, screen)?;
    let model = Forecaster::load_on(&flags.run, &flags.common.backend.unwrap_or_default().open()?)?;
    let form = match exported_as {
        ExportedAs::Page => return write_standalone(PROGRAM, flags, &model.page()?, screen),
        ExportedAs::Model(form) => form,
    };
    let exported = model.export(form).map_err(|error| match model.settings().model.reset {
        Reset::Before => Advised::new(error, "`--names keras`, or `--to FILE.onnx`").into(),
        Reset::After => Failure::from(error),
    })?;
    write_export(PROGRAM, flags, form, &exported, &[], screen)
}
