//! Which files a path stands for, and their bytes.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use flate2::bufread::MultiGzDecoder;
use ignore::{
    WalkBuilder,
    overrides::{Override, OverrideBuilder},
};

use super::{FileFault, MAX_TEXT_BYTES, Note, ReadSpec};

/// A file and its size when it was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
}

/// What of folders is not read.
#[derive(Default)]
pub(super) struct LeftOut {
    empty: usize,
    binary: Vec<PathBuf>,
    ignored: Vec<PathBuf>,
}

impl LeftOut {
    /// What is told of it.
    pub(super) fn notes(mut self) -> Vec<Note> {
        let empty = (self.empty > 0).then_some(Note::EmptyFiles { files: self.empty });
        let first = |paths: &mut Vec<PathBuf>| {
            paths.sort();
            (paths.len(), paths.first().cloned())
        };
        let (files, binary) = first(&mut self.binary);
        let (paths, ignored) = first(&mut self.ignored);
        let binary = binary.map(|first| Note::BinaryFiles { files, first });
        empty.into_iter().chain(binary).chain(ignored.map(|first| Note::Ignored { paths, first })).collect()
    }
}

/// The files that a path stands for, at least one: itself, or all below it that hold text.
pub(super) fn files_of(
    path: &Path,
    spec: &ReadSpec,
    left_out: &mut LeftOut,
) -> Result<Vec<Found>, (PathBuf, FileFault)> {
    let at = |fault| (path.to_owned(), fault);
    let data = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => at(FileFault::Missing),
        _ => at(FileFault::Io(error)),
    })?;
    if data.is_file() {
        if data.len() == 0 {
            return Err(at(FileFault::Empty));
        }
        return Ok(vec![Found { path: path.to_owned(), bytes: data.len() }]);
    }
    if !data.is_dir() {
        return Err(at(FileFault::Irregular));
    }
    let mut files = below(path, spec, left_out)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if files.is_empty() { Err(at(FileFault::EmptyFolder)) } else { Ok(files) }
}

/// Folders that builds and tools leave in a tree of sources.
const OF_BUILDS: &[&str] = &["target", "node_modules", "__pycache__", "build", "dist", "venv"];

/// Every regular file with text below a folder. Links are not followed, so that no circle of them is walked for ever.
fn below(folder: &Path, spec: &ReadSpec, left_out: &mut LeftOut) -> Result<Vec<Found>, (PathBuf, FileFault)> {
    let globs = globs(folder, spec).map_err(|fault| (folder.to_owned(), fault))?;
    let mut found = Vec::new();
    for path in walked(folder, |walk| walk.git_ignore(true).overrides(globs))? {
        let bytes = fs::metadata(&path).map_err(|error| (path.clone(), FileFault::Io(error)))?.len();
        if bytes == 0 {
            left_out.empty += 1;
        } else if is_binary(&path).map_err(|error| (path.clone(), FileFault::Io(error)))? {
            left_out.binary.push(path);
        } else {
            found.push(Found { path, bytes });
        }
    }
    if spec.include.is_empty() && spec.exclude.is_empty() {
        let kept: HashSet<_> = found.iter().map(|file| &file.path).chain(&left_out.binary).collect();
        let is_left_out =
            |path: &PathBuf| !kept.contains(path) && fs::metadata(path).is_ok_and(|data| data.len() > 0);
        let all = walked(folder, |walk| walk)?;
        left_out.ignored.extend(all.into_iter().filter(is_left_out));
    }
    Ok(found)
}

/// The regular files below a folder that are not hidden; with `filters` set, without what builds leave, too, unless a glob names it.
fn walked(
    folder: &Path,
    filters: impl FnOnce(&mut WalkBuilder) -> &mut WalkBuilder,
) -> Result<Vec<PathBuf>, (PathBuf, FileFault)> {
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).hidden(true).require_git(false);
    let entries = filters(&mut walk).build();
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| {
            let reason = error.into_io_error().unwrap_or_else(|| io::Error::other("cannot be walked"));
            (folder.to_owned(), FileFault::Io(reason))
        })?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// What is read and what is not, by the globs asked for; what builds leave is not, where none are.
fn globs(folder: &Path, spec: &ReadSpec) -> Result<Override, FileFault> {
    let mut globs = OverrideBuilder::new(folder);
    let no_glob = |glob: &str, error: ignore::Error| FileFault::Glob {
        glob: glob.to_owned(),
        reason: error.to_string(),
    };
    for glob in &spec.include {
        globs.add(glob).map_err(|error| no_glob(glob, error))?;
    }
    for glob in &spec.exclude {
        globs.add(&format!("!{glob}")).map_err(|error| no_glob(glob, error))?;
    }
    if spec.include.is_empty() {
        for name in OF_BUILDS {
            globs.add(&format!("!{name}/")).map_err(|error| no_glob(name, error))?;
        }
    }
    globs.build().map_err(|error| no_glob("", error))
}

/// Whether a byte of 0, which no text has, is among the first of a file, as in nearly all other files.
fn is_binary(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(1 << 13).read_to_end(&mut start)?;
    let is_utf_16 = start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]);
    Ok(!is_utf_16 && start.contains(&0))
}

/// What bytes unpack to, where they are packed by gzip; `left` may be read.
pub(super) fn unpacked(bytes: Vec<u8>, left: u64) -> Result<Vec<u8>, FileFault> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut content = Vec::new();
    let packed = MultiGzDecoder::new(&bytes[..]).take(left.saturating_add(1));
    match { packed }.read_to_end(&mut content) {
        Err(error) => Err(FileFault::Packed(error)),
        Ok(count) if count as u64 > left => Err(FileFault::Grew),
        Ok(0) => Err(FileFault::Empty),
        Ok(_) => Ok(content),
    }
}

/// The bytes of a stream, of which `left` may be read, put into a vector that has room or gets it.
pub(super) fn limited(stream: impl Read, left: u64, mut bytes: Vec<u8>) -> Result<Vec<u8>, FileFault> {
    match stream.take(left.saturating_add(1)).read_to_end(&mut bytes) {
        Err(error) => Err(FileFault::Io(error)),
        Ok(count) if count as u64 > left => Err(FileFault::Grew),
        Ok(0) => Err(FileFault::Empty),
        Ok(_) => Ok(bytes),
    }
}

/// The bytes of a file; `left` of [`MAX_TEXT_BYTES`] may be read.
pub(super) fn bytes_of(file: &Found, left: u64) -> Result<Vec<u8>, FileFault> {
    let mut bytes = Vec::new();
    let size = file.bytes.min(MAX_TEXT_BYTES);
    usize::try_from(size)
        .map_or(Ok(()), |size| bytes.try_reserve_exact(size))
        .map_err(|reason| FileFault::Memory { bytes: file.bytes, reason })?;
    // The file may have grown since its size was asked.
    limited(File::open(&file.path).map_err(FileFault::Io)?, left, bytes)
}
