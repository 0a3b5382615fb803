//! A classifier read back: from the folder of a finished run, or from the one file that it ships as.

use std::path::Path;

use burn::tensor::Device;
use recurrent_data::reviews::{ClassNames, Coding, Vocabulary};
use recurrent_train::{Error as FileError, ModelFile, RunFolder, load_model};
use serde::{Deserialize, de::DeserializeOwned};

use crate::ensemble::Ensemble;
use crate::error::Error;
use crate::outputs::Outputs;
use crate::reading::Reading;
use crate::scorer::Scorer;
use crate::settings::{ModelSettings, Partner, Settings};
use crate::stacking::Stacking;
use crate::thresholds;
use crate::vocabulary::{self, to_json};

/// A trained classifier.
#[derive(Debug)]
pub(crate) struct Saved {
    pub(crate) settings: Settings,
    /// The words that it knows.
    pub(crate) vocabulary: Vocabulary,
    /// What scores, without automatic differentiation.
    pub(crate) scorer: Scorer,
}

/// What a model file says that it holds.
const KIND: &str = "text classifier";
/// The names of its texts, and of the parts that tensors belong to.
const SETTINGS: &str = "settings";
const VOCABULARY: &str = "vocabulary";
const NETWORK: &str = "network";
const STACKING: &str = "stacking";

/// Reads a run's folder, or a model file.
///
/// # Errors
/// Nothing is there, or it is damaged or of something else.
pub(crate) fn read(path: &Path, device: &Device) -> Result<Saved, Error> {
    if path.is_dir() { read_run(path, device) } else { read_file(path, device) }
}

/// As much of a run's settings as using its model takes.
#[derive(Deserialize)]
struct OfRun {
    coding: Coding,
    reading: Reading,
    model: ModelSettings,
    stacking: Partner,
    test_fraction: f64,
    #[serde(default)]
    classes: ClassNames,
    /// The SHA-256 of the run's words.
    vocabulary: Option<String>,
    origin: Origin,
}

/// What a run is bound to.
#[derive(Deserialize)]
struct Origin {
    sha256: Option<String>,
}

fn read_run(path: &Path, device: &Device) -> Result<Saved, Error> {
    let (run, found) = RunFolder::read::<OfRun>(path)?;
    let mut settings = Settings {
        stacking: found.stacking,
        test_fraction: found.test_fraction,
        classes: found.classes,
        data_sha256: found.origin.sha256,
        ..Settings::new(found.coding, found.reading, found.model)
    };
    settings.check(&run.config_file())?;
    let weights = run.weights_file()?;
    let vocabulary = vocabulary::read(&run, found.vocabulary.as_deref())?;
    let (network, _) = load_model(Ensemble::zeros(&settings, device), &weights)?;
    let outputs = Outputs::of(&settings.classes);
    let stacking = match settings.stacking {
        Partner::None => None,
        Partner::NbSvm => Some(Stacking::read(&run, outputs, settings.coding, device)?),
    };
    let mut scorer = Scorer { stacking, ..Scorer::alone(network) };
    if settings.classes.are_labels() {
        scorer.thresholds = thresholds::read(&run, outputs.width())?;
    }
    settings.thresholds.clone_from(&scorer.thresholds);
    Ok(Saved { settings, vocabulary, scorer })
}

fn read_file(path: &Path, device: &Device) -> Result<Saved, Error> {
    let mut file = ModelFile::read(path, KIND)?;
    let settings: Settings = parsed(&file, SETTINGS)?;
    settings.check(path)?;
    let vocabulary = parsed(&file, VOCABULARY)?;
    let outputs = Outputs::of(&settings.classes);
    let stacking = match settings.stacking {
        Partner::None => None,
        Partner::NbSvm => Some(Stacking::take_from(&mut file, STACKING, outputs, settings.coding)?),
    };
    let network = file.module(NETWORK, Ensemble::zeros(&settings, device))?;
    let mut scorer = Scorer { stacking, ..Scorer::alone(network) };
    if settings.classes.are_labels() {
        scorer.thresholds.clone_from(&settings.thresholds);
        if !thresholds::are_sound(&scorer.thresholds, outputs.width()) {
            let problem =
                format!("does not hold a threshold for each of {} labels; train again", outputs.width());
            return Err(file.invalid(problem).into());
        }
    }
    Ok(Saved { settings, vocabulary, scorer })
}

fn parsed<T: DeserializeOwned>(file: &ModelFile, name: &str) -> Result<T, FileError> {
    serde_json::from_str(file.text(name)?)
        .map_err(|error| file.invalid(format!("does not hold a classifier's {name}: {error}")))
}

/// Writes a model file.
///
/// # Errors
/// It cannot be written.
pub(crate) fn write(path: &Path, saved: &Saved) -> Result<(), Error> {
    let Saved { settings, vocabulary, scorer } = saved;
    let mut file = ModelFile::new(KIND);
    let json = serde_json::to_string(settings).expect("settings are JSON");
    file.texts.insert(SETTINGS.to_owned(), json);
    file.texts.insert(VOCABULARY.to_owned(), to_json(vocabulary));
    file.insert_module(NETWORK, &scorer.network);
    if let Some(stacking) = &scorer.stacking {
        stacking.insert_into(&mut file, STACKING);
    }
    Ok(file.write(path)?)
}
