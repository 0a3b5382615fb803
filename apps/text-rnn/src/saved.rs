//! A trained model: what `generate`, `evaluate` and `--init-from` start from.

use std::path::Path;

use recurrent_backend::BackendKind;
use recurrent_language_model::{Error, Foreign, ForeignFault, LanguageModel};
use recurrent_program::{Advised, Failure, Screen, Trained, refuse_meaningless};

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

/// Loads what a new run begins with: a run or model file of this program, or a file of PyTorch, Keras or ONNX, of which it is told what
/// was found. `vocabulary` says which characters such a file knows.
///
/// # Errors
/// There is none, it is damaged or of another kind of network, or nothing says which characters it knows.
pub(crate) fn load_first(
    path: &Path,
    vocabulary: Option<&Path>,
    backend: Option<BackendKind>,
    screen: &Screen,
) -> Result<LanguageModel, Failure> {
    if !Foreign::is_at(path) {
        let reason = "the model of `--init-from` has its own";
        refuse_meaningless([("--init-vocabulary", vocabulary.is_some(), reason)])?;
        return Ok(load(path, backend, screen)?.1);
    }
    let device = backend.unwrap_or_default().open()?;
    let foreign = Foreign::read(path, vocabulary, &device).map_err(|error| match &error {
        Error::Foreign { fault: ForeignFault::Other(_), .. } => error.into(),
        Error::Foreign { .. } => Failure::from(Advised::new(error, "`--init-vocabulary FILE`")),
        _ => error.into(),
    })?;
    screen.note(&format!("{}: {}", path.display(), foreign.found));
    Ok(foreign.model)
}
