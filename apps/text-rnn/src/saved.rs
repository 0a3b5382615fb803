//! The model of a finished run, read back: what `generate`, `evaluate` and `--init-from` start from.

use std::path::Path;

use recurrent_backend::BackendKind;
use recurrent_data::text::Vocabulary;
use recurrent_program::open_run;
use recurrent_train::{Error, RunFolder, load_model};

use crate::PROGRAM;
use crate::model::Writer;
use crate::settings::Settings;

/// A run's model.
pub struct Saved {
    /// The run's settings.
    pub settings: Settings,
    /// The run's folder.
    pub run: RunFolder,
    /// The model, without automatic differentiation.
    pub model: Writer,
    /// The characters that it knows.
    pub vocabulary: Vocabulary,
}

impl Saved {
    /// Reads a run.
    ///
    /// # Errors
    /// There is no run or no weights, or they are damaged.
    pub fn read(folder: &Path, backend: Option<BackendKind>) -> Result<Self, crate::Failure> {
        let (run, settings) = open_run::<Settings>(PROGRAM, folder)?;
        let weights = run.weights_file()?;
        let Some(vocabulary) = settings.vocabulary.clone() else {
            let problem = "has no vocabulary, so its weights have no meaning; start a new run";
            return Err(Error::invalid(&run.config_file(), problem).into());
        };
        let device = backend.unwrap_or_default().open()?;
        let model = Writer::zeros(&settings.model, vocabulary.len(), &device);
        let (model, _) = load_model(model, &weights)?;
        Ok(Self { settings, run, model, vocabulary })
    }
}
