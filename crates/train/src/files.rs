//! Files read and written without surprises: written whole or not at all, read only where they fit.
//!
//! Everything that a run leaves behind goes through here, so that a kill, a full disk or a power cut at any
//! moment leaves either the old file or the new one, never a part of one.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::Error;

/// The start and the end of the names under which files are written before they get their own; a kill can
/// leave one behind, and [`remove_leftovers`] takes it away.
const TEMPORARY: (&str, &str) = (".writing-", ".tmp");

/// Writes a file whole or not at all: into a temporary file of the same folder, which is flushed to the disk
/// and then takes the place of `path`, whether or not that existed.
///
/// # Errors
/// The folder is missing or cannot be written, or the disk is full; `path` is then what it was before.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_whole_with(path, |file| file.write_all(bytes).map_err(|source| Error::io("write", path, source)))
}

/// Writes a file whole or not at all, piece by piece, so that it need not fit into memory.
///
/// # Errors
/// As [`write_whole`], or what `write` returns.
pub fn write_whole_with(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
) -> Result<(), Error> {
    let failed = |source| Error::io("write", path, without_temporary_path(source));
    let folder = folder_of(path);
    let mut temporary = temporary_in(&folder).map_err(failed)?;
    let mut buffered = BufWriter::new(temporary.as_file_mut());
    write(&mut buffered)?;
    buffered.flush().map_err(failed)?;
    drop(buffered);
    temporary.as_file().sync_all().map_err(failed)?;
    temporary.persist(path).map_err(|error| failed(error.error))?;
    // The file is in place. Where the folder cannot be flushed, as on some network file systems, a power cut may still undo the
    // rename; that is no reason to fail.
    if let Err(error) = sync_folder(&folder) {
        tracing::warn!(folder = %folder.display(), %error, "cannot flush a folder to the disk");
    }
    Ok(())
}

/// Reads a file of at most `limit_bytes`, whose size is checked before memory is taken for it.
///
/// # Errors
/// The file is missing, cannot be read, is a folder or another thing without bytes of its own, or is larger than the limit.
pub fn read_limited(path: &Path, limit_bytes: u64) -> Result<Vec<u8>, Error> {
    let file = open(path)?;
    let size = file.metadata().map_err(|source| Error::io("read", path, source))?.len();
    if size > limit_bytes {
        return Err(too_large(path, size, limit_bytes));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    // One byte past the limit shows a file that grew after its size was asked.
    file.take(limit_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|source| Error::io("read", path, source))?;
    if bytes.len() as u64 > limit_bytes {
        return Err(too_large(path, bytes.len() as u64, limit_bytes));
    }
    Ok(bytes)
}

/// Computes the SHA-256 of some bytes, as 64 hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Computes the SHA-256 of a file of any size, without holding it in memory, as 64 hexadecimal digits.
///
/// # Errors
/// The file is missing, cannot be read, or is no regular file.
pub fn sha256_file(path: &Path) -> Result<String, Error> {
    let mut file = open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => return Ok(hex(&hasher.finalize())),
            Ok(read) => read,
            Err(source) if source.kind() == io::ErrorKind::Interrupted => continue,
            Err(source) => return Err(Error::io("read", path, source)),
        };
        hasher.update(&buffer[..read]);
    }
}

/// Creates a folder and those above it, where they are missing.
///
/// # Errors
/// The place is taken by a file, or cannot be written.
pub fn create_folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|source| Error::io("create folder", path, source))
}

/// Removes what a killed [`write_whole`] left in a folder. Only for a folder that no other process writes to.
///
/// # Errors
/// The folder cannot be read, or a leftover cannot be removed. A missing folder has no leftovers.
pub fn remove_leftovers(folder: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(Error::io("read folder", folder, source)),
    };
    for entry in entries {
        let entry = entry.map_err(|source| Error::io("read folder", folder, source))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1) {
            fs::remove_file(entry.path()).map_err(|source| Error::io("remove", &entry.path(), source))?;
        }
    }
    Ok(())
}

fn temporary_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    // The crate's default is readable by the owner alone; here the user's umask decides, as for any file.
    #[cfg(unix)]
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    builder.tempfile_in(folder)
}

/// The operating system's reason alone, without the name of a file that the user never sees.
fn without_temporary_path(error: io::Error) -> io::Error {
    match error.to_string().split_once(" at path ") {
        Some((reason, _)) => io::Error::new(error.kind(), reason),
        None => error,
    }
}

/// Makes a rename last through a power cut; only Unix offers it, and only Unix needs it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Opens a regular file; a pipe or a device would block or never end.
pub(crate) fn open(path: &Path) -> Result<File, Error> {
    let metadata = fs::metadata(path).map_err(|source| Error::io("read", path, source))?;
    if metadata.is_dir() {
        return Err(Error::invalid(path, "is a folder, expected a file"));
    }
    if !metadata.is_file() {
        return Err(Error::invalid(path, "is a pipe or a device, expected a regular file"));
    }
    File::open(path).map_err(|source| Error::io("read", path, source))
}

fn too_large(path: &Path, size: u64, limit: u64) -> Error {
    Error::invalid(path, format!("has {size} bytes, expected at most {limit}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
