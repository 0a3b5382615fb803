//! Where data comes from.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::OriginError;
use crate::crew::launched::Launched;
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
    /// Standard input.
    Stdin,
    /// A file or folder, by its whole path.
    Path(PathBuf),
}

impl Source {
    /// What the command line asks for: without `--data`, the fetched data where they are there, else the demo's. `fetched`
    /// is their path from the folder that the program is started in.
    ///
    /// # Errors
    /// The current folder is gone; or standard input is asked for by processes that were started together, of which it reaches one.
    pub fn choose(asked: Option<&DataSource>, fetched: &Path) -> std::io::Result<Self> {
        match asked {
            Some(DataSource::Demo) => Ok(Self::Demo),
            Some(DataSource::Path(path)) if path == Path::new(STDIN) => match Launched::find() {
                Some(_) => Err(std::io::Error::other(
                    "standard input reaches only one of the processes that were started together; name a file with `--data`",
                )),
                None => Ok(Self::Stdin),
            },
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
            Self::Stdin => Err(OriginError::DataPassed),
            Self::Path(path) if !path.exists() => Err(OriginError::DataGone(path.clone())),
            source => Ok(source.clone()),
        }
    }

    /// A name for people: the file's, or `demo`.
    pub fn name(&self) -> String {
        match self {
            Self::Demo => "demo".to_owned(),
            Self::Stdin => STDIN_NAME.to_owned(),
            Self::Path(path) => path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        }
    }

    /// Where it is, for people: the whole path, or the name of what has none.
    pub fn place(&self) -> String {
        match self {
            Self::Demo | Self::Stdin => self.name(),
            Self::Path(path) => path.display().to_string(),
        }
    }

    /// What a record has of it, with the checksum of what was read.
    pub fn record(&self, sha256: &str) -> DataRecord {
        DataRecord { name: self.name(), path: self.path().map(Path::to_owned), sha256: sha256.to_owned() }
    }

    /// The path, `-` for standard input; none for generated data.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Demo => None,
            Self::Stdin => Some(Path::new(STDIN)),
            Self::Path(path) => Some(path),
        }
    }
}

/// Which data was read, as a program's record has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRecord {
    /// The file's name, or `demo`.
    pub name: String,
    /// The file or folder, `-` for standard input; none for generated data.
    pub path: Option<PathBuf>,
    /// The SHA-256 of the bytes read, or of what was generated.
    pub sha256: String,
}

impl DataRecord {
    /// Whether the data was generated.
    pub fn is_demo(&self) -> bool {
        self.path.is_none()
    }

    /// The same for the report of a run.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let path = self.path.as_deref().filter(|path| *path != Path::new(STDIN));
        let place = path.map_or_else(|| self.name.clone(), |path| path.display().to_string());
        vec![("data", place), ("data, SHA-256", self.sha256.clone())]
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Demo => write!(f, "the demo data"),
            Self::Stdin => write!(f, "{STDIN_NAME}"),
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
