//! A model of risk on the disk: in the folder of the run that trained it, or as the one file that it ships as.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use recurrent_train::{ModelFile, RunFolder};
use serde_json::Value;

use super::ensemble::Ensemble;
use super::forecaster::{RiskForecaster, RiskSettings};
use super::learnt::LearntPrice;
use crate::error::Error;

/// What a model file says it holds.
const KIND: &str = "risk forecaster";
/// So many bytes of a file hold its kind.
const HEADER: u64 = 4096;
const SETTINGS: &str = "settings";
const PRICES: &str = "prices";
const NETWORK: &str = "network";

/// Reads a run's folder, whose model file is written when its training ends, or a model file.
pub(super) fn read(path: &Path, device: &Device) -> Result<RiskForecaster, Error> {
    let file = if path.is_dir() { RunFolder::read::<Value>(path)?.0.model_file() } else { path.to_owned() };
    let model = ModelFile::read(&file, KIND)?;
    let parsed = |name: &str| -> Result<Value, Error> {
        serde_json::from_str(model.text(name)?).map_err(|error| invalid(&model, name, &error))
    };
    let settings: RiskSettings =
        serde_json::from_value(parsed(SETTINGS)?).map_err(|error| invalid(&model, SETTINGS, &error))?;
    settings.check(&file)?;
    let prices: Vec<LearntPrice> =
        serde_json::from_value(parsed(PRICES)?).map_err(|error| invalid(&model, PRICES, &error))?;
    if prices.is_empty() {
        return Err(model.invalid("holds no price that was learnt from; save the model again").into());
    }
    let ensemble = model.module(NETWORK, Ensemble::zeros(&settings.ensemble, device))?;
    Ok(RiskForecaster::new(settings, Arc::new(ensemble), prices))
}

/// Whether a file is a model of this kind, by its first bytes: what kind it is stands in its header.
pub fn is_model_file(path: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEADER).read_to_end(&mut start));
    // The texts in the header are quoted once more, and the kind stands in front of them.
    let kind = format!("\\\"kind\\\":\\\"{KIND}\\\"");
    read.is_ok() && start.windows(kind.len()).any(|part| part == kind.as_bytes())
}

fn invalid(file: &ModelFile, name: &str, error: &serde_json::Error) -> Error {
    file.invalid(format!("does not hold the {name} of a risk forecaster: {error}; save the model again"))
        .into()
}

/// Writes a model file, whole or not at all.
pub(super) fn write(
    path: &Path,
    settings: &RiskSettings,
    prices: &[LearntPrice],
    ensemble: &Ensemble,
) -> Result<(), Error> {
    let unwritten = |error: serde_json::Error| {
        recurrent_train::Error::invalid(path, format!("the model cannot be written as JSON: {error}"))
    };
    let mut file = ModelFile::new(KIND);
    file.texts.insert(SETTINGS.to_owned(), serde_json::to_string(settings).map_err(unwritten)?);
    file.texts.insert(PRICES.to_owned(), serde_json::to_string(prices).map_err(unwritten)?);
    file.insert_module(NETWORK, ensemble);
    Ok(file.write(path)?)
}
