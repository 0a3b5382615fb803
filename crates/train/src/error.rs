//! The one error type of the crate: what was asked, then what went wrong, then what to do.

use std::path::{Path, PathBuf};

/// What can go wrong while training or saving.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried, as an infinitive: `read`, `write`, `create folder`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A file holds something other than it should.
    #[error("{}: {problem}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What was found, what was expected, and what to do.
        problem: String,
    },
    /// A folder cannot be that of a run as it is wanted.
    #[error("{}: {problem}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why not.
        problem: FolderProblem,
    },
    /// The loss is no longer a finite number.
    #[error("{0}")]
    Diverged(String),
    /// An observer failed for a reason of its own.
    #[error("{0}")]
    Observer(String),
    /// A setting is out of its range.
    #[error("{0}")]
    Setting(String),
    /// Another of the ranks that train together has failed.
    #[error("rank {rank} failed: {problem}")]
    Rank {
        /// The rank, from 0.
        rank: usize,
        /// What it said.
        problem: String,
    },
}

/// Why a folder cannot be that of a run as it is wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FolderProblem {
    /// A new run is to go where a file is.
    #[error("is a file, expected a folder for the run; choose another folder")]
    IsFile,
    /// A new run is to go where one is.
    #[error("holds a run already; continue that one, or choose another folder")]
    HoldsRun,
    /// A new run is to go where something is.
    #[error("is not empty (`{0}`); choose another folder")]
    NotEmpty(String),
    /// Another process trains the run.
    #[error("is being trained by another process; wait for its end, or choose another folder")]
    Busy,
    /// The run was stopped before it had weights.
    #[error("holds no weights yet; continue the run to its first whole epoch")]
    NoWeights,
    /// Another process trains the run, and has not written weights yet.
    #[error(
        "is being trained by another process, which has written no weights yet; wait for its first whole epoch"
    )]
    NoWeightsYet,
}

impl Error {
    pub(crate) fn folder(path: &Path, problem: FolderProblem) -> Self {
        Self::Folder { path: path.to_owned(), problem }
    }

    /// Wraps the operating system's error with what was tried on which path.
    pub fn io(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }

    /// Says what is wrong with the content of a file.
    pub fn invalid(path: &Path, problem: impl Into<String>) -> Self {
        Self::Invalid { path: path.to_owned(), problem: problem.into() }
    }
}
