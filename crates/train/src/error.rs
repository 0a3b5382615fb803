//! The one error type of the crate: what was asked, then what went wrong, then what to do.

use std::path::{Path, PathBuf};

/// What can go wrong while training, saving or reporting.
#[derive(Debug, thiserror::Error)]
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
    /// The loss is no longer a finite number.
    #[error("{0}")]
    Diverged(String),
    /// An observer failed for a reason of its own.
    #[error("{0}")]
    Observer(String),
    /// A setting is out of its range.
    #[error("{0}")]
    Setting(String),
}

impl Error {
    /// Wraps the operating system's error with what was tried on which path.
    pub fn io(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }

    /// Says what is wrong with the content of a file.
    pub fn invalid(path: &Path, problem: impl Into<String>) -> Self {
        Self::Invalid { path: path.to_owned(), problem: problem.into() }
    }
}
