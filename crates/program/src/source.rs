//! Where data comes from.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::OriginError;
use crate::flags::DataSource;

/// The path that stands for standard input, and what it is called.
const STDIN: &str = "-";
const STDIN_NAME: &str = "standard input";

/// Where a run's data comes from, as its settings keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Generated data.
    Demo,
    /// A file or folder, by its whole path.
    Path(PathBuf),
}

impl Source {
    /// What the command line asks for: without `--data`, the fetched data where they are there, else the demo's. `fetched`
    /// is their path from the folder that the program is started in.
    ///
    /// # Errors
    /// The current folder is gone.
    pub fn choose(asked: Option<&DataSource>, fetched: &Path) -> std::io::Result<Self> {
        match asked {
            Some(DataSource::Demo) => Ok(Self::Demo),
            Some(DataSource::Path(path)) if path == Path::new(STDIN) => Ok(Self::Path(path.clone())),
            Some(DataSource::Path(path)) => std::path::absolute(path).map(Self::Path),
            None if fetched.exists() => std::path::absolute(fetched).map(Self::Path),
            None => Ok(Self::Demo),
        }
    }

    /// The same, where its file or folder is still there.
    ///
    /// # Errors
    /// It is gone.
    pub fn still_there(&self) -> Result<Self, OriginError> {
        match self {
            Self::Path(_) if self.is_stdin() => Err(OriginError::DataPassed),
            Self::Path(path) if !path.exists() => Err(OriginError::DataGone(path.clone())),
            source => Ok(source.clone()),
        }
    }

    /// Whether the data comes through standard input.
    pub fn is_stdin(&self) -> bool {
        self.path() == Some(Path::new(STDIN))
    }

    /// A name for people: the file's, or `demo`.
    pub fn name(&self) -> String {
        match self {
            Self::Demo => "demo".to_owned(),
            Self::Path(_) if self.is_stdin() => STDIN_NAME.to_owned(),
            Self::Path(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        }
    }

    /// The same as a record has it, with the checksum of what was read.
    pub fn record(&self, sha256: &str) -> DataRecord {
        let path = self.path().filter(|_| !self.is_stdin()).map(Path::to_owned);
        DataRecord { name: self.name(), path, sha256: sha256.to_owned() }
    }

    /// The path; none for generated data.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Demo => None,
            Self::Path(path) => Some(path),
        }
    }
}

/// Which data was read, as a program's record has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRecord {
    /// The file's name, or `demo`.
    pub name: String,
    /// The file or folder; none for generated data.
    pub path: Option<PathBuf>,
    /// The SHA-256 of the bytes read, or of what was generated.
    pub sha256: String,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Demo => write!(f, "the demo data"),
            Self::Path(_) if self.is_stdin() => write!(f, "{STDIN_NAME}"),
            Self::Path(path) => write!(f, "`{}`", path.display()),
        }
    }
}

/// Data cannot be used as the settings ask.
#[derive(Debug, thiserror::Error)]
#[error("{data}: {reason}")]
pub struct Unusable {
    data: Source,
    reason: crate::Failure,
}

impl Unusable {
    /// Says of which data the reason is true.
    pub fn because(data: &Source, reason: impl Into<crate::Failure>) -> Self {
        Self { data: data.clone(), reason: reason.into() }
    }
}
