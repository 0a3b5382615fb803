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
    /// Several of them, in the order in which they were named.
    Paths(Vec<PathBuf>),
}

impl Source {
    /// What the command line asks for: without `--data`, the fetched data where they are there, else the demo's. `fetched`
    /// is their path from the folder that the program is started in.
    ///
    /// # Errors
    /// The current folder is gone; generated data or standard input is asked for beside others; or standard input is asked for by
    /// processes that were started together, of which it reaches one.
    pub fn choose(asked: &[DataSource], fetched: &Path) -> std::io::Result<Self> {
        match asked {
            [DataSource::Demo] => Ok(Self::Demo),
            [DataSource::Path(path)] if path == Path::new(STDIN) => match Launched::find() {
                Some(_) => Err(std::io::Error::other(
                    "standard input reaches only one of the processes that were started together; name a file with `--data`",
                )),
                None => Ok(Self::Stdin),
            },
            [DataSource::Path(path)] => std::path::absolute(path).map(Self::Path),
            [] if fetched.exists() => std::path::absolute(fetched).map(Self::Path),
            [] => Ok(Self::Demo),
            several => {
                several.iter().map(DataSource::beside_others).collect::<Result<_, _>>().map(Self::Paths)
            }
        }
    }

    /// The same, where its file or folder is still there.
    ///
    /// # Errors
    /// It is gone.
    pub fn still_there(&self) -> Result<Self, OriginError> {
        match self {
            Self::Stdin => Err(OriginError::DataPassed),
            source => match source.paths().iter().find(|path| !path.exists()) {
                Some(path) => Err(OriginError::DataGone(path.clone())),
                None => Ok(source.clone()),
            },
        }
    }

    /// A name for people: the file's, or `demo`.
    pub fn name(&self) -> String {
        match self {
            Self::Demo => "demo".to_owned(),
            Self::Stdin => STDIN_NAME.to_owned(),
            Self::Path(path) => file_name(path),
            Self::Paths(paths) => {
                let first = paths.first().map_or_else(String::new, |path| file_name(path));
                format!("{first} and {} more", paths.len().saturating_sub(1))
            }
        }
    }

    /// Where it is, for people: the whole path, or the name of what has none.
    pub fn place(&self) -> String {
        match self {
            Self::Demo | Self::Stdin => self.name(),
            Self::Path(path) => path.display().to_string(),
            Self::Paths(paths) => {
                paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What a record has of it, with the checksum of what was read.
    pub fn record(&self, sha256: &str) -> DataRecord {
        DataRecord { name: self.name(), path: self.recorded_path(), sha256: sha256.to_owned() }
    }

    /// The path that records have: all of several parted by commas, `-` for standard input; none for generated data.
    pub fn recorded_path(&self) -> Option<PathBuf> {
        match self {
            Self::Demo => None,
            Self::Stdin => Some(PathBuf::from(STDIN)),
            Self::Path(path) => Some(path.clone()),
            Self::Paths(_) => Some(PathBuf::from(self.place())),
        }
    }

    /// The only path, for what reads one, `-` for standard input; none for generated data.
    ///
    /// # Errors
    /// Several were named.
    pub fn only_path(&self) -> Result<Option<&Path>, OriginError> {
        match self {
            Self::Demo => Ok(None),
            Self::Stdin => Ok(Some(Path::new(STDIN))),
            Self::Path(path) => Ok(Some(path)),
            Self::Paths(paths) => Err(OriginError::Several(paths.len())),
        }
    }

    /// The files and folders; none where the data come from elsewhere.
    pub fn paths(&self) -> &[PathBuf] {
        match self {
            Self::Demo | Self::Stdin => &[],
            Self::Path(path) => std::slice::from_ref(path),
            Self::Paths(paths) => paths,
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

impl DataSource {
    /// The whole path of one of several.
    fn beside_others(&self) -> std::io::Result<PathBuf> {
        match self {
            Self::Path(path) if path != Path::new(STDIN) => std::path::absolute(path),
            _ => Err(std::io::Error::other(
                "`demo` and standard input stand for all data; name files and folders alone with `--data`",
            )),
        }
    }
}

/// Which data was read, as a program's record has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRecord {
    /// The file's name, or `demo`.
    pub name: String,
    /// The file or folder, all of several parted by commas, `-` for standard input; none for generated data.
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
            Self::Path(_) | Self::Paths(_) => write!(f, "`{}`", self.place()),
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
