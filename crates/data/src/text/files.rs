//! Which files a path stands for, and their bytes.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use flate2::bufread::MultiGzDecoder;
use ignore::{
    DirEntry, WalkBuilder,
    gitignore::{Gitignore, GitignoreBuilder},
};

use super::{Encoding, FileFault, MAX_TEXT_BYTES, Note, ReadSpec};

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
        refuse_globs(spec).map_err(at)?;
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

/// The file that names what is left out of its folder.
const GITIGNORE: &str = ".gitignore";

/// Every regular file with text below a folder. Links are not followed, so that no circle of them is walked for ever.
fn below(folder: &Path, spec: &ReadSpec, left_out: &mut LeftOut) -> Result<Vec<Found>, (PathBuf, FileFault)> {
    let at = |fault| (folder.to_owned(), fault);
    let included =
        (!spec.include.is_empty()).then(|| globs(folder, &spec.include)).transpose().map_err(at)?;
    let excluded = globs(folder, &spec.exclude).map_err(at)?;
    let is_of = |globs: &Gitignore, path: &Path| globs.matched_path_or_any_parents(path, false).is_ignore();
    let mut found = Vec::new();
    let walked = walked(folder, spec)?;
    for path in walked.files {
        if is_of(&excluded, &path) || included.as_ref().is_some_and(|included| !is_of(included, &path)) {
            continue;
        }
        let bytes = fs::metadata(&path).map_err(|error| (path.clone(), FileFault::Io(error)))?.len();
        if bytes == 0 {
            left_out.empty += 1;
        } else if is_binary(&path, spec.encoding).map_err(|error| (path.clone(), FileFault::Io(error)))? {
            left_out.binary.push(path);
        } else {
            found.push(Found { path, bytes });
        }
    }
    if found.is_empty() && included.is_some() {
        return Err(at(FileFault::NoMatch(spec.include.join(", "))));
    }
    if walked.may_leave_out && included.is_none() && spec.exclude.is_empty() {
        let kept: HashSet<_> = found.iter().map(|file| &file.path).chain(&left_out.binary).collect();
        let is_left_out =
            |path: &PathBuf| !kept.contains(path) && fs::metadata(path).is_ok_and(|data| data.len() > 0);
        // What cannot be walked there is left out as well.
        let all = walk(folder).build().flatten().filter(is_file).map(DirEntry::into_path);
        left_out.ignored.extend(all.filter(is_left_out));
    }
    Ok(found)
}

/// A walk of what is not hidden.
fn walk(folder: &Path) -> WalkBuilder {
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).hidden(true).require_git(false);
    walk
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
}

/// What a walk has found.
struct Walked {
    files: Vec<PathBuf>,
    /// Whether there was a `.gitignore`, or something that builds leave: only then is there something to count that was left out.
    may_leave_out: bool,
}

/// The regular files below a folder that are not hidden, that no `.gitignore` names and no build leaves. A folder that a glob spells is
/// walked all the same.
fn walked(folder: &Path, spec: &ReadSpec) -> Result<Walked, (PathBuf, FileFault)> {
    let spelt: HashSet<String> =
        spec.include.iter().flat_map(|glob| glob.split('/')).map(str::to_owned).collect();
    let may_leave_out = Arc::new(AtomicBool::new(folder.join(GITIGNORE).exists()));
    let seen = Arc::clone(&may_leave_out);
    let mut walk = walk(folder);
    walk.git_ignore(true).hidden(false).filter_entry(move |entry| {
        let name = entry.file_name().to_string_lossy();
        let is_of_build = OF_BUILDS.contains(&&*name);
        let is_left = name.starts_with('.') || is_of_build;
        let is_kept = entry.depth() == 0 || !is_left || spelt.contains(&*name);
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let has_own = || is_folder && entry.path().join(GITIGNORE).exists();
        if is_of_build && !is_kept || is_kept && has_own() {
            seen.store(true, Ordering::Relaxed);
        }
        is_kept
    });
    let entries = walk.build().map(|entry| {
        entry.map_err(|error| {
            let path = path_of(&error).unwrap_or(folder).to_owned();
            let reason = error.into_io_error().unwrap_or_else(|| io::Error::other("cannot be walked"));
            (path, FileFault::Io(reason))
        })
    });
    let files = entries.filter(|entry| entry.as_ref().map_or(true, is_file));
    let files = files.map(|entry| entry.map(DirEntry::into_path)).collect::<Result<_, _>>()?;
    Ok(Walked { files, may_leave_out: may_leave_out.load(Ordering::Relaxed) })
}

/// The path that an error of the walk is about.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// Globs as a `.gitignore` has them.
fn globs(folder: &Path, globs: &[String]) -> Result<Gitignore, FileFault> {
    let mut builder = GitignoreBuilder::new(folder);
    for glob in globs {
        let no_glob = |reason: String| FileFault::Glob { glob: glob.clone(), reason };
        if glob.starts_with(['!', '#']) {
            return Err(no_glob("it begins with a mark that has another meaning there".to_owned()));
        }
        builder.add_line(None, glob).map_err(|error| no_glob(error.to_string()))?;
    }
    builder.build().map_err(|error| FileFault::Glob { glob: globs.join(", "), reason: error.to_string() })
}

/// Whether a byte of 0, which no text but one of UTF-16 has, is among the first of a file, as in nearly all other files.
fn is_binary(path: &Path, encoding: Option<Encoding>) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(1 << 13).read_to_end(&mut start)?;
    Ok(!is_utf_16(&start, encoding) && start.contains(&0))
}

/// Whether bytes are of UTF-16, as their mark says or whoever names the encoding.
pub(super) fn is_utf_16(bytes: &[u8], encoding: Option<Encoding>) -> bool {
    let is_marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    is_marked || encoding.is_some_and(|encoding| encoding.name().starts_with("UTF-16"))
}

/// Refuses globs where there is no folder.
pub(super) fn refuse_globs(spec: &ReadSpec) -> Result<(), FileFault> {
    match spec.include.is_empty() && spec.exclude.is_empty() {
        true => Ok(()),
        false => Err(FileFault::NoFolder),
    }
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
        Ok(count) if count as u64 > left => Err(FileFault::Swells),
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
