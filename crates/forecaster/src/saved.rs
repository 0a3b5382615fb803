//! A model on the disk: in the folder of the run that trained it, or as the one file that it ships as.

use std::path::Path;

use burn::tensor::Device;
use recurrent_backend::Seed;
use recurrent_data::{Fractions, prices::WindowSpec};
use recurrent_train::{ModelFile, RunFolder, load_model};
use serde::Deserialize;
use serde_json::Value;

use crate::ahead::Way;
use crate::error::Error;
use crate::network::Network;
use crate::settings::{Learnt, ModelSettings, Settings};

/// What a model file says it holds.
const KIND: &str = "price forecaster";
const SETTINGS: &str = "settings";
const NETWORK: &str = "network";

/// As much of a run's settings as using its model takes.
#[derive(Deserialize)]
struct RunSettings {
    windows: WindowSpec,
    fractions: Fractions,
    model: ModelSettings,
    train: TrainSettings,
    origin: Origin,
    #[serde(default)]
    learnt: Option<Learnt>,
    #[serde(default)]
    way: Way,
}

#[derive(Deserialize)]
struct TrainSettings {
    seed: Seed,
}

#[derive(Deserialize)]
struct Origin {
    sha256: Option<String>,
}

impl From<RunSettings> for Settings {
    fn from(run: RunSettings) -> Self {
        let RunSettings { windows, fractions, model, train, origin, learnt, way } = run;
        Self { windows, fractions, model, seed: train.seed, data_sha256: origin.sha256, learnt, way }
    }
}

/// Reads a run's folder: its settings and the weights that it kept.
pub(crate) fn read_run(path: &Path, device: &Device) -> Result<(Settings, Network), Error> {
    let (run, settings) = RunFolder::read::<Value>(path)?;
    let file = run.config_file();
    let settings: RunSettings = serde_json::from_value(settings).map_err(|error| {
        let problem = format!(
            "does not hold the settings of a price forecaster: {error}; it is of a run of `{}`",
            run.program()
        );
        recurrent_train::Error::invalid(&file, problem)
    })?;
    let settings = Settings::from(settings);
    settings.check(&file)?;
    let (network, _) = load_model(empty(&settings, device), &run.weights_file()?)?;
    Ok((settings, network))
}

/// Reads a model file.
pub(crate) fn read_file(path: &Path, device: &Device) -> Result<(Settings, Network), Error> {
    let file = ModelFile::read(path, KIND)?;
    let settings: Settings = serde_json::from_str(file.text(SETTINGS)?).map_err(|error| {
        file.invalid(format!(
            "does not hold the settings of a price forecaster: {error}; save the model again"
        ))
    })?;
    settings.check(path)?;
    let network = file.module(NETWORK, empty(&settings, device))?;
    Ok((settings, network))
}

/// Writes a model file, whole or not at all.
pub(crate) fn write_file(path: &Path, settings: &Settings, network: &Network) -> Result<(), Error> {
    let text = serde_json::to_string(settings).map_err(|error| {
        recurrent_train::Error::invalid(path, format!("the settings cannot be written as JSON: {error}"))
    })?;
    let mut file = ModelFile::new(KIND);
    file.texts.insert(SETTINGS.to_owned(), text);
    file.insert_module(NETWORK, network);
    Ok(file.write(path)?)
}

/// A network for a file's weights.
fn empty(settings: &Settings, device: &Device) -> Network {
    Network::zeros(&settings.model, settings.features(), device)
}
