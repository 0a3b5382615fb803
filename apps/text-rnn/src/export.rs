//! `export`: writes the model for ONNX Runtime, PyTorch or Keras, or as a page.

use recurrent_cells::{Normalization, Reset};
use recurrent_language_model::{CellKind, Error, LanguageModel};
use recurrent_program::flags::{ExportFlags, ExportedAs};
use recurrent_program::{Advised, Failure, Screen, write_export, write_standalone};

use crate::{PROGRAM, saved};

/// Writes the file and prints how it is used.
///
/// # Errors
/// The model cannot be read, the framework lacks what it is, or the file cannot be written.
pub fn export(flags: &ExportFlags, screen: &Screen) -> Result<(), Failure> {
    let exported_as = flags.exported_as()?;
    let (_, model) = saved::load(&flags.run, flags.common.backend, screen)?;
    let advised = |error| advised(error, &model);
    match exported_as {
        ExportedAs::Page => write_standalone(PROGRAM, flags, &model.page().map_err(advised)?, screen),
        ExportedAs::Model(form) => {
            let exported = model.export(form).map_err(advised)?;
            write_export(PROGRAM, flags, form, &exported, &[], screen)
        }
    }
}

/// The error with what would make the model one that the framework has.
fn advised(error: Error, model: &LanguageModel) -> Failure {
    let network = &model.settings().network;
    let options = if network.normalization == Normalization::Layer {
        "a new run with `--normalization none`"
    } else if network.zoneout > 0.0 || network.zoneout_memory > 0.0 {
        "a new run without `--zoneout` and `--zoneout-memory`"
    } else if network.cell == CellKind::Gru && network.reset == Reset::Before {
        "`--names keras`, or `--to FILE.onnx`"
    } else {
        return error.into();
    };
    Advised::new(error, options).into()
}
