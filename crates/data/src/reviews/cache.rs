//! Encoded reviews kept in a file, so that they are read and tokenised once.
//!
//! A file is believed only if its checksum, its settings and the checksum of the data set that it was made of are right.

mod stored;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Dataset, FileFault, ReadSpec, ReviewError, Tokens, WordsOf,
    read::{Source, name},
};
use crate::checksum::hex;
use stored::{from_file, to_file};

/// What is read of a data set, and how it is encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoadSpec {
    /// What is read.
    pub read: ReadSpec,
    /// Which reviews the words of the vocabulary are counted in.
    pub words_of: WordsOf,
    /// What its words are; `None` lets the texts choose, as [`Tokens::of`] does.
    pub tokens: Option<Tokens>,
}

/// What became of the cache when a data set was loaded.
#[derive(Debug)]
#[non_exhaustive]
pub enum CacheUse {
    /// The data set came from this file.
    Taken(PathBuf),
    /// There was no file, and now there is this one.
    Written(PathBuf),
    /// The file could not be believed, and was written anew.
    Rewritten {
        /// The file.
        file: PathBuf,
        /// What was wrong with the old one.
        reason: CacheFault,
    },
    /// The file cannot be written; the data set is as good without.
    Unwritten {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: io::Error,
    },
}

/// Why a cache file is not believed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheFault {
    /// It cannot be read.
    #[error(transparent)]
    File(FileFault),
    /// It is no cache file at all.
    #[error("it is no cache file")]
    Foreign,
    /// Another version of this program has written it, which stores other things or makes other words.
    #[error("its layout is {found}, and that of this version {expected}")]
    Layout {
        /// The number of its layout.
        found: u8,
        /// The number that this version reads and writes.
        expected: u8,
    },
    /// Its checksum is not that of its content.
    #[error("its checksum is not that of its content, so it is damaged")]
    Damaged,
    /// Its content makes no data set.
    #[error("its content makes no data set, so it is damaged")]
    Unsound,
    /// The data set has changed since, or is read in another way.
    #[error("the data set has changed since it was written")]
    Stale,
}

impl fmt::Display for CacheUse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(file) => write!(formatter, "encoded reviews were taken from `{}`", file.display()),
            Self::Written(file) => write!(formatter, "encoded reviews were written to `{}`", file.display()),
            Self::Rewritten { file, reason } => {
                write!(formatter, "`{}` was written anew: {reason}", file.display())
            }
            Self::Unwritten { file, reason } => {
                write!(formatter, "encoded reviews could not be kept in `{}`: {reason}", file.display())
            }
        }
    }
}

/// Reads and encodes reviews, as [`read`](super::read) and [`Dataset::new`] do, or takes them from a file in the folder
/// `cache`, where an earlier call left them. The folder is made where it is missing.
///
/// The file is taken only if the whole content of the data set is still the same, by its SHA-256, and so are the settings.
/// It does not depend on [`Coding`](super::Coding): other limits for words need no other file. One that is damaged, or of
/// another data set, is written anew, and [`CacheUse`] says so.
///
/// # Errors
///
/// When the data set cannot be read, as [`read`](super::read) says. A cache that cannot be read or written is no error.
pub fn load(
    path: impl AsRef<Path>,
    spec: &LoadSpec,
    cache: impl AsRef<Path>,
) -> Result<(Dataset, CacheUse), ReviewError> {
    let path = path.as_ref();
    let source = Source::of(path)?;
    let file = cache.as_ref().join(file_name(path, spec));
    let reason = match believed(path, source, spec, &file)? {
        Ok(Some(data)) => return Ok((data, CacheUse::Taken(file))),
        Ok(None) => None,
        Err(reason) => Some(reason),
    };
    let corpus = source.read(path, &spec.read)?;
    let tokens = spec.tokens.unwrap_or_else(|| Tokens::of(corpus.train.texts()));
    let data = Dataset::in_tokens(corpus, spec.words_of, tokens)?;
    let used = match (to_file(&file, &data, spec), reason) {
        (Err(reason), _) => CacheUse::Unwritten { file, reason },
        (Ok(()), None) => CacheUse::Written(file),
        (Ok(()), Some(reason)) => CacheUse::Rewritten { file, reason },
    };
    Ok((data, used))
}

/// The cache file's content, if it is what reading the data set would give; `None` where there is no file.
fn believed(
    path: &Path,
    source: Source,
    spec: &LoadSpec,
    file: &Path,
) -> Result<Result<Option<Dataset>, CacheFault>, ReviewError> {
    if !file.exists() {
        return Ok(Ok(None));
    }
    // The two take about the same time.
    let (sha256, found) = rayon::join(|| source.sha256(path, &spec.read), || from_file(file));
    let sha256 = sha256?;
    Ok(found.and_then(|found| match found {
        Some((data, found_spec)) if data.sha256 == sha256 && found_spec == *spec => {
            Ok(Some(Dataset { path: Some(path.to_owned()), ..data }))
        }
        Some(_) => Err(CacheFault::Stale),
        None => Ok(None),
    }))
}

/// The file's name: that of the data set, and a hash of its place and of the settings, so that each has a file of its own. One of
/// a changed data set, or of another layout, replaces the old one.
fn file_name(path: &Path, spec: &LoadSpec) -> String {
    const NAME: usize = 40;
    let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut sha256 = Sha256::new_with_prefix(place.as_os_str().as_encoded_bytes());
    sha256.update(format!("{spec:?}"));
    let name: String = name(path).chars().take(NAME).collect();
    format!("{name}-{}.reviews", &hex(sha256)[..16])
}
