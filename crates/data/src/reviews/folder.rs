//! Reads the reviews from the archive's unpacked folder, on all cores.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{
    Corpus, EntryFault, FileFault, MAX_REVIEW_BYTES, MAX_REVIEWS, ReadSpec, ReviewError, Unlabelled,
    files::at_most,
    layout::{self, Key},
    note::Blanks,
};
use crate::checksum::hex;

/// Reads a folder into `corpus`, with a SHA-256 of its reviews.
///
/// The folder is the one that holds `train` and `test`, or one that holds that one as `aclImdb`.
pub(super) fn read(path: &Path, spec: &ReadSpec, corpus: &mut Corpus) -> Result<(), ReviewError> {
    let (files, texts) = contents(path, spec)?;
    corpus.sha256 = checksum(&files, &texts);
    let mut blanks = Blanks::default();
    let mut reviews = Vec::with_capacity(files.len());
    for ((key, _), bytes) in files.into_iter().zip(texts) {
        let text = layout::text(bytes, spec.encoding).map_err(|fault| entry(path, key.path(), fault))?;
        if !blanks.is_blank(&text, || key.path()) {
            reviews.push((key, text));
        }
    }
    layout::sort_out(corpus, reviews, &spec.labels)?;
    corpus.notes.extend(blanks.note());
    Ok(())
}

/// The SHA-256 of a folder's reviews: of each path, size and content, in order.
pub(super) fn sha256(path: &Path, spec: &ReadSpec) -> Result<String, ReviewError> {
    contents(path, spec).map(|(files, texts)| checksum(&files, &texts))
}

type Files = Vec<(Key, PathBuf)>;

fn contents(path: &Path, spec: &ReadSpec) -> Result<(Files, Vec<Vec<u8>>), ReviewError> {
    let files = files_of(path, spec)?;
    let texts = files
        .par_iter()
        .map(|(key, file)| {
            at_most(file, MAX_REVIEW_BYTES).map_err(|fault| {
                let fault = match fault {
                    FileFault::TooLarge(bytes) => EntryFault::TooLarge(bytes),
                    FileFault::Io(error) => EntryFault::Io(error),
                    _ => EntryFault::Irregular,
                };
                entry(path, key.path(), fault)
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok((files, texts))
}

fn checksum(files: &Files, texts: &[Vec<u8>]) -> String {
    let mut sha256 = Sha256::new();
    for ((key, _), text) in files.iter().zip(texts) {
        sha256.update(key.path());
        sha256.update([0]);
        sha256.update((text.len() as u64).to_le_bytes());
        sha256.update(text);
    }
    hex(sha256)
}

/// The reviews' files, in order.
fn files_of(path: &Path, spec: &ReadSpec) -> Result<Files, ReviewError> {
    let below = path.join("aclImdb");
    let root = if below.is_dir() { below } else { path.to_owned() };
    let mut files = Files::new();
    for [part, label] in layout::FOLDERS {
        if label == "unsup" && spec.unlabelled == Unlabelled::Skip {
            continue;
        }
        let folder = root.join(part).join(label);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            entries => entries.map_err(|error| unreadable(&folder, error))?,
        };
        for found in entries {
            let found = found.map_err(|error| unreadable(&folder, error))?;
            let name = found.file_name().to_string_lossy().into_owned();
            let place = || format!("{part}/{label}/{name}");
            let Some(key) = layout::key([part, label], &name).map_err(|fault| entry(path, place(), fault))?
            else {
                continue;
            };
            // A link would lead out of the folder.
            if !found.file_type().map_err(|error| unreadable(&folder, error))?.is_file() {
                return Err(entry(path, place(), EntryFault::Irregular));
            }
            files.push((key, found.path()));
        }
        if files.len() > MAX_REVIEWS {
            return Err(ReviewError::File { path: path.to_owned(), fault: FileFault::TooMany });
        }
    }
    if files.is_empty() {
        return Err(ReviewError::File { path: path.to_owned(), fault: FileFault::Layout });
    }
    files.sort_unstable_by_key(|(key, _)| *key);
    match layout::twice(&files) {
        Some(key) => Err(entry(path, key.path(), EntryFault::Twice)),
        None => Ok(files),
    }
}

fn unreadable(path: &Path, error: io::Error) -> ReviewError {
    ReviewError::File { path: path.to_owned(), fault: FileFault::Io(error) }
}

fn entry(path: &Path, entry: String, fault: EntryFault) -> ReviewError {
    ReviewError::Entry { path: path.to_owned(), entry, fault }
}
