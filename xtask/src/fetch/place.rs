//! How a file comes into its place: collected beside it, flushed to the disk, then renamed over it.
//!
//! Nobody ever sees half a file under the real name, whatever happens in between.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use thiserror::Error;

/// What failed on this machine's own disk: the next home would fare no better.
#[derive(Debug, Error)]
pub enum PlaceError {
    /// An operation on a file or folder failed.
    #[error("could not {doing} `{}`", path.display())]
    Disk {
        /// The operation.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A second fetch into the same folder.
    #[error("another fetch-data is working in `{}`: wait for it to end, or give another folder with --to", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// Something other than a file stands where the file should go.
    #[error("`{}` is there and is not a file: move it away", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
}

/// Attaches the operation and the path to an I/O error.
pub(crate) fn failed<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> PlaceError + 'a {
    move |source| PlaceError::Disk { doing, path: path.to_path_buf(), source }
}

/// A file being collected beside its target.
#[derive(Debug)]
pub struct Staging {
    file: File,
    path: PathBuf,
    target: PathBuf,
    held: u64,
    leftover: Leftover,
}

/// What becomes of a collected file that was not put in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leftover {
    /// It stays, unless it is empty.
    Keep,
    /// It goes away.
    Remove,
    /// It was put in place: nothing is left.
    None,
}

impl Staging {
    /// Opens `TARGET.part`, with what an earlier download left in it. It stays there if this one breaks too.
    ///
    /// # Errors
    /// When it cannot be opened for writing.
    pub fn resume(target: &Path) -> Result<Self, PlaceError> {
        let path = beside(target, ".part");
        let file =
            OpenOptions::new().append(true).create(true).open(&path).map_err(failed("write", &path))?;
        let held = file.metadata().map_err(failed("read", &path))?.len();
        Ok(Self { file, path, target: target.to_path_buf(), held, leftover: Leftover::Keep })
    }

    /// Opens an empty `TARGET.new`, which goes away again unless it is put in place.
    ///
    /// # Errors
    /// When it cannot be opened for writing.
    pub fn anew(target: &Path) -> Result<Self, PlaceError> {
        let path = beside(target, ".new");
        let file = File::create(&path).map_err(failed("write", &path))?;
        Ok(Self { file, path, target: target.to_path_buf(), held: 0, leftover: Leftover::Remove })
    }

    /// Where the bytes are being collected.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Flushes the bytes to the disk and renames the file to its target, over what is there.
    ///
    /// # Errors
    /// When the disk refuses; the target is then as it was before.
    pub fn put_in_place(mut self) -> Result<(), PlaceError> {
        self.file.sync_all().map_err(failed("flush", &self.path))?;
        fs::rename(&self.path, &self.target).map_err(failed("put in place", &self.target))?;
        self.leftover = Leftover::None;
        sync_folder(&self.target);
        Ok(())
    }

    /// Gives up what was collected, because it is wrong.
    pub fn discard(mut self) {
        self.leftover = Leftover::Remove;
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let unwanted = match self.leftover {
            Leftover::Keep => self.held == 0,
            Leftover::Remove => true,
            Leftover::None => false,
        };
        if unwanted {
            // A file that cannot be removed does no harm: the next fetch empties or checks it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// What a download writes into.
pub trait Landing {
    /// How many bytes it holds.
    fn held(&self) -> u64;
    /// Empties it.
    ///
    /// # Errors
    /// When the disk refuses.
    fn clear(&mut self) -> Result<(), PlaceError>;
    /// Adds bytes at the end.
    ///
    /// # Errors
    /// When the disk refuses, for example because it is full.
    fn append(&mut self, bytes: &[u8]) -> Result<(), PlaceError>;
}

impl Landing for Staging {
    fn held(&self) -> u64 {
        self.held
    }

    fn clear(&mut self) -> Result<(), PlaceError> {
        self.file.set_len(0).map_err(failed("empty", &self.path))?;
        self.held = 0;
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), PlaceError> {
        self.file.write_all(bytes).map_err(failed("write", &self.path))?;
        self.held += bytes.len() as u64;
        Ok(())
    }
}

impl Landing for Vec<u8> {
    fn held(&self) -> u64 {
        self.len() as u64
    }

    fn clear(&mut self) -> Result<(), PlaceError> {
        self.truncate(0);
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), PlaceError> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// Makes the folder if need be and keeps other fetches out of it until the guard is dropped.
///
/// The folder itself is locked, so that no lock file stays behind. Where a folder cannot be opened or locked
/// (Windows, some network file systems) there is no guard, and none is needed for one user.
///
/// # Errors
/// When the folder cannot be made, or another fetch holds it.
pub fn claim_folder(folder: &Path) -> Result<Option<File>, PlaceError> {
    fs::create_dir_all(folder).map_err(failed("make the folder", folder))?;
    let Ok(guard) = File::open(folder) else { return Ok(None) };
    match guard.try_lock() {
        Ok(()) => Ok(Some(guard)),
        Err(TryLockError::WouldBlock) => Err(PlaceError::Busy { path: folder.to_path_buf() }),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Makes a rename in this file's folder last through a power cut, where the system can.
pub(crate) fn sync_folder(of: &Path) {
    if let Some(Ok(folder)) = of.parent().map(File::open) {
        // The file itself is already flushed and renamed; a system that cannot flush a folder is not an error.
        let _ = folder.sync_all();
    }
}

fn beside(target: &Path, suffix: &str) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_os_string();
    name.push(suffix);
    target.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stays_and_goes_on_while_a_new_file_goes_away() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let target = folder.path().join("data.txt");
        let mut part = Staging::resume(&target).expect("open");
        part.append(b"abc").expect("append");
        drop(part);
        let mut part = Staging::resume(&target).expect("open again");
        assert_eq!(part.held(), 3);
        part.append(b"def").expect("append");
        part.put_in_place().expect("rename");
        assert_eq!(fs::read(&target).expect("read"), b"abcdef");

        let mut new = Staging::anew(&target).expect("open");
        new.append(b"x").expect("append");
        drop(new);
        let left: Vec<_> =
            fs::read_dir(folder.path()).expect("list").flatten().map(|e| e.file_name()).collect();
        assert_eq!(left, ["data.txt"]);
        assert_eq!(fs::read(&target).expect("read"), b"abcdef");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_reported_with_the_path() {
        let mut full = Staging {
            file: OpenOptions::new().write(true).open("/dev/full").expect("the device"),
            path: "datasets/data.txt.part".into(),
            target: "datasets/data.txt".into(),
            held: 0,
            leftover: Leftover::Keep,
        };
        let error = full.append(b"x").expect_err("no room");
        insta::assert_snapshot!(
            crate::report::chain(&error),
            @"could not write `datasets/data.txt.part`: No space left on device (os error 28)"
        );
    }

    #[test]
    fn a_folder_is_claimed_by_one_fetch_at_a_time() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let Some(guard) = claim_folder(folder.path()).expect("the first") else { return };
        let error = claim_folder(folder.path()).expect_err("the second").to_string();
        assert!(error.starts_with("another fetch-data is working in"), "{error}");
        drop(guard);
        assert!(claim_folder(folder.path()).expect("after the first").is_some());
    }
}
