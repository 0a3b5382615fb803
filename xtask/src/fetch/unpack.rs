//! Unpacking an archive into one folder, and nowhere else.
//!
//! It grows in a temporary folder beside its target and is renamed into place whole. Files are not flushed one by
//! one (a hundred thousand flushes take minutes); after a power cut delete the folder and unpack again.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

use flate2::read::GzDecoder;
use tar::{Entry, EntryType};
use thiserror::Error;

use super::{
    catalog,
    place::{self, PlaceError},
};

/// Why an archive was not unpacked. Nothing of it is then in place.
#[derive(Debug, Error)]
pub enum UnpackError {
    /// The archive cannot be read to its end.
    #[error("`{}` cannot be read as a gzipped tar archive", path.display())]
    Read {
        /// The archive.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An entry would leave the folder.
    #[error("entry `{entry}` is refused: {reason}")]
    Refused {
        /// Its path in the archive.
        entry: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// More entries than any right archive has.
    #[error("the archive has more than {limit} entries, and no right one has more")]
    Entries {
        /// The bound.
        limit: u64,
    },
    /// More bytes than any right archive has.
    #[error("the archive unpacks to more than {limit} bytes, and no right one has more")]
    Bytes {
        /// The bound.
        limit: u64,
    },
    /// The archive has no entry.
    #[error("the archive has no files")]
    Empty,
    /// This machine's disk failed.
    #[error(transparent)]
    Place(#[from] PlaceError),
}

/// What unpacking did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpacked {
    /// So many files are now there.
    Files(u64),
    /// The folder was there already and was left alone.
    Already,
}

/// Unpacks `archive` into the folder `bounds.folder` beside it.
///
/// # Errors
/// When an entry is not a plain file or folder within `bounds.folder`, when the archive passes its bounds or is
/// broken, or when the disk fails.
pub fn unpack(archive: &Path, bounds: &catalog::Archive) -> Result<Unpacked, UnpackError> {
    let target = archive.with_file_name(&bounds.folder);
    if target.exists() {
        return Ok(Unpacked::Already);
    }
    let beside = archive.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let growing = tempfile::Builder::new()
        .prefix(".unpacking-")
        .tempdir_in(beside)
        .map_err(place::failed("make a folder in", beside))?;
    let files = unpack_into(archive, bounds, growing.path())?;
    let grown = growing.path().join(&bounds.folder);
    fs::rename(&grown, &target).map_err(place::failed("put in place", &target))?;
    place::sync_folder(&target);
    Ok(Unpacked::Files(files))
}

fn unpack_into(path: &Path, bounds: &catalog::Archive, into: &Path) -> Result<u64, UnpackError> {
    let broken = |source| UnpackError::Read { path: path.to_path_buf(), source };
    let file = File::open(path).map_err(broken)?;
    // The limit holds for the whole stream, headers and long names included, so that no size that an entry
    // claims has to be believed. One byte more than allowed shows that the archive went past it.
    let mut stream = tar::Archive::new(GzDecoder::new(file).take(bounds.bytes_at_most.saturating_add(1)));
    let mut entries = 0;
    let mut files = 0;
    let mut bytes: u64 = 0;
    for entry in stream.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        entries += 1;
        if entries > bounds.entries_at_most {
            return Err(UnpackError::Entries { limit: bounds.entries_at_most });
        }
        bytes = bytes.saturating_add(entry.size());
        if bytes > bounds.bytes_at_most {
            return Err(UnpackError::Bytes { limit: bounds.bytes_at_most });
        }
        let kind = entry.header().entry_type();
        if kind == EntryType::XGlobalHeader {
            continue; // a comment on the whole archive, without a file
        }
        let inside = inside(&entry, &bounds.folder)?;
        let to = into.join(inside);
        if kind == EntryType::Directory {
            fs::create_dir_all(&to).map_err(place::failed("make the folder", &to))?;
        } else {
            write_file(&mut entry, &to, broken)?;
            files += 1;
        }
    }
    if files == 0 {
        return Err(UnpackError::Empty);
    }
    Ok(files)
}

fn write_file<R: Read>(
    entry: &mut Entry<'_, R>,
    to: &Path,
    broken: impl FnOnce(io::Error) -> UnpackError,
) -> Result<(), UnpackError> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(place::failed("make the folder", folder))?;
    }
    let mut file = match File::create_new(to) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(UnpackError::Refused { entry: name(entry), reason: "it is there twice" });
        }
        file => file.map_err(place::failed("make", to))?,
    };
    let size = entry.size();
    let written = io::copy(entry, &mut file).map_err(broken)?;
    if written != size {
        return Err(UnpackError::Refused { entry: name(entry), reason: "it is cut short" });
    }
    Ok(())
}

/// The entry's path, if it is a plain file or folder and stays within `folder`.
fn inside<R: Read>(entry: &Entry<'_, R>, folder: &str) -> Result<PathBuf, UnpackError> {
    let refused = |reason| Err(UnpackError::Refused { entry: name(entry), reason });
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous | EntryType::Directory => {}
        EntryType::Symlink | EntryType::Link => return refused("it is a link"),
        EntryType::Char | EntryType::Block | EntryType::Fifo => return refused("it is a device"),
        _ => return refused("it is neither a file nor a folder"),
    }
    let Ok(path) = entry.path() else { return refused("its path cannot be read") };
    let mut inside = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => inside.push(part),
            Component::CurDir => {}
            Component::ParentDir => return refused("its path has `..`, which would leave the folder"),
            Component::RootDir | Component::Prefix(_) => return refused("its path is absolute"),
        }
    }
    if !inside.starts_with(folder) {
        return refused("it is not in the archive's own folder");
    }
    Ok(inside)
}

fn name<R: Read>(entry: &Entry<'_, R>) -> String {
    String::from_utf8_lossy(&entry.path_bytes()).into_owned()
}
