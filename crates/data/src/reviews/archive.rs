//! Reads the reviews straight from a gzipped tar archive, as a stream: nothing is unpacked to the disk.

use std::{
    fs::File,
    io::{self, BufReader, ErrorKind, Read},
    path::{Component, Path},
};

use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};
use tar::{Archive, Entry};

use super::{
    Corpus, EntryFault, FileFault, MAX_REVIEW_BYTES, MAX_REVIEWS, MAX_SOURCE_BYTES, ReadSpec, ReviewError,
    Unlabelled,
    layout::{self, Key},
    note::Blanks,
    part::Part,
};
use crate::checksum::hex;

/// Bytes read from the disk at once.
const BUFFER: usize = 1 << 18;

/// Reads an archive into `corpus`, with the SHA-256 of its bytes.
pub(super) fn read(path: &Path, spec: &ReadSpec, corpus: &mut Corpus) -> Result<(), ReviewError> {
    read_at_most(MAX_SOURCE_BYTES, path, spec, corpus)
}

/// Reads an archive that may unpack to fewer than `most` bytes.
fn read_at_most(most: u64, path: &Path, spec: &ReadSpec, corpus: &mut Corpus) -> Result<(), ReviewError> {
    let at = |fault| ReviewError::File { path: path.to_owned(), fault };
    let file = File::open(path).map_err(|error| at(FileFault::Io(error)))?;
    let hashed = Hashed { file, sha256: Sha256::new() };
    let mut unzipped = GzDecoder::new(BufReader::with_capacity(BUFFER, hashed)).take(most);

    let mut blanks = Blanks::default();
    let read = reviews_of(&mut unzipped, path, spec, &mut blanks);
    // What follows the last entry holds the checksum, which is compared only when it is read.
    let read = read.and_then(|reviews| match io::copy(&mut unzipped, &mut io::sink()) {
        Ok(_) => Ok(reviews),
        Err(error) => Err(at(archive_fault(error))),
    });
    if unzipped.limit() == 0 {
        return Err(at(FileFault::UnpacksTooLarge));
    }
    let mut reviews = read?;
    let mut hashed = unzipped.into_inner().into_inner().into_inner();
    io::copy(&mut hashed, &mut io::sink()).map_err(|error| at(FileFault::Io(error)))?;

    let blank = blanks.note();
    if reviews.is_empty() && blank.is_none() {
        return Err(at(FileFault::Layout));
    }
    reviews.sort_unstable_by_key(|(key, _)| *key);
    if let Some(key) = layout::twice(&reviews) {
        let fault = EntryFault::Twice;
        return Err(ReviewError::Entry { path: path.to_owned(), entry: key.path(), fault });
    }
    layout::sort_out(corpus, reviews, &spec.labels)?;
    corpus.notes.extend(blank);
    corpus.sha256 = hex(hashed.sha256);
    Ok(())
}

/// The reviews of a tar archive, in its order.
fn reviews_of(
    tar: impl Read,
    path: &Path,
    spec: &ReadSpec,
    blanks: &mut Blanks,
) -> Result<Vec<(Key, String)>, ReviewError> {
    let at = |fault| ReviewError::File { path: path.to_owned(), fault };
    let broken = |error: io::Error| at(archive_fault(error));
    let mut archive = Archive::new(tar);
    let mut reviews = Vec::new();
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let of_entry = |fault| ReviewError::Entry { path: path.to_owned(), entry: name.clone(), fault };
        let Some(key) = key_of(&entry, &name).map_err(of_entry)? else { continue };
        if key.part == Part::Unlabelled && spec.unlabelled == Unlabelled::Skip {
            continue;
        }
        let size = entry.size();
        if size > MAX_REVIEW_BYTES {
            return Err(of_entry(EntryFault::TooLarge(size)));
        }
        let mut bytes = Vec::with_capacity(size as usize);
        entry.read_to_end(&mut bytes).map_err(broken)?;
        if bytes.len() as u64 != size {
            return Err(at(FileFault::CutShort));
        }
        let text = layout::text(bytes, spec.encoding).map_err(of_entry)?;
        if !blanks.is_blank(&text, || name.clone()) {
            reviews.push((key, text));
        }
        if reviews.len() > MAX_REVIEWS {
            return Err(at(FileFault::TooMany));
        }
    }
    Ok(reviews)
}

/// The key of an entry; `None` for one that holds no review. The folder that holds all may have any name, or none.
fn key_of(entry: &Entry<'_, impl Read>, name: &str) -> Result<Option<Key>, EntryFault> {
    let mut parts = Vec::new();
    for component in Path::new(name).components() {
        match component {
            Component::CurDir => {}
            Component::Normal(part) => parts.extend(part.to_str()),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(EntryFault::Leaves);
            }
        }
    }
    let kind = entry.header().entry_type();
    let ([part, label, file] | [_, part, label, file]) = parts[..] else { return Ok(None) };
    let key = layout::key([part, label], file)?;
    match key {
        Some(_) if !kind.is_file() => Err(EntryFault::Irregular),
        key => Ok(key),
    }
}

/// What is wrong with an archive, from what its reader says.
fn archive_fault(error: io::Error) -> FileFault {
    match error.kind() {
        ErrorKind::UnexpectedEof => FileFault::CutShort,
        _ => FileFault::Archive(error),
    }
}

/// A file whose bytes are hashed as they are read, so that the checksum is of the very bytes that were used.
struct Hashed {
    file: File,
    sha256: Sha256,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.sha256.update(&buffer[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reviews::read::Source;
    use flate2::{Compression, write::GzEncoder};

    /// A file of a few hundred bytes that unpacks to a megabyte.
    fn swollen() -> tempfile::NamedTempFile {
        let file = tempfile::Builder::new().suffix(".tgz").tempfile().unwrap();
        let mut tar = tar::Builder::new(GzEncoder::new(file.reopen().unwrap(), Compression::best()));
        for name in ["train/pos/1_9.txt", "train/neg/1_1.txt", "a/large/file"] {
            let content = if name.starts_with("train") { &b"a film"[..] } else { &[0; 1 << 20] };
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            tar.append_data(&mut header, name, content).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap();
        file
    }

    #[test]
    fn an_archive_unpacks_to_so_much_and_no_more() {
        let (file, spec) = (swollen(), ReadSpec::default());
        let mut corpus = Source::Archive.read(file.path(), &spec).unwrap();
        for most in [1000, 1 << 20] {
            let refused = read_at_most(most, file.path(), &spec, &mut corpus).unwrap_err();
            assert!(
                matches!(refused, ReviewError::File { fault: FileFault::UnpacksTooLarge, .. }),
                "{most}: {refused}"
            );
        }
        read_at_most(2 << 20, file.path(), &spec, &mut corpus).unwrap();
    }
}
