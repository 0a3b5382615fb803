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
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(unmade)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    // A temporary file is its owner's alone; what is written is as any other file of the folder.
    let permissions = fs::metadata(path).map(|there| there.permissions()).ok();
    let file = file.persist(path).map_err(|error| failed(error.error))?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions).map_err(failed)?;
    }
    Ok(())
}
