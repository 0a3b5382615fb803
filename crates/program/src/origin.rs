//! What a run is bound to: the backend and the data that it began with. Only with these it goes on to the same result.

use std::path::{Path, PathBuf};

use recurrent_backend::BackendKind;
use serde::{Deserialize, Serialize};

use crate::Source;
use crate::flags::DataSource;

/// The backend and the data of a run, as its settings keep them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The backend.
    pub backend: BackendKind,
    /// Where the data comes from.
    pub source: Source,
    /// The SHA-256 of the data that the run began with, so that it goes on with no other.
    pub sha256: Option<String>,
}

/// Why a run cannot go on with what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// The run's data is no longer where it was.
    #[error("the run's data, `{}`, is no longer there; name its new place with `--data`", .0.display())]
    DataGone(PathBuf),
    /// The run's data came through standard input.
    #[error("the run's data came through standard input, which is not kept; name it with `--data`")]
    DataPassed,
    /// A model file does not say where the data lie that its model was trained on.
    #[error("a model file does not say where its data is; name it with `--data`")]
    DataUnknown,
    /// Several files or folders were named for what reads one.
    #[error("`--data` names {0} files or folders, and one is read here; name one of them")]
    Several(usize),
    /// Another backend was asked for.
    #[error(
        "this run was begun on `{begun}` and cannot go on, to the same result, on `{asked}`; leave `--backend` out"
    )]
    OtherBackend {
        /// The run's.
        begun: BackendKind,
        /// The one asked for.
        asked: BackendKind,
    },
    /// The data is not what the run began with.
    #[error(
        "{name}: not the data that the run began with: its SHA-256 is {}…, expected {}…; \
         name the old data with `--data`, or start a new run",
        short(found),
        short(expected)
    )]
    OtherData {
        /// The file's name, or `demo`.
        name: String,
        /// The checksum found.
        found: String,
        /// The checksum noted.
        expected: String,
    },
}

fn short(sha256: &str) -> String {
    sha256.chars().take(8).collect()
}

impl Origin {
    /// That of a new run.
    pub fn new(backend: Option<BackendKind>, source: Source) -> Self {
        Self { backend: backend.unwrap_or_default(), source, sha256: None }
    }

    /// Refuses another backend than the run's.
    ///
    /// # Errors
    /// One was asked for.
    pub fn keep_backend(&self, asked: Option<BackendKind>) -> Result<(), OriginError> {
        match asked.filter(|asked| *asked != self.backend) {
            Some(asked) => Err(OriginError::OtherBackend { begun: self.backend, asked }),
            None => Ok(()),
        }
    }

    /// Takes the source that was asked for, or looks whether the run's own is still there.
    ///
    /// # Errors
    /// It is not, or the current folder is gone.
    pub fn find_data(&mut self, asked: &[DataSource]) -> Result<(), crate::Failure> {
        if !asked.is_empty() {
            self.source = Source::choose(asked, Path::new(""))?;
            return Ok(());
        }
        self.source.still_there()?;
        Ok(())
    }

    /// Notes the checksum of the data, and refuses other data than was noted before.
    ///
    /// # Errors
    /// It is other data.
    pub fn keep_data(&mut self, sha256: &str) -> Result<(), OriginError> {
        let expected = self.sha256.get_or_insert_with(|| sha256.to_owned());
        if expected == sha256 {
            return Ok(());
        }
        let expected = expected.clone();
        Err(OriginError::OtherData { name: self.source.name(), found: sha256.to_owned(), expected })
    }

    /// The same of the run's own data, for what reads a finished run; any other data may be `asked` for.
    ///
    /// # Errors
    /// None was asked for, and the run's own has changed.
    pub fn keep_own_data(&mut self, asked: &[DataSource], sha256: &str) -> Result<(), OriginError> {
        if !asked.is_empty() { Ok(()) } else { self.keep_data(sha256) }
    }

    /// Whether the run began with the data of this checksum, whatever they are called now.
    pub fn began_with(&self, sha256: &str) -> bool {
        self.sha256.as_deref() == Some(sha256)
    }
}
