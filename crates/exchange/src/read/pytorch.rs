//! PyTorch's files, by the reader beneath burn-store. It interprets the pickle's own language and runs nothing that a
//! pickle names.

use std::{fs, path::Path};

use pytorch_reader::{DType, PytorchError, PytorchReader};

use super::Kind;
use crate::{
    error::Error,
    file::Contents,
    stored::{Number, Stored, Tensors},
};

/// The tensors of a state dict, of a checkpoint's nested dictionaries with a dot between, or of a pickled module's
/// state dict. Their numbers stay in the file until they are asked for.
pub(crate) fn read(path: &Path) -> Result<(Tensors, Contents), Error> {
    let limit = fs::metadata(path).map_err(|source| Error::io("read", path, source))?.len();
    let reader = PytorchReader::new(path).map_err(|error| problem(path, &error))?;
    let mut tensors = Tensors::new();
    for (name, tensor) in reader.into_tensors() {
        // A view can repeat what is there once.
        if tensor.byte_len() as u64 > limit {
            let problem = format!(
                "`{name}` would take {} bytes, more than the file has; save it with .contiguous()",
                tensor.byte_len()
            );
            return Err(Error::invalid(path, problem));
        }
        tensors.insert(name, Stored::in_pytorch(number(tensor.dtype()), tensor));
    }
    Ok((without_optimiser(tensors), Contents::Names))
}

/// A checkpoint's optimiser has tensors of its own, which are no weights.
fn without_optimiser(tensors: Tensors) -> Tensors {
    let is_weight = |name: &str| !name.starts_with("optimizer") && !name.starts_with("lr_scheduler");
    tensors.into_iter().filter(|(name, _)| is_weight(name)).collect()
}

fn number(kind: DType) -> Number {
    match kind {
        DType::F16 => Number::F16,
        DType::BF16 => Number::BF16,
        DType::F32 => Number::F32,
        DType::F64 => Number::F64,
        other => Number::Other(format!("{other:?}"), other.size()),
    }
}

fn problem(path: &Path, error: &PytorchError) -> Error {
    let what = match super::kind(path) {
        Ok(Kind::Pickle) => "as an old file of PyTorch, or as another pickle",
        _ => "as a file of PyTorch",
    };
    let remedy = "take a whole copy, or save the weights again: torch.save(model.state_dict(), path)";
    Error::invalid(path, format!("cannot be read {what}: {error}; {remedy}"))
}
