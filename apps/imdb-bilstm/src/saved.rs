//! The model of a finished run, read back: what `evaluate` and `classify` start from. Its words lie beside its weights, so
//! that no data set is needed.

use std::path::{Path, PathBuf};

use recurrent_backend::BackendKind;
use recurrent_data::reviews::{Coding, INDEX_FROM, Vocabulary};
use recurrent_program::open_run;
use recurrent_train::{
    Error, RunFolder,
    files::{read_limited, sha256_hex, write_whole},
    load_model,
};

use crate::PROGRAM;
use crate::model::Classifier;
use crate::predict::Scorer;
use crate::settings::{Partner, Settings};
use crate::stacking::Stacking;

/// A run's model.
pub struct Saved {
    /// The run's settings.
    pub settings: Settings,
    /// The model, without automatic differentiation.
    pub scorer: Scorer,
    /// The words that it knows.
    pub vocabulary: Vocabulary,
}

/// The words of a model, as its run keeps them: the most frequent first, each with how often it occurred.
pub struct Words {
    bytes: Vec<u8>,
    /// The SHA-256 of the file.
    pub sha256: String,
}

/// A million words of a hundred letters fit.
const MOST_BYTES: u64 = 128 << 20;

impl Words {
    /// The words of a vocabulary that a coding can have an index for.
    ///
    /// # Errors
    /// They cannot be written as JSON.
    pub fn of(vocabulary: &Vocabulary, coding: Coding) -> Result<Self, crate::Failure> {
        // Rank r has the index r + INDEX_FROM, and every index is below num_words.
        let known = (coding.num_words() - INDEX_FROM - 1) as usize;
        let bytes = serde_json::to_vec(&vocabulary.most_frequent(known)?)?;
        Ok(Self { sha256: sha256_hex(&bytes), bytes })
    }

    /// Writes them into a run.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, run: &RunFolder) -> Result<(), Error> {
        write_whole(&file(run), &self.bytes)
    }
}

fn file(run: &RunFolder) -> PathBuf {
    run.path().join("vocabulary.json")
}

impl Saved {
    /// Reads a run.
    ///
    /// # Errors
    /// There is no run or no weights, or a file is damaged.
    pub fn read(folder: &Path, backend: Option<BackendKind>) -> Result<Self, crate::Failure> {
        let (run, settings) = open_run::<Settings>(PROGRAM, folder)?;
        let weights = run.weights_file()?;
        let vocabulary = vocabulary(&run, settings.vocabulary.as_deref())?;
        let device = backend.unwrap_or_default().open()?;
        let (network, _) = load_model(Classifier::new(&settings, &device), &weights)?;
        let stacking = match settings.stacking {
            Partner::None => None,
            Partner::NbSvm => Some(Stacking::read(&run, &settings, &device)?),
        };
        Ok(Self { settings, scorer: Scorer { network, stacking }, vocabulary })
    }

    /// The indices of a text's words, as the model reads them.
    pub fn indices(&self, text: &str) -> Vec<u32> {
        self.settings.coding.encode(&self.vocabulary.ranks(text))
    }
}

fn vocabulary(run: &RunFolder, sha256: Option<&str>) -> Result<Vocabulary, Error> {
    let file = file(run);
    let bytes = read_limited(&file, MOST_BYTES)?;
    if sha256 != Some(&sha256_hex(&bytes)) {
        let problem = "is not the vocabulary that the run was trained with, so its weights have no meaning; start a new run";
        return Err(Error::invalid(&file, problem));
    }
    serde_json::from_slice(&bytes)
        .map_err(|error| Error::invalid(&file, format!("does not hold words: {error}; start a new run")))
}
