//! The settings of a run, as plain data in its `config.json`, and the presets that they start from.

use std::path::Path;

use recurrent_data::{
    Fractions,
    prices::{Reading, WindowSpec},
};
use recurrent_forecaster::{Learnt, ModelSettings, Output, Reset, Way};
use recurrent_program::{
    CommonSettings, Origin, RunSettings,
    flags::{BATCH_SIZE, ScheduleKind},
};
use recurrent_train::{Optimiser, OutOfRange, TrainConfig, Watch, Watched, check_range};
use serde::{Deserialize, Serialize};

/// Named settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// The textbook chapter's settings.
    Chapter,
    /// The best settings known, chosen on a validation part of the training windows.
    #[default]
    Best,
    /// How far the price moves, and not where to; its settings are [`RiskRun`](crate::risk::settings::RiskRun).
    Risk,
}

/// Everything that a run's result follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The preset that the other settings started from.
    pub preset: Preset,
    /// The backend and the prices.
    pub origin: Origin,
    /// How the price table is read.
    #[serde(default)]
    pub reading: Reading,
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
    /// What judging later prices takes from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learnt: Option<Learnt>,
    /// How days after the next are forecast, as the validation part says.
    #[serde(default, skip_serializing_if = "Way::is_default")]
    pub way: Way,
}

impl Settings {
    /// The settings of a preset that forecasts the price.
    pub fn new(preset: Preset, origin: Origin) -> Self {
        match preset {
            Preset::Chapter => Self::chapter(origin),
            Preset::Best | Preset::Risk => Self::best(origin),
        }
    }

    fn chapter(origin: Origin) -> Self {
        let mut train = TrainConfig::new(300, Optimiser::rms_prop(), 0.0006);
        train.watch = Some(Watch::new(Watched::ValidationLoss).with_patience(100));
        train.weights_name = "weights_epoch_{epoch:03}_loss_{loss:.8}".to_owned();
        Self {
            preset: Preset::Chapter,
            origin,
            reading: Reading::default(),
            learnt: None,
            way: Way::default(),
            windows: WindowSpec::default(),
            fractions: Fractions::default(),
            model: ModelSettings {
                hidden: 256,
                layers: 1,
                reset: Reset::Before,
                dropout: 0.0,
                output: Output::Price,
                ahead: 1,
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
        settings.model = ModelSettings {
            hidden: 4,
            layers: 1,
            reset: Reset::After,
            dropout: 0.0,
            output: Output::Growth,
            ahead: 1,
        };
        settings.train.optimiser = Optimiser::adam_w(3.0);
        settings.train.learning_rate = 0.001;
        settings.train.epochs = 60;
        settings.train.watch = None;
        settings
    }

    /// As much of them as using the model takes.
    pub fn forecaster(&self) -> recurrent_forecaster::Settings {
        recurrent_forecaster::Settings::new(self.windows.clone(), self.model.clone())
            .with_fractions(self.fractions)
            .with_seed(self.train.seed)
            .with_data_sha256(self.origin.sha256.clone())
            .with_learnt(self.learnt.clone())
            .with_way(self.way)
    }
}

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
        self.forecaster().check(file)?;
        check_range(file, "batch_size", self.batch_size, BATCH_SIZE)
    }
}
