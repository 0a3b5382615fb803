//! The settings of a run, as plain data in its `config.json`: a preset, and what the command line overrides.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::Reset;
use recurrent_data::{Fractions, prices::WindowSpec};
use recurrent_train::{Clip, Optimiser, TrainConfig, Watch, Watched};
use serde::{Deserialize, Serialize};

use crate::data::Source;
use crate::flags::{DEFAULT_SEED, Feature, ModelFlags, Optimizer, Preset, TrainFlags};

/// Everything that a run's result follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The preset that the other settings started from.
    pub preset: Preset,
    /// The backend.
    pub backend: BackendKind,
    /// Where the prices come from.
    pub source: Source,
    /// The SHA-256 of the prices that the run began with, so that it goes on with no others.
    pub sha256: Option<String>,
    /// The windows.
    pub windows: WindowSpec,
    /// The parts of the windows. Without a validation part, the validation loss is that of the test part.
    pub fractions: Fractions,
    /// The model.
    pub model: ModelSettings,
    /// Windows in a batch.
    pub batch_size: usize,
    /// The training.
    pub train: TrainConfig,
}

/// The shape of the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Units of each layer.
    pub hidden: usize,
    /// Layers.
    pub layers: usize,
    /// Where the reset gate is applied.
    pub reset: Reset,
    /// The share of each layer's inputs that is dropped in training.
    pub dropout: f64,
    /// What the network's output stands for.
    pub output: Output,
}

/// What the network reads and says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Output {
    /// Scaled prices as they are: the chapter's way. The network must learn first that tomorrow is near today.
    Price,
    /// Growth: inputs are taken as `(x - 1) * 100` and the output as `1 + y / 100`, so that an output of 0 is
    /// "tomorrow = today".
    Growth,
}

/// Units that a layer may have.
pub const HIDDEN: RangeInclusive<usize> = 1..=16_384;
/// Layers that a model may have.
pub const LAYERS: RangeInclusive<usize> = 1..=64;
/// Windows that a batch may have.
pub const BATCH_SIZE: RangeInclusive<usize> = 1..=1_000_000;

/// Why a run's settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A number is out of its range, which only an edited file can bring about.
    #[error("{}: `{name}` is {found}, expected {expected}; correct it, or start a new run", file.display())]
    Range {
        /// The file.
        file: PathBuf,
        /// The setting.
        name: &'static str,
        /// Its value.
        found: String,
        /// What it may be.
        expected: String,
    },
    /// The run's prices are no longer where they were.
    #[error("the run's prices, `{}`, are no longer there; name their new place with `--data`", .0.display())]
    DataGone(PathBuf),
    /// Another backend was asked for.
    #[error(
        "this run was begun on `{begun}` and cannot go on, to the same result, on `{asked}`; leave `--backend` out"
    )]
    OtherBackend {
        /// The run's.
        begun: BackendKind,
        /// The one asked for.
        asked: BackendKind,
    },
    /// The prices are not those that the run began with.
    #[error(
        "{name}: not the prices that the run began with: their SHA-256 is {}…, expected {}…; \
         name the old file with `--data`, or start a new run",
        short(found),
        short(expected)
    )]
    OtherData {
        /// The file's name, or `demo`.
        name: String,
        /// The checksum found.
        found: String,
        /// The checksum noted.
        expected: String,
    },
}

fn short(sha256: &str) -> String {
    sha256.chars().take(8).collect()
}

/// What is drawn of the forecasts after this many epochs stands beside the final ones.
pub const EARLY_EPOCH: usize = 10;

impl Settings {
    /// The preset that the command line names, with its other options in place.
    pub fn new(flags: &TrainFlags, source: Source) -> Self {
        let mut settings = match flags.preset {
            Preset::Chapter => Self::chapter(source),
            Preset::Best => Self::best(source),
        };
        settings.backend = flags.common.backend.unwrap_or_default();
        settings.train.seed = Seed(flags.training.seed.unwrap_or(DEFAULT_SEED));
        set(&mut settings.batch_size, flags.training.batch_size);
        settings.extend(flags.training.epochs, flags.training.max_steps);
        settings.override_model(&flags.model);
        settings
    }

    /// Checks what the command line guards and an edited `file` does not.
    ///
    /// # Errors
    /// A number is out of its range.
    pub fn check(&self, file: &Path) -> Result<(), SettingsError> {
        let ModelSettings { hidden, layers, dropout, .. } = self.model;
        let wrong = [
            ("hidden", hidden, HIDDEN),
            ("layers", layers, LAYERS),
            ("batch_size", self.batch_size, BATCH_SIZE),
        ]
        .into_iter()
        .find(|(_, found, range)| !range.contains(found))
        .map(|(name, found, range)| {
            (name, found.to_string(), format!("a whole number from {} to {}", range.start(), range.end()))
        });
        let wrong = wrong.or_else(|| {
            let expected = "a number from 0 up to, but not including, 1".to_owned();
            (!(0.0..1.0).contains(&dropout)).then(|| ("dropout", dropout.to_string(), expected))
        });
        wrong.map_or(Ok(()), |(name, found, expected)| {
            Err(SettingsError::Range { file: file.to_owned(), name, found, expected })
        })
    }

    /// Refuses another backend than the run's.
    ///
    /// # Errors
    /// One was asked for.
    pub fn keep_backend(&self, asked: Option<BackendKind>) -> Result<(), SettingsError> {
        match asked.filter(|asked| *asked != self.backend) {
            Some(asked) => Err(SettingsError::OtherBackend { begun: self.backend, asked }),
            None => Ok(()),
        }
    }

    /// Looks whether the run's prices are still there.
    ///
    /// # Errors
    /// They are not.
    pub fn find_data(&self) -> Result<(), SettingsError> {
        match &self.source {
            Source::File(path) if !path.exists() => Err(SettingsError::DataGone(path.clone())),
            _ => Ok(()),
        }
    }

    /// Notes the checksum of the prices, and refuses others than were noted before.
    ///
    /// # Errors
    /// They are others.
    pub fn keep_data(&mut self, sha256: &str) -> Result<(), SettingsError> {
        let expected = self.sha256.get_or_insert_with(|| sha256.to_owned());
        if expected == sha256 {
            return Ok(());
        }
        let expected = expected.clone();
        Err(SettingsError::OtherData { name: self.source.name(), found: sha256.to_owned(), expected })
    }

    /// Sets how long the run is: the one thing that may change when it is continued.
    pub fn extend(&mut self, epochs: Option<usize>, max_steps: Option<u64>) {
        set(&mut self.train.epochs, epochs);
        self.train.max_steps = max_steps.or(self.train.max_steps);
    }

    fn chapter(source: Source) -> Self {
        let mut train = TrainConfig::new(300, Optimiser::rms_prop(), 0.0006);
        train.watch = Some(Watch::new(Watched::ValidationLoss).with_patience(100));
        train.weights_name = "weights_epoch_{epoch:03}_loss_{loss:.8}".to_owned();
        Self {
            preset: Preset::Chapter,
            backend: BackendKind::default(),
            source,
            sha256: None,
            windows: WindowSpec::default(),
            fractions: Fractions::default(),
            model: ModelSettings {
                hidden: 256,
                layers: 1,
                reset: Reset::Before,
                dropout: 0.0,
                output: Output::Price,
            },
            batch_size: 100,
            train,
        }
    }

    /// Chosen by forecasting each of the years 2004 to 2012 from those before it, for the best of the worst years;
    /// docs/benchmarks.md has what was tried. Nothing is watched: the number of epochs is part of the choice, and all
    /// windows before the test part are learnt from.
    fn best(source: Source) -> Self {
        let mut settings = Self::chapter(source);
        settings.preset = Preset::Best;
        settings.model = ModelSettings {
            hidden: 16,
            layers: 1,
            reset: Reset::After,
            dropout: 0.0,
            output: Output::Growth,
        };
        settings.train.optimiser = Optimiser::adam_w(10.0);
        settings.train.learning_rate = 0.001;
        settings.train.epochs = 8;
        settings.train.watch = None;
        settings
    }

    fn override_model(&mut self, flags: &ModelFlags) {
        set(&mut self.windows.target, flags.column.clone());
        if let Some(features) = &flags.features {
            self.windows.features = features.iter().map(|feature| column(*feature).to_owned()).collect();
        }
        set(&mut self.fractions.train, flags.train_fraction);
        set(&mut self.fractions.validation, flags.validation_fraction);
        set(&mut self.windows.window, flags.window);
        set(&mut self.model.hidden, flags.hidden);
        set(&mut self.model.layers, flags.layers);
        set(&mut self.model.reset, flags.reset);
        set(&mut self.model.dropout, flags.dropout);
        set(&mut self.model.output, flags.output);
        set(&mut self.train.learning_rate, flags.learning_rate);
        if let Some(optimizer) = flags.optimizer {
            self.train.optimiser = match optimizer {
                Optimizer::RmsProp => Optimiser::rms_prop(),
                Optimizer::Adam => Optimiser::adam(),
                Optimizer::AdamW => Optimiser::adam_w(0.01),
            };
        }
        match &mut self.train.optimiser {
            Optimiser::RmsProp { rho, epsilon, .. } => {
                set(rho, flags.rho);
                set(epsilon, flags.epsilon);
            }
            Optimiser::Adam { epsilon, .. } => set(epsilon, flags.epsilon),
            Optimiser::AdamW { epsilon, weight_decay, .. } => {
                set(epsilon, flags.epsilon);
                set(weight_decay, flags.weight_decay);
            }
        }
        if let Some(norm) = flags.clip_norm {
            self.train.clip = Clip::GlobalNorm(norm);
        }
        if let Some(patience) = flags.patience {
            self.train.watch = Some(Watch::new(Watched::ValidationLoss).with_patience(patience));
        }
    }
}

fn set<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}

fn column(feature: Feature) -> &'static str {
    match feature {
        Feature::Open => "Open",
        Feature::High => "High",
        Feature::Low => "Low",
        Feature::Volume => "Volume",
    }
}
