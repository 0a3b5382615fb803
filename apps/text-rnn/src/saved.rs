//! A trained model: what `generate`, `evaluate` and `--init-from` start from.

use std::path::Path;

use recurrent_backend::BackendKind;
use recurrent_language_model::LanguageModel;
use recurrent_program::{Failure, Screen, Trained};

use crate::PROGRAM;

/// Loads the model of a run's folder or of a model file.
///
/// # Errors
/// There is no run of this program or no model, or it is damaged.
pub(crate) fn load(
    path: &Path,
    backend: Option<BackendKind>,
    screen: &Screen,
) -> Result<(Trained, LanguageModel), Failure> {
    // First, so that the run of another program is called so.
    let trained = Trained::open(PROGRAM, path, screen)?;
    let model = LanguageModel::load_on(path, &backend.unwrap_or_default().open()?)?;
    Ok((trained.with_sha256(model.settings().data_sha256.as_deref()), model))
}
