//! What was changed on reading, so that a program can tell its user.

use std::{fmt, path::PathBuf};

use super::error::named;

/// A change that reading made to a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A Project Gutenberg edition lost what is not the book.
    Unframed {
        /// The file.
        file: PathBuf,
        /// The lines of its header and footer.
        frame_lines: usize,
        /// The lines of its table of contents; 0 where none was found.
        contents_lines: usize,
    },
    /// White space at both ends of the text was taken off.
    Trimmed {
        /// How many characters.
        characters: usize,
    },
    /// Empty files of a folder were left out.
    EmptyFiles {
        /// How many.
        files: usize,
    },
    /// Files of a folder were left out because they are binary.
    BinaryFiles {
        /// How many.
        files: usize,
        /// The first of them.
        first: PathBuf,
    },
    /// Files below a folder were left out, because a `.gitignore` names them or builds leave them.
    Ignored {
        /// How many.
        paths: usize,
        /// The first of them.
        first: PathBuf,
    },
    /// A byte-order mark was taken off.
    MarkTaken {
        /// The file.
        file: PathBuf,
    },
    /// Characters that the vocabulary lacks were replaced.
    Replaced {
        /// How many.
        characters: usize,
        /// The first of them.
        first: char,
        /// What stands in their place.
        replacement: char,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unframed { file, frame_lines, contents_lines } => write!(
                formatter,
                "`{}` is a Project Gutenberg edition: {frame_lines} lines of header and footer and {contents_lines} of \
                 contents were taken off",
                file.display()
            ),
            Self::Trimmed { characters: 1 } => {
                write!(formatter, "1 character of white space at the text's ends was taken off")
            }
            Self::Trimmed { characters } => {
                write!(formatter, "{characters} characters of white space at the text's ends were taken off")
            }
            Self::EmptyFiles { files: 1 } => write!(formatter, "1 empty file was left out"),
            Self::EmptyFiles { files } => write!(formatter, "{files} empty files were left out"),
            Self::BinaryFiles { files, first } => {
                write!(
                    formatter,
                    "{} left out: `{}`{}",
                    counted(*files, "binary file"),
                    first.display(),
                    more(*files)
                )
            }
            Self::Ignored { paths, first } => write!(
                formatter,
                "{} left out (in a .gitignore, or left by a build): `{}`{}",
                counted(*paths, "file"),
                first.display(),
                more(*paths)
            ),
            Self::MarkTaken { file } => {
                write!(formatter, "the byte-order mark in front of `{}` was taken off", file.display())
            }
            Self::Replaced { characters: 1, first, replacement } => write!(
                formatter,
                "1 character that the vocabulary lacks, {}, was replaced by {}",
                named(*first),
                named(*replacement)
            ),
            Self::Replaced { characters, first, replacement } => write!(
                formatter,
                "{characters} characters that the vocabulary lacks were replaced by {} (the first is {})",
                named(*replacement),
                named(*first)
            ),
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what} was") } else { format!("{count} {what}s were") }
}

/// What follows the first of several.
fn more(count: usize) -> &'static str {
    if count > 1 { " and others" } else { "" }
}
