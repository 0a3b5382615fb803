//! The settings of a run, as plain data in its `config.json`: a preset, and what the command line overrides.

use std::ops::RangeInclusive;
use std::path::Path;

use recurrent_cells::Reset;
use recurrent_data::{Fractions, prices::WindowSpec};
use recurrent_program::{
    CommonSettings, Origin, OutOfRange, RunSettings, Source, WrongUsage, check_fraction, check_range,
    flags::{BATCH_SIZE, ScheduleKind, set},
};
use recurrent_train::{Optimiser, TrainConfig, Watch, Watched};
use serde::{Deserialize, Serialize};

use crate::flags::{Feature, ModelFlags, Preset, TrainFlags};

/// Everything that a run's result follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The preset that the other settings started from.
    pub preset: Preset,
    /// The backend and the prices.
    pub origin: Origin,
    /// The windows.
    pub windows: WindowSpec,
    /// The parts of the windows. Without a validation part, the validation loss is that of the test part.
    pub fractions: Fractions,
    /// The model.
    pub model: ModelSettings,
    /// Windows in a batch.
    pub batch_size: usize,
    /// How the learning rate goes on; the training has the same with its steps.
    pub schedule: ScheduleKind,
    /// Steps over which the learning rate grows first.
    pub warmup: u64,
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
/// What is drawn of the forecasts after this many epochs stands beside the final ones.
pub const EARLY_EPOCH: usize = 10;

impl RunSettings for Settings {
    fn common(&mut self) -> CommonSettings<'_> {
        CommonSettings {
            origin: &mut self.origin,
            batch_size: &mut self.batch_size,
            schedule: &mut self.schedule,
            warmup: &mut self.warmup,
            train: &mut self.train,
        }
    }

    fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        check_range(file, "hidden", self.model.hidden, HIDDEN)?;
        check_range(file, "layers", self.model.layers, LAYERS)?;
        check_range(file, "batch_size", self.batch_size, BATCH_SIZE)?;
        check_fraction(file, "dropout", self.model.dropout)
    }
}

impl Settings {
    /// The preset that the command line names, with its other options in place.
    ///
    /// # Errors
    /// An option changes nothing beside the others.
    pub fn new(flags: &TrainFlags, source: Source) -> Result<Self, WrongUsage> {
        let origin = Origin::new(flags.common.backend, source);
        let mut settings = match flags.preset {
            Preset::Chapter => Self::chapter(origin),
            Preset::Best => Self::best(origin),
        };
        settings.override_model(&flags.model);
        if settings.fractions.validation > 0.0 {
            settings.train.watch.get_or_insert(Watch::new(Watched::ValidationLoss));
        }
        settings.common().override_by(&flags.training, &flags.updates)?;
        Ok(settings)
    }

    fn chapter(origin: Origin) -> Self {
        let mut train = TrainConfig::new(300, Optimiser::rms_prop(), 0.0006);
        train.watch = Some(Watch::new(Watched::ValidationLoss).with_patience(100));
        train.weights_name = "weights_epoch_{epoch:03}_loss_{loss:.8}".to_owned();
        Self {
            preset: Preset::Chapter,
            origin,
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
            schedule: ScheduleKind::Constant,
            warmup: 0,
            train,
        }
    }

    /// Chosen by forecasting each of the years 2004 to 2012 from those before it, for the best of the worst years;
    /// docs/benchmarks.md has what was tried. Nothing is watched: the number of epochs is part of the choice, and all
    /// windows before the test part are learnt from.
    fn best(origin: Origin) -> Self {
        let mut settings = Self::chapter(origin);
        settings.preset = Preset::Best;
        settings.model =
            ModelSettings { hidden: 4, layers: 1, reset: Reset::After, dropout: 0.0, output: Output::Growth };
        settings.train.optimiser = Optimiser::adam_w(3.0);
        settings.train.learning_rate = 0.001;
        settings.train.epochs = 60;
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
