//! The settings of a run of the preset `risk`, as plain data in its `config.json`.

use std::path::Path;

use recurrent_data::{
    Fractions,
    prices::{KnownInputs, Reading, WindowSpec},
};
use recurrent_forecaster::risk::{Device, EnsembleSettings, HORIZONS, RiskNetwork, RiskSettings};
use recurrent_program::{
    CommonSettings, Origin, RunSettings,
    flags::{BATCH_SIZE, ScheduleKind},
};
use recurrent_train::{Optimiser, OutOfRange, TrainConfig, check_range};
use serde::{Deserialize, Serialize};

use crate::settings::{Preset, Settings};

/// Everything that a risk run's result follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskRun {
    /// The preset that the other settings started from.
    pub preset: Preset,
    /// The backend and the prices.
    pub origin: Origin,
    /// How the price table is read.
    #[serde(default)]
    pub reading: Reading,
    /// The windows of the price forecaster: the days after their training part are judged.
    pub windows: WindowSpec,
    /// The parts of those windows.
    pub fractions: Fractions,
    /// The shape of the network.
    pub ensemble: EnsembleSettings,
    /// Windows in a batch.
    pub batch_size: usize,
    /// The most batches of an epoch.
    pub most_steps: usize,
    /// How the learning rate goes on.
    pub schedule: ScheduleKind,
    /// Steps over which the learning rate grows first.
    pub warmup: u64,
    /// The training.
    pub train: TrainConfig,
}

impl RiskRun {
    /// The preset: chosen on the years before the test part, as docs/risk.md says. Nothing is watched: the number of epochs is
    /// part of the choice.
    pub fn new(origin: Origin) -> Self {
        Self {
            preset: Preset::Risk,
            origin,
            reading: Reading::default(),
            windows: WindowSpec::default(),
            fractions: Fractions::default(),
            ensemble: EnsembleSettings {
                window: 22,
                hidden: 4,
                layers: 1,
                members: 8,
                dropout: 0.0,
                known: 0,
            },
            batch_size: 64,
            most_steps: 4096,
            schedule: ScheduleKind::Constant,
            warmup: 0,
            train: TrainConfig::new(20, Optimiser::adam_w(1.0), 0.001),
        }
    }

    /// The preset for the prices, the days and the seed of a run that forecasts the price.
    pub fn beside(price: &Settings) -> Self {
        let mut run = Self::new(price.origin.clone());
        run.reading = price.reading.clone();
        run.windows = price.windows.clone();
        run.set_known(price.windows.known.clone());
        run.fractions = price.fractions;
        run.train.seed = price.train.seed;
        run
    }

    /// Sets what is read of the days to come.
    pub fn set_known(&mut self, known: KnownInputs) {
        self.ensemble.known = known.width(HORIZONS.len());
        self.windows.known = known;
    }

    /// The network that they are of.
    pub fn network(&self, device: Device) -> RiskNetwork {
        RiskNetwork {
            ensemble: self.ensemble.clone(),
            batch_size: self.batch_size,
            most_steps: self.most_steps,
            train: self.train.clone(),
            device,
        }
    }

    /// As much of them as using the model takes.
    pub fn forecaster(&self) -> RiskSettings {
        RiskSettings {
            ensemble: self.ensemble.clone(),
            column: self.windows.target.clone(),
            seed: self.train.seed,
            data_sha256: self.origin.sha256.clone(),
            known: self.windows.known.clone(),
        }
    }
}

impl RunSettings for RiskRun {
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
        check_range(file, "most_steps", self.most_steps, BATCH_SIZE)?;
        check_range(file, "batch_size", self.batch_size, BATCH_SIZE)
    }
}
