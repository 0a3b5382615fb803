//! Whether a file is the data set: by checksum where one is known, else by what it holds.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{
    catalog::{ContentRule, DataSet, KnownFile},
    table::{self, TableError},
};

/// A file that is right, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its checksum is a known one.
    Known {
        /// The checksum.
        sha256: String,
        /// What the catalogue says of it.
        note: String,
    },
    /// No known checksum, but the content is what it should be.
    Judged {
        /// The checksum.
        sha256: String,
        /// What was found.
        found: String,
    },
}

/// Why a file is not the data set.
#[derive(Debug, Error)]
pub enum Fault {
    /// It cannot be read.
    #[error("cannot be read")]
    Read(#[from] io::Error),
    /// No right file is so large.
    #[error("{bytes} bytes, and no right file has more than {limit}")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The catalogue's bound.
        limit: u64,
    },
    /// Its checksum is none of the known ones, and there is no other way to judge it.
    #[error("checksum wrong: {bytes} bytes with SHA-256 {sha256}{looks}{expected}")]
    Checksum {
        /// Its size.
        bytes: u64,
        /// Its checksum.
        sha256: String,
        /// What it seems to be instead.
        looks: &'static str,
        /// The known files.
        expected: String,
    },
    /// Its checksum is none of the known ones, and its content is wrong too.
    #[error(
        "checksum not known: {bytes} bytes with SHA-256 {sha256}{looks}{expected}; nor is it right by its content"
    )]
    Content {
        /// Its size.
        bytes: u64,
        /// Its checksum.
        sha256: String,
        /// What it seems to be instead.
        looks: &'static str,
        /// The known files.
        expected: String,
        /// What is wrong.
        source: ContentError,
    },
}

/// What is wrong with a file's content.
#[derive(Debug, Error)]
pub enum ContentError {
    /// Smaller than any complete edition.
    #[error("an edition has at least {least} bytes: this is not the whole work")]
    Short {
        /// The bound.
        least: u64,
    },
    /// Not UTF-8.
    #[error("not UTF-8 text")]
    NotText(#[from] std::str::Utf8Error),
    /// A line that an edition has is not there.
    #[error("it has no line that says `{missing}`, as an edition of Project Gutenberg has")]
    NotGutenberg {
        /// What was looked for.
        missing: String,
    },
    /// Not the expected table.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Judges the file at `path` as this data set.
///
/// # Errors
/// When it is not the data set, or cannot be read.
pub fn judge(set: &DataSet, path: &Path) -> Result<Verdict, Fault> {
    let bytes = fs::metadata(path)?.len();
    if bytes > set.bytes_at_most {
        return Err(Fault::TooLarge { bytes, limit: set.bytes_at_most });
    }
    let (sha256, head) = digest(path)?;
    if let Some(known) = set.known.iter().find(|known| known.sha256 == sha256) {
        return Ok(Verdict::Known { sha256, note: known.note.clone() });
    }
    let looks = looks_like(set, bytes, &head);
    let expected = expected(set);
    let Some(rule) = &set.otherwise else {
        return Err(Fault::Checksum { bytes, sha256, looks, expected });
    };
    match content(rule, &fs::read(path)?) {
        Ok(found) => Ok(Verdict::Judged { sha256, found }),
        Err(source) => Err(Fault::Content { bytes, sha256, looks, expected, source }),
    }
}

/// Whether the file is one of the known ones. Reads it only if its size is a known one.
pub fn is_known(set: &DataSet, path: &Path) -> bool {
    let size = fs::metadata(path).map(|about| about.len());
    size.is_ok_and(|size| set.known.iter().any(|known| known.bytes == size))
        && matches!(judge(set, path), Ok(Verdict::Known { .. }))
}

/// The checksum in hexadecimal digits, and the file's first bytes.
fn digest(path: &Path) -> io::Result<(String, Vec<u8>)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut head = Vec::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        if head.is_empty() {
            head.extend_from_slice(&buffer[..count.min(512)]);
        }
        hasher.update(&buffer[..count]);
    }
    let mut sha256 = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(sha256, "{byte:02x}");
    }
    Ok((sha256, head))
}

/// A guess at what a wrong file is, from its first bytes and size.
fn looks_like(set: &DataSet, bytes: u64, head: &[u8]) -> &'static str {
    let start =
        String::from_utf8_lossy(head).trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']).to_lowercase();
    if bytes == 0 {
        ", an empty file"
    } else if start.starts_with("<!doctype html") || start.starts_with("<html") {
        ", a web page rather than the file"
    } else if !set.known.is_empty() && set.known.iter().all(|known| bytes < known.bytes) {
        ", perhaps cut short"
    } else {
        ""
    }
}

/// The known files in words, for the end of a message.
fn expected(set: &DataSet) -> String {
    let one =
        |known: &KnownFile| format!("{} bytes with SHA-256 {} ({})", known.bytes, known.sha256, known.note);
    match &set.known[..] {
        [] => String::new(),
        known => format!("; expected {}", known.iter().map(one).collect::<Vec<_>>().join(" or ")),
    }
}

/// Checks the content and says what was found.
fn content(rule: &ContentRule, bytes: &[u8]) -> Result<String, ContentError> {
    match rule {
        ContentRule::GutenbergEdition { title, bytes_at_least } => {
            gutenberg(title, *bytes_at_least, std::str::from_utf8(bytes)?)
        }
        ContentRule::PriceTable { rows_at_least } => {
            let table = table::check_table(std::str::from_utf8(bytes)?, *rows_at_least)?;
            Ok(table.to_string())
        }
    }
}

/// An edition is whole if it has both its opening and its closing line.
fn gutenberg(title: &str, least: u64, text: &str) -> Result<String, ContentError> {
    if (text.len() as u64) < least {
        return Err(ContentError::Short { least });
    }
    let upper = text.to_uppercase();
    for missing in [title.to_uppercase(), "*** START OF ".into(), "*** END OF ".into()] {
        if !upper.contains(&missing) {
            return Err(ContentError::NotGutenberg { missing });
        }
    }
    Ok("another edition of the work, from Project Gutenberg".into())
}
