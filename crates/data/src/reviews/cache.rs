//! Encoded reviews kept in a file, so that they are read and tokenised once.
//!
//! A file is a magic number, the data set in Postcard's format, and the SHA-256 of both. It is written whole or not at all,
//! and believed only if its checksum, its settings and the checksum of the data set that it was made of are right.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Dataset, Encoded, FileFault, Note, ReadSpec, ReviewError, Sequences, Vocabulary, WordsOf,
    files::{at_most, hex},
    read::{Source, name},
};
use crate::whole_file::write_whole;

/// The start of each file. The number at its end changes with the format, and with the rule by which words are made.
const MAGIC: &[u8; 12] = b"recurrent\0\0\x01";

/// The bytes of a SHA-256.
const CHECKSUM: usize = 32;

/// The largest file that is read. The film reviews take 19 MB.
const MAX_CACHE_BYTES: u64 = 8 << 30;

/// What is read of a data set, and how it is encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoadSpec {
    /// What is read.
    pub read: ReadSpec,
    /// Which reviews the words of the vocabulary are counted in.
    pub words_of: WordsOf,
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
    /// It is of another version of this program, or no cache file at all.
    #[error("it is no cache file of this version")]
    Foreign,
    /// Its checksum is not that of its content.
    #[error("it is damaged: its checksum is not that of its content")]
    Damaged,
    /// Its content makes no data set.
    #[error("it is damaged: its content makes no data set")]
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
        Ok(Some(found)) => return Ok((found.into_dataset(path), CacheUse::Taken(file))),
        Ok(None) => None,
        Err(reason) => Some(reason),
    };
    let data = Dataset::new(source.read(path, &spec.read)?, spec.words_of)?;
    let (data, written) = Stored::write(data, spec, &file);
    let used = match (written, reason) {
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
) -> Result<Result<Option<Stored>, CacheFault>, ReviewError> {
    if !file.exists() {
        return Ok(Ok(None));
    }
    // The two take about the same time.
    let (sha256, found) = rayon::join(|| source.sha256(path, &spec.read), || from_file(file));
    let sha256 = sha256?;
    Ok(found.and_then(|found| match found {
        Some(found) if found.sha256 != sha256 || found.spec != *spec => Err(CacheFault::Stale),
        found => Ok(found),
    }))
}

/// The file's name: that of the data set, and a hash of its place and of the settings, so that each has a file of its own
/// and a changed data set replaces the file of the old one.
fn file_name(path: &Path, spec: &LoadSpec) -> String {
    const NAME: usize = 40;
    let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut sha256 = Sha256::new_with_prefix(MAGIC);
    sha256.update(place.as_os_str().as_encoded_bytes());
    sha256.update(format!("{spec:?}"));
    let name: String = name(path).chars().take(NAME).collect();
    format!("{name}-{}.reviews", &hex(sha256)[..16])
}

/// The content of a cache file.
#[derive(Serialize, Deserialize)]
struct Stored {
    spec: LoadSpec,
    sha256: String,
    name: String,
    vocabulary: Vocabulary,
    train: Encoded,
    test: Encoded,
    unlabelled: Sequences,
    notes: Vec<Note>,
}

impl Stored {
    /// Writes a data set, and gives it back: no copy is made of it.
    fn write(data: Dataset, spec: &LoadSpec, file: &Path) -> (Dataset, io::Result<()>) {
        let path = data.path;
        let stored = Self {
            spec: spec.clone(),
            sha256: data.sha256,
            name: data.name,
            vocabulary: data.vocabulary,
            train: data.train,
            test: data.test,
            unlabelled: data.unlabelled,
            notes: data.notes,
        };
        let written = stored.to_file(file);
        let data = Dataset { path, ..stored.into_parts() };
        (data, written)
    }

    fn to_file(&self, file: &Path) -> io::Result<()> {
        let mut bytes = postcard::to_extend(self, MAGIC.to_vec()).map_err(io::Error::other)?;
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        write_whole(file, &bytes)
    }

    /// Whether sequences fit their labels and the vocabulary, as a file of ours has it.
    fn is_sound(&self) -> bool {
        let most = self.vocabulary.len() as u32;
        let part = |part: &Encoded| part.ranks.len() == part.labels.len() && part.ranks.is_sound(most);
        part(&self.train) && part(&self.test) && self.unlabelled.is_sound(most)
    }

    fn into_dataset(self, path: &Path) -> Dataset {
        Dataset { path: Some(path.to_owned()), ..self.into_parts() }
    }

    fn into_parts(self) -> Dataset {
        let Self { spec: _, sha256, name, vocabulary, train, test, unlabelled, notes } = self;
        Dataset { name, path: None, sha256, vocabulary, train, test, unlabelled, notes }
    }
}

/// What a cache file holds; `None` where there is none.
fn from_file(file: &Path) -> Result<Option<Stored>, CacheFault> {
    let bytes = match at_most(file, MAX_CACHE_BYTES) {
        Err(FileFault::Missing) => return Ok(None),
        bytes => bytes.map_err(CacheFault::File)?,
    };
    let Some((content, checksum)) = bytes.split_last_chunk::<CHECKSUM>() else {
        return Err(CacheFault::Foreign);
    };
    let Some(stored) = content.strip_prefix(MAGIC) else { return Err(CacheFault::Foreign) };
    // The checksum is not there yet when decoding begins: both take a while, and decoding is safe on any bytes.
    let (sha256, stored) = rayon::join(|| Sha256::digest(content), || postcard::from_bytes::<Stored>(stored));
    if sha256[..] != checksum[..] {
        return Err(CacheFault::Damaged);
    }
    let stored = stored.map_err(|_| CacheFault::Unsound)?;
    if stored.is_sound() { Ok(Some(stored)) } else { Err(CacheFault::Unsound) }
}
