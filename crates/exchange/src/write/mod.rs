//! From layers to the files of other frameworks.

mod exported;
mod graph;
mod onnx;
mod onnx_weights;
mod plain;
mod pooling;
mod state_dict;
mod states;

use std::{fs, io::Write, path::Path};

pub use exported::{Exported, Form};
pub use graph::{Attribute, Axis, Number, OnnxGraph, Value};
pub use onnx::{Recurred, States};
pub use pooling::Pool;
pub use state_dict::StateDict;

use crate::error::Error;

/// Writes a file whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::io("write", path, source);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // What is wrong with the folder is said of it, and not of a temporary name in it.
    let unmade = |error| failed(fs::metadata(folder).err().unwrap_or(error));
    let mut builder = tempfile::Builder::new();
    // A temporary file is its owner's alone; a new file is as the user's umask has it, as any other.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(unmade)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    // One that is written over stays as it was.
    let permissions = fs::metadata(path).map(|there| there.permissions()).ok();
    let file = file.persist(path).map_err(|error| failed(error.error))?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions).map_err(failed)?;
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_may_be_read_by_whom_any_other_may() {
        let folder = tempfile::tempdir().unwrap();
        let [ours, other] = ["ours", "other"].map(|name| folder.path().join(name));
        fs::write(&other, "").unwrap();
        write_whole(&ours, b"a").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&other));
        fs::set_permissions(&ours, fs::Permissions::from_mode(0o640)).unwrap();
        write_whole(&ours, b"b").unwrap();
        assert_eq!(mode(&ours) & 0o777, 0o640);
    }
}
