//! The words of a model, as its run keeps them beside its weights, so that no data set is needed to use it.

use std::path::PathBuf;

use recurrent_data::reviews::{Coding, INDEX_FROM, Vocabulary};
use recurrent_train::{
    Error, RunFolder,
    files::{read_limited, sha256_hex, write_whole},
};

/// The words of a model: the most frequent first, each with how often it occurred.
#[derive(Clone, Debug)]
pub struct Words {
    json: String,
    sha256: String,
}

/// A million words of a hundred letters fit.
const MOST_BYTES: u64 = 128 << 20;

impl Words {
    /// The words of a vocabulary that a coding can have an index for.
    pub fn of(vocabulary: &Vocabulary, coding: Coding) -> Self {
        let json = to_json(&known(vocabulary, coding));
        Self { sha256: sha256_hex(json.as_bytes()), json }
    }

    /// The SHA-256 of the file: a run's settings have it, and only with words of this checksum its weights have a meaning.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Writes them into a run, as `vocabulary.json`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, run: &RunFolder) -> Result<(), Error> {
        write_whole(&file(run), self.json.as_bytes())
    }
}

/// The words of a vocabulary that a coding can have an index for.
pub(crate) fn known(vocabulary: &Vocabulary, coding: Coding) -> Vocabulary {
    // Rank r has the index r + INDEX_FROM, and every index is below num_words.
    let known = (coding.num_words() - INDEX_FROM - 1) as usize;
    vocabulary.most_frequent(known).expect("a coding has an index for at least one word")
}

/// Words as JSON: pairs of a word and how often it occurred.
pub(crate) fn to_json(vocabulary: &Vocabulary) -> String {
    serde_json::to_string(vocabulary).expect("words and numbers are JSON")
}

/// Reads what a run has, of the checksum that its settings have.
///
/// # Errors
/// The file is missing, or not the one of the checksum.
pub(crate) fn read(run: &RunFolder, sha256: Option<&str>) -> Result<Vocabulary, Error> {
    let file = file(run);
    let bytes = read_limited(&file, MOST_BYTES)?;
    if sha256 != Some(&sha256_hex(&bytes)) {
        let problem = "is not the vocabulary that the run was trained with, so its weights have no meaning; start a new run";
        return Err(Error::invalid(&file, problem));
    }
    serde_json::from_slice(&bytes)
        .map_err(|error| Error::invalid(&file, format!("does not hold words: {error}; start a new run")))
}

fn file(run: &RunFolder) -> PathBuf {
    run.path().join("vocabulary.json")
}
