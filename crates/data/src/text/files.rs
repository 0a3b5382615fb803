//! Which files a path stands for, and their bytes.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use super::{FileFault, MAX_TEXT_BYTES};

/// A file and its size when it was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
}

/// The files that a path stands for, at least one: itself, or all below it that are not empty; and how many of those are.
pub(super) fn files_of(path: &Path) -> Result<(Vec<Found>, usize), (PathBuf, FileFault)> {
    let at = |fault| (path.to_owned(), fault);
    let data = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => at(FileFault::Missing),
        _ => at(FileFault::Io(error)),
    })?;
    if data.is_file() {
        if data.len() == 0 {
            return Err(at(FileFault::Empty));
        }
        return Ok((vec![Found { path: path.to_owned(), bytes: data.len() }], 0));
    }
    if !data.is_dir() {
        return Err(at(FileFault::Irregular));
    }
    let mut files = below(path)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let all = files.len();
    files.retain(|file| file.bytes > 0);
    let empty = all - files.len();
    if files.is_empty() { Err(at(FileFault::EmptyFolder)) } else { Ok((files, empty)) }
}

/// Every regular file below a folder. Links are not followed, so that no circle of them is walked for ever.
fn below(folder: &Path) -> Result<Vec<Found>, (PathBuf, FileFault)> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| (path, FileFault::Io(error))
    };
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let entry = entry.map_err(at(&folder))?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            let kind = entry.file_type().map_err(at(&path))?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                let bytes = entry.metadata().map_err(at(&path))?.len();
                files.push(Found { path, bytes });
            }
        }
    }
    Ok(files)
}

/// The bytes of a file; `left` of [`MAX_TEXT_BYTES`] may be read.
pub(super) fn bytes_of(file: &Found, left: u64) -> Result<Vec<u8>, FileFault> {
    let mut bytes = Vec::new();
    let size = file.bytes.min(MAX_TEXT_BYTES);
    usize::try_from(size)
        .map_or(Ok(()), |size| bytes.try_reserve_exact(size))
        .map_err(|reason| FileFault::Memory { bytes: file.bytes, reason })?;
    // The file may have grown since its size was asked.
    let read =
        File::open(&file.path).and_then(|open| open.take(left.saturating_add(1)).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(FileFault::Io(error)),
        Ok(count) if count as u64 > left => Err(FileFault::Grew),
        Ok(0) => Err(FileFault::Empty),
        Ok(_) => Ok(bytes),
    }
}
