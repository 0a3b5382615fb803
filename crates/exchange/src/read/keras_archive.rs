//! `.keras`: a zip with `config.json` and `model.weights.h5`.

use std::path::Path;

use serde_json::Value;

use super::{archive, hdf5};
use crate::{error::Error, file::Contents, stored::Tensors};

pub(crate) fn read(path: &Path) -> Result<(Tensors, Contents), Error> {
    let mut archive = archive::open(path)?;
    let config = archive::entry(&mut archive, "config.json", path)?;
    let config: Value = serde_json::from_slice(&config).map_err(|error| {
        Error::invalid(path, format!("has a `config.json` that is no JSON ({error}); take a whole copy"))
    })?;
    let weights = archive::entry(&mut archive, "model.weights.h5", path)?;
    drop(archive);
    hdf5::read_with(weights, Some((config, true)), path)
}
