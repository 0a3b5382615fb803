//! Writes a file whole or not at all: a temporary file in the same folder, flushed, renamed, the folder flushed.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

/// Writes a file; an existing one is replaced only once the new one is complete on the disk.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = temporary(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // A rename is on the disk only when its folder is; only Unix lets a folder be opened for that.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(unix)]
fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt};

    // Without this, the file could be read by its owner alone; the process's mask still applies.
    tempfile::Builder::new().permissions(Permissions::from_mode(0o666)).tempfile_in(folder)
}

#[cfg(not(unix))]
fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::NamedTempFile::new_in(folder)
}
