//! The settings of a run, as plain data in its `config.json`: a preset, and what the command line overrides.

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

/// What is drawn of the forecasts after this many epochs stands beside the final ones.
pub const EARLY_EPOCH: usize = 10;

impl Settings {
    /// The preset that the command line names, with its other options in place.
    pub fn new(flags: &TrainFlags, source: Source) -> Self {
        let mut settings = match flags.preset {
            Preset::Chapter => Self::chapter(source),
            Preset::Best => Self::best(source),
        };
        settings.backend = flags.common.backend;
        settings.train.seed = Seed(flags.training.seed.unwrap_or(DEFAULT_SEED));
        set(&mut settings.batch_size, flags.training.batch_size);
        settings.extend(flags.training.epochs, flags.training.max_steps);
        settings.override_model(&flags.model);
        settings
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
