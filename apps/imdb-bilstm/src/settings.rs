//! The settings of a run, as plain data in its `config.json`. Presets are in `settings/presets.rs`; what the command line
//! overrides is not here.

mod presets;

use std::path::{Path, PathBuf};

use recurrent_classifier::{
    self as classifier, ModelSettings, Parting, Partner, Plan, Pretraining, Reading, Teacher, limits,
};
use recurrent_data::reviews::{
    ClassNames, Coding, Columns, Encoding, LabelsAs, LoadSpec, ReadSpec, Tokens, Unlabelled, WordsOf,
};
use recurrent_program::{CommonSettings, Origin, RunSettings, flags::ScheduleKind};
use recurrent_train::{OutOfRange, TrainConfig, check_between, check_fraction, check_range};
use serde::{Deserialize, Serialize};

/// Everything that a run's result follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The preset that the other settings started from.
    pub preset: Preset,
    /// The backend and the reviews.
    pub origin: Origin,
    /// The columns of a table.
    pub columns: Columns,
    /// What labels stand for.
    #[serde(default)]
    pub labels: LabelsAs,
    /// The encoding of the texts, where it is not UTF-8.
    #[serde(default)]
    pub encoding: Option<Encoding>,
    /// What words are; the texts choose where it is not said.
    #[serde(default)]
    pub tokens: Option<Tokens>,
    /// The classes; set once the reviews have been read.
    #[serde(default)]
    pub classes: ClassNames,
    /// Which words the network knows.
    pub coding: Coding,
    /// What is read of a review.
    pub reading: Reading,
    /// Batches whose reviews are sorted by length together; 1 for none.
    pub bucket: usize,
    /// The share of the training reviews that chooses the best epoch; 0 where the test reviews do.
    pub validation_fraction: f64,
    /// The share of a table's reviews that the model is judged on.
    pub test_fraction: f64,
    /// The SHA-256 of the run's `vocabulary.json`; set once the reviews have been read.
    pub vocabulary: Option<String>,
    /// What the network learns before it sees a label.
    pub pretraining: Pretraining,
    /// Epochs in which a teacher learns from the labelled reviews, before it labels the others; 0 for no teacher.
    #[serde(default)]
    pub teacher_epochs: usize,
    /// The file of another framework whose weights the networks began with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init_from: Option<PathBuf>,
    /// Its index of words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init_vocabulary: Option<PathBuf>,
    /// The network.
    pub model: ModelSettings,
    /// What the network is stacked with once it has learnt.
    pub stacking: Partner,
    /// Reviews in a batch.
    pub batch_size: usize,
    /// How the learning rate goes on; the training has the same with its steps.
    pub schedule: ScheduleKind,
    /// Steps over which the learning rate grows first.
    pub warmup: u64,
    /// The training.
    pub train: TrainConfig,
}

/// Named settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// The best settings known.
    #[default]
    Best,
    /// The textbook chapter's.
    Chapter,
}

impl Settings {
    /// What using the model takes.
    pub fn classifier(&self) -> classifier::Settings {
        let mut settings = classifier::Settings::new(self.coding, self.reading, self.model.clone());
        settings.stacking = self.stacking;
        settings.classes = self.classes.clone();
        settings.test_fraction = self.test_fraction;
        settings.data_sha256 = self.origin.sha256.clone();
        settings
    }

    /// How it learns from so many reviews with a label.
    pub fn plan(&self, labelled: usize) -> Plan {
        let mut plan = Plan::new(self.train.clone());
        plan.pretraining = self.pretraining;
        plan.teacher = (self.teacher_epochs > 0).then(|| {
            let steps = self.teacher_epochs * labelled.div_ceil(self.batch_size);
            Teacher { epochs: self.teacher_epochs, schedule: self.schedule.over(steps as u64, self.warmup) }
        });
        plan.batch_size = self.batch_size;
        plan.bucket = self.bucket;
        plan
    }

    /// How the reviews are parted.
    pub fn parting(&self) -> Parting {
        Parting {
            test_fraction: self.test_fraction,
            validation_fraction: self.validation_fraction,
            seed: self.train.seed.0,
        }
    }

    /// What is read of the reviews.
    pub fn read(&self) -> ReadSpec {
        ReadSpec {
            columns: self.columns.clone(),
            unlabelled: self.unlabelled(),
            labels: self.labels.clone(),
            encoding: self.encoding,
            ..ReadSpec::default()
        }
    }

    /// The same with what its words are.
    pub fn load(&self) -> LoadSpec {
        LoadSpec { read: self.read(), words_of: WordsOf::Train, tokens: self.tokens }
    }

    /// Whether the reviews without a label are needed.
    pub fn unlabelled(&self) -> Unlabelled {
        self.plan(0).unlabelled()
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
        self.classifier().check(file)?;
        check_range(file, "batch_size", self.batch_size, limits::BATCH_SIZE)?;
        self.plan(0).check(file)?;
        match self.stacking {
            Partner::None => check_fraction(file, "validation_fraction", self.validation_fraction)?,
            // The partner is weighed on the reviews held out.
            Partner::NbSvm => check_between(file, "validation_fraction", self.validation_fraction)?,
        }
        // Of one index a review there is no word to predict.
        let shortest = if self.pretraining.epochs > 0 { 2 } else { *limits::LENGTH.start() };
        check_range(file, "length", self.reading.length, shortest..=*limits::LENGTH.end())
    }
}
