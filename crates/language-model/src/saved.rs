//! A model in files: a run's folder, or the one file that it ships as.

use std::path::Path;

use burn::tensor::Device;
use recurrent_data::text::{ReadSpec, TextFractions, Vocabulary};
use recurrent_train::{Error as FileError, ModelFile, RunFolder, load_model};
use serde::Deserialize;

use crate::error::Error;
use crate::network::Network;
use crate::network_settings::NetworkSettings;
use crate::settings::Settings;

/// What a model file says that it is.
const KIND: &str = "language model";
/// The settings in a model file, as JSON.
const SETTINGS: &str = "settings";
/// What the names of its tensors begin with.
const NETWORK: &str = "network";

/// As much of a run's settings as its model needs.
#[derive(Deserialize)]
struct RunSettings {
    model: NetworkSettings,
    vocabulary: Option<Vocabulary>,
    read: ReadSpec,
    fractions: TextFractions,
    window: usize,
    origin: Origin,
}

#[derive(Deserialize)]
struct Origin {
    sha256: Option<String>,
}

/// Reads a run's folder or a model file.
pub(crate) fn read(path: &Path, device: &Device) -> Result<(Settings, Network), Error> {
    if path.is_dir() { read_run(path, device) } else { read_file(path, device) }
}

fn read_run(folder: &Path, device: &Device) -> Result<(Settings, Network), Error> {
    let (run, settings) = RunFolder::read::<RunSettings>(folder)?;
    let RunSettings { model, vocabulary, read, fractions, window, origin } = settings;
    let vocabulary = vocabulary.ok_or_else(|| {
        FileError::invalid(
            &run.config_file(),
            "has no vocabulary, so its weights have no meaning; start a new run",
        )
    })?;
    let settings =
        Settings { read, fractions, window, data_sha256: origin.sha256, ..Settings::new(model, vocabulary) };
    settings.check(&run.config_file())?;
    let weights = run.weights_file()?;
    let network = empty(&settings, &weights, device)?;
    let (network, _) = load_model(network, &weights)?;
    Ok((settings, network))
}

fn read_file(file: &Path, device: &Device) -> Result<(Settings, Network), Error> {
    let model = ModelFile::read(file, KIND)?;
    let settings: Settings = serde_json::from_str(model.text(SETTINGS)?).map_err(|error| {
        model.invalid(format!("does not hold a model's settings: {error}; get the file again"))
    })?;
    settings.check(file)?;
    let network = model.module(NETWORK, empty(&settings, file, device)?)?;
    Ok((settings, network))
}

/// A network of the settings' shape, whose weights are to come from a file.
fn empty(settings: &Settings, file: &Path, device: &Device) -> Result<Network, FileError> {
    let parameters = settings.parameters();
    let bytes = file.metadata().map_err(|source| FileError::io("read", file, source))?.len();
    // A shape beyond all sense would take all memory before it is compared with the file's.
    if parameters > bytes {
        let problem = format!(
            "holds another model: the settings ask for {parameters} weights, the file has {bytes} bytes; load it with the \
             settings it was trained with"
        );
        return Err(FileError::invalid(file, problem));
    }
    Ok(Network::zeros(&settings.network, settings.vocabulary.len(), device))
}

/// Writes a model file, whole or not at all.
pub(crate) fn write(path: &Path, settings: &Settings, network: &Network) -> Result<(), Error> {
    let mut file = ModelFile::new(KIND);
    let text = serde_json::to_string(settings).expect("settings of plain values");
    file.texts.insert(SETTINGS.to_owned(), text);
    file.insert_module(NETWORK, network);
    Ok(file.write(path)?)
}
