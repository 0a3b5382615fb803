//! From bytes to named tensors: a file for each format. None of them knows a layer.

pub(crate) mod activations;
pub(crate) mod archive;
pub(crate) mod hdf5;
pub(crate) mod keras_archive;
mod keras_names;
pub(crate) mod onnx;
pub(crate) mod pytorch;
pub(crate) mod safetensors;

use std::{fs::File, io::Read, path::Path};

use crate::error::Error;

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// PyTorch's zip.
    Archive,
    /// PyTorch's old form, or another pickle.
    Pickle,
    KerasArchive,
    Hdf5,
    Safetensors,
    Onnx,
}

const REMEDY: &str =
    "expected a file of PyTorch (.pt, .pth), safetensors, Keras (.keras, .weights.h5, .h5) or ONNX (.onnx)";

/// Finds out what a file is.
pub(crate) fn kind(path: &Path) -> Result<Kind, Error> {
    let failed = |source| Error::io("read", path, source);
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(Error::invalid(path, format!("is no file; {REMEDY}")));
    }
    let mut start = Vec::new();
    file.take(512).read_to_end(&mut start).map_err(failed)?;
    of_start(&start, path)
        .unwrap_or_else(|| Err(Error::invalid(path, format!("{}; {REMEDY}", described(&start)))))
}

/// The kind that the first bytes tell, or the ending of the name where they are as good as any.
fn of_start(start: &[u8], path: &Path) -> Option<Result<Kind, Error>> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    if start.starts_with(b"PK") {
        return Some(archive::kind(path));
    }
    if start.starts_with(b"\x89HDF\r\n\x1a\n") {
        return Some(Ok(Kind::Hdf5));
    }
    if ending == "safetensors" || start.get(8) == Some(&b'{') && start.get(5..8) == Some(&[0; 3]) {
        return (start.len() >= 8).then_some(Ok(Kind::Safetensors));
    }
    // Protocol 2 and later; also a tar of PyTorch 0.1.
    if start.starts_with(b"\x80") || start.get(257..262) == Some(b"ustar") {
        return Some(Ok(Kind::Pickle));
    }
    // A message of protocol buffers has no mark of its own; a model begins with its version.
    (ending == "onnx" && !start.is_empty() || start.starts_with(b"\x08") && start.contains(&b':'))
        .then_some(Ok(Kind::Onnx))
}

fn described(start: &[u8]) -> String {
    if start.is_empty() {
        return "is empty".to_owned();
    }
    if start.starts_with(b"version https://git-lfs") {
        return "is the pointer of a large file that Git has not fetched (git lfs pull fetches it)"
            .to_owned();
    }
    match std::str::from_utf8(start) {
        Ok(text) => {
            let line: String = text.lines().next().unwrap_or_default().chars().take(40).collect();
            format!("is a text that begins with `{line}`")
        }
        Err(_) => {
            let bytes: Vec<_> = start.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            format!("begins with the bytes {}", bytes.join(" "))
        }
    }
}
