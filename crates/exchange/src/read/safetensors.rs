//! Safetensors, with the names of PyTorch or the paths of Keras's variables. Where tensors share their memory, one name
//! is kept, and the others stand in the metadata.

use std::collections::BTreeMap;

use safetensors::{Dtype, SafeTensors};

use super::keras_names;
use crate::{
    error::Problem,
    file::Contents,
    keras::Model,
    stored::{Number, Stored, Tensors},
};

/// What a file says of itself, by key.
pub(crate) fn metadata(bytes: &[u8]) -> BTreeMap<String, String> {
    let metadata =
        SafeTensors::read_metadata(bytes).ok().and_then(|(_, metadata)| metadata.metadata().clone());
    metadata.unwrap_or_default().into_iter().collect()
}

/// The tensors, and whose names they have.
pub(crate) fn read(bytes: &[u8]) -> Result<(Tensors, Contents), Problem> {
    let tensors = tensors(bytes)?;
    if !tensors.keys().any(|name| name.ends_with("/recurrent_kernel")) {
        return Ok((tensors, Contents::Names));
    }
    let tensors: Tensors =
        tensors.into_iter().map(|(path, stored)| (keras_names::path_of_variable(&path), stored)).collect();
    let layers = keras_names::of_weights(&tensors, &BTreeMap::new());
    Ok((tensors, Contents::Keras(Model { layers, is_described: false, is_keras_3: true })))
}

/// The tensors, those too that the metadata says to be the same as another.
fn tensors(bytes: &[u8]) -> Result<Tensors, Problem> {
    let damaged = |error: safetensors::SafeTensorError| {
        let problem = format!("is a damaged safetensors file ({error}); take a whole copy");
        Problem::Invalid(problem)
    };
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let mut tensors = Tensors::new();
    for (name, view) in file.iter() {
        let number = match view.dtype() {
            Dtype::F16 => Number::F16,
            Dtype::BF16 => Number::BF16,
            Dtype::F32 => Number::F32,
            Dtype::F64 => Number::F64,
            other => Number::Other(format!("{other:?}"), other.bitsize().div_ceil(8)),
        };
        let stored = Stored::new(view.shape().to_vec(), number, view.data().to_vec());
        let stored = stored.map_err(|problem| Problem::Invalid(format!("`{name}` {problem}")))?;
        tensors.insert(name.to_owned(), stored);
    }
    for (other, kept) in metadata.metadata().iter().flatten() {
        if let Some(stored) = tensors.get(kept).cloned() {
            tensors.entry(other.clone()).or_insert(stored);
        }
    }
    Ok(tensors)
}
