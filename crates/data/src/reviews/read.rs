//! Reads reviews from an archive, a folder or a table, whichever a path names.

use std::path::Path;

use super::{ClassNames, Corpus, FileFault, Labelled, ReadSpec, ReviewError, archive, files, folder, table};

/// The most bytes that a data set may have, unpacked. The film reviews have 131 MB.
pub const MAX_SOURCE_BYTES: u64 = 4 << 30;

/// The most bytes that a review may have. The longest film review has 14 kB.
pub const MAX_REVIEW_BYTES: u64 = 1 << 20;

/// The most reviews that are read.
pub const MAX_REVIEWS: usize = 10_000_000;

/// Reads labelled reviews.
///
/// - **An archive**, `*.tar.gz` or `*.tgz`, such as `aclImdb_v1.tar.gz`. It is read as a stream, and nothing is unpacked to
///   the disk. Its reviews lie in `{train,test}/{pos,neg}/NUMBER_RATING.txt`, those without a label in `train/unsup`, all within
///   one folder or none. Other files are passed over.
/// - **A folder** of the same layout: the one that holds `train` and `test`, or one that holds it as `aclImdb`.
/// - **A table**, `*.csv`, `*.tsv`, `*.txt`, `*.json`, `*.jsonl`, `*.ndjson` or `*.parquet`, with a column of texts and one of
///   labels; all but Parquet may be packed by gzip. All of it becomes the training part, in the order of the rows. Columns are
///   found by their names or by what is in them, labels may be words, numbers or true and false, and there may be more than
///   two: [`LabelsAs`](super::LabelsAs).
///
/// Reviews without text are left out, and [`Corpus::notes`] tells of them. [`Corpus::sha256`] is that of the archive's or
/// table's bytes; a folder's is made of the paths, sizes and contents of its reviews that were read.
///
/// # Errors
///
/// When the path is missing or of no known kind; an archive is cut short, broken, or has a path that leaves its folder; a
/// review is not of the encoding of `spec`, larger than [`MAX_REVIEW_BYTES`], or there twice; a table lacks a column, or its labels could be read in two ways; there
/// are more than [`MAX_REVIEWS`] or [`MAX_SOURCE_BYTES`]; or only one class is there, where `spec` asks for more.
pub fn read(path: impl AsRef<Path>, spec: &ReadSpec) -> Result<Corpus, ReviewError> {
    let path = path.as_ref();
    Source::of(path)?.read(path, spec)
}

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Archive,
    Folder,
    Table(table::Kind),
}

impl Source {
    pub(super) fn of(path: &Path) -> Result<Self, ReviewError> {
        if path.is_dir() {
            return Ok(Self::Folder);
        }
        let at = |fault| ReviewError::File { path: path.to_owned(), fault };
        let bytes = files::regular(path).map_err(at)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let source = if ends(&[".tar.gz", ".tgz"]) {
            Self::Archive
        } else {
            Self::Table(table::Kind::of(&name).ok_or_else(|| at(FileFault::UnknownKind))?)
        };
        match bytes {
            0 => Err(at(FileFault::Empty)),
            bytes if bytes > MAX_SOURCE_BYTES => Err(at(FileFault::TooLarge(bytes))),
            _ => Ok(source),
        }
    }

    pub(super) fn read(self, path: &Path, spec: &ReadSpec) -> Result<Corpus, ReviewError> {
        let mut corpus = Corpus {
            name: name(path),
            path: Some(path.to_owned()),
            sha256: String::new(),
            train: Labelled::default(),
            test: Labelled::default(),
            classes: ClassNames::binary(),
            unlabelled: Vec::new(),
            notes: Vec::new(),
        };
        match self {
            Self::Archive => archive::read(path, spec, &mut corpus)?,
            Self::Folder => folder::read(path, spec, &mut corpus)?,
            Self::Table(kind) => table::read(path, kind, spec, &mut corpus)?,
        }
        corpus.check(spec.classes)?;
        Ok(corpus)
    }

    /// The checksum that [`read`](Self::read) would give, without reading what it is of.
    pub(super) fn sha256(self, path: &Path, spec: &ReadSpec) -> Result<String, ReviewError> {
        match self {
            Self::Folder => folder::sha256(path, spec),
            Self::Archive | Self::Table(_) => {
                files::sha256(path).map_err(|fault| ReviewError::File { path: path.to_owned(), fault })
            }
        }
    }
}

/// A name for people: that of the file or folder.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
