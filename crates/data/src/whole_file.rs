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
    flush(folder);
    Ok(())
}

/// A rename is on the disk only when its folder is; only Unix lets a folder be opened for that. Where it cannot be opened or
/// flushed, as on some networks' disks, the file is in its place all the same, which is no failure.
fn flush(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
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

#[cfg(all(test, unix))]
mod tests {
    use std::{fs, fs::Permissions, os::unix::fs::PermissionsExt};

    use super::*;

    /// Files can be made in such a folder, but not even its owner can open it, root apart.
    #[test]
    fn a_folder_that_cannot_be_opened_is_no_failure() {
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), Permissions::from_mode(0o300)).unwrap();
        let written = write_whole(&place.path().join("file"), b"whole");
        fs::set_permissions(place.path(), Permissions::from_mode(0o700)).unwrap();
        written.unwrap();
        assert_eq!(fs::read(place.path().join("file")).unwrap(), b"whole");
    }
}
