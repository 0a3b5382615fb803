//! The one error type of the crate: which file, what was found, what to do.

use std::{
    io,
    path::{Path, PathBuf},
};

/// What can go wrong between a file of another framework and a layer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A file is damaged, or not what it is called.
    #[error("{}: {problem}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What was found, what was expected, and what to do.
        problem: String,
    },
    /// A file does not have what was asked for.
    #[error("{}: there is no {kind} `{name}`; {}", path.display(), there_are(found))]
    Missing {
        /// The file.
        path: PathBuf,
        /// What was looked for: a tensor, a recurrent layer, an embedding.
        kind: &'static str,
        /// Its name.
        name: String,
        /// The names that there are.
        found: Vec<String>,
    },
    /// A name could mean several things.
    #[error("{}: the {kind} `{name}` could be any of {}; give more of its name", path.display(), listed(found))]
    Ambiguous {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        kind: &'static str,
        /// Its name.
        name: String,
        /// What it could be.
        found: Vec<String>,
    },
    /// A file is sound, but holds what no layer here computes.
    #[error("{}: {problem}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What it is, and what to do.
        problem: String,
    },
    /// A layer reads in another direction than was asked for.
    #[error("{layer}, {problem}")]
    Direction {
        /// The layer, in a few words.
        layer: String,
        /// What to do.
        problem: String,
    },
    /// A layer cannot be what another framework has.
    #[error("{name} cannot be written: {problem}")]
    NotWritten {
        /// The layer or part.
        name: String,
        /// Why not, and what to do.
        problem: String,
    },
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }

    pub(crate) fn invalid(path: &Path, problem: impl Into<String>) -> Self {
        Self::Invalid { path: path.to_owned(), problem: problem.into() }
    }

    pub(crate) fn unsupported(path: &Path, problem: impl Into<String>) -> Self {
        Self::Unsupported { path: path.to_owned(), problem: problem.into() }
    }

    pub(crate) fn not_written(name: &str, problem: impl Into<String>) -> Self {
        Self::NotWritten { name: format!("`{name}`"), problem: problem.into() }
    }
}

/// What is wrong, by someone who does not know the file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    Invalid(String),
    Unsupported(String),
    Missing { kind: &'static str, name: String, found: Vec<String> },
    Ambiguous { kind: &'static str, name: String, found: Vec<String> },
}

impl Problem {
    pub(crate) fn in_file(self, path: &Path) -> Error {
        let path = path.to_owned();
        match self {
            Self::Invalid(problem) => Error::Invalid { path, problem },
            Self::Unsupported(problem) => Error::Unsupported { path, problem },
            Self::Missing { kind, name, found } => Error::Missing { path, kind, name, found },
            Self::Ambiguous { kind, name, found } => Error::Ambiguous { path, kind, name, found },
        }
    }
}

/// Some names, and how many more.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len() {
        count if count <= SHOWN => shown.join(", "),
        count => format!("{}, and {} more", shown.join(", "), count - SHOWN),
    }
}

fn there_are(names: &[String]) -> String {
    match names {
        [] => "there are none".to_owned(),
        [one] => format!("there is `{one}`"),
        _ => format!("there are {}", listed(names)),
    }
}

/// A shape in words: `24 rows and 5 columns`.
pub(crate) fn in_words(shape: &[usize]) -> String {
    let count = |number: usize, what: &str| match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    };
    match shape {
        [] => "a single number".to_owned(),
        [length] => count(*length, "number"),
        [rows, columns] => format!("{} and {}", count(*rows, "row"), count(*columns, "column")),
        _ => format!("the shape {shape:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_and_names_are_said_in_words() {
        assert_eq!(in_words(&[24, 1]), "24 rows and 1 column");
        assert_eq!(in_words(&[1]), "1 number");
        assert_eq!(there_are(&[]), "there are none");
        let many: Vec<_> = (0..14).map(|number| number.to_string()).collect();
        assert!(there_are(&many).ends_with("`11`, and 2 more"));
    }
}
