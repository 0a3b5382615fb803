//! The settings of a run, as plain data in its `config.json`: a preset, and what the command line overrides.

mod presets;

use std::ops::RangeInclusive;
use std::path::Path;

use clap::ValueEnum;
use recurrent_cells::{Cell, GateMasks, RecurrentConfig};
use recurrent_data::reviews::{Coding, CodingFault, Columns, Order, PadSpec, Side, Unlabelled, Width};
use recurrent_program::{
    CommonSettings, Origin, OutOfRange, RunSettings, Source, WrongUsage, check_between, check_fraction,
    check_range,
    flags::{BATCH_SIZE, ScheduleKind, set},
    refuse_meaningless,
};
use recurrent_train::TrainConfig;
use serde::{Deserialize, Serialize};

use crate::flags::{ColumnFlags, DataFlags, ModelFlags, Preset, PretrainingFlags, TrainFlags};
use crate::pooling::Pool;

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

/// What a network is stacked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Partner {
    /// Nothing: it scores alone.
    None,
    /// NB-SVM, a linear classifier on word n-grams.
    NbSvm,
}

/// How the network learns to predict words, before it sees a label.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pretraining {
    /// Epochs; 0 for none.
    pub epochs: usize,
    /// Whether the reviews without a label are learnt from too.
    pub unlabelled: bool,
    /// Reviews in a batch.
    pub batch_size: usize,
    /// The full learning rate of Adam, which falls along a cosine.
    pub learning_rate: f64,
    /// How many times a word is drawn at each step, to stand for all words.
    pub candidates: usize,
}

/// What is read of a review, and how reviews are made equally long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The most indices that are read.
    pub length: usize,
    /// Where short reviews are filled up.
    pub padding: Side,
    /// Where long reviews are cut.
    pub truncating: Side,
    /// What the network makes of padding.
    pub masking: Masking,
}

/// What the network makes of padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Masking {
    /// It is passed over, so that a batch need not be longer than its longest review.
    Padding,
    /// It is read as a word, as in the chapter; all batches are equally long then.
    None,
}

impl Reading {
    /// The same for `pad_sequences`.
    pub fn pad(&self) -> PadSpec {
        let width = match self.masking {
            Masking::Padding => Width::Longest,
            Masking::None => Width::Full,
        };
        PadSpec { length: Some(self.length), width, padding: self.padding, truncating: self.truncating }
    }
}

/// The shape of the network, and what is dropped of it in training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Features of a word.
    pub embedding: usize,
    /// Units of each direction of each layer.
    pub hidden: usize,
    /// Layers.
    pub layers: usize,
    /// What is made of the outputs over time, side by side.
    pub pooling: Vec<Pool>,
    /// The share of whole words that is dropped in training.
    pub word_dropout: f64,
    /// The share of the features of words that is dropped in training, anew at each word.
    pub embedding_dropout: f64,
    /// The share of the layers' inputs that is dropped in training, the same at all words of a review.
    pub input_dropout: f64,
    /// The share of the state that is dropped from the recurrent product in training.
    pub recurrent_dropout: f64,
    /// Whether all gates of a layer share the masks of these two dropouts; they do where nothing of the state is dropped.
    #[serde(default)]
    pub gate_masks: GateMasks,
    /// The share of the recurrent weights that is dropped in training (Merity et al. 2017).
    pub weight_dropout: f64,
    /// The share of the outputs that is dropped in training, between layers and before the dense layer.
    pub dropout: f64,
    /// Networks that learn side by side and score together.
    pub members: usize,
    /// How far the words of a review are moved to where the network errs most, in training, as a part of their norm.
    pub adversarial: f64,
}

/// Units that a direction of a layer may have.
pub const HIDDEN: RangeInclusive<usize> = 1..=8192;
/// Features that a word may have.
pub const EMBEDDING: RangeInclusive<usize> = 1..=2048;
/// Layers that a network may have.
pub const LAYERS: RangeInclusive<usize> = 1..=16;
/// Indices that may be read of a review.
pub const LENGTH: RangeInclusive<usize> = 1..=100_000;
/// Word indices that there may be.
pub const WORDS: RangeInclusive<usize> = 1..=300_000;
/// Networks that may learn side by side.
pub const MEMBERS: RangeInclusive<usize> = 1..=32;
/// Epochs of pre-training that there may be.
pub const PRETRAIN_EPOCHS: RangeInclusive<usize> = 0..=1000;
/// Epochs that a teacher may learn for.
pub const TEACHER_EPOCHS: RangeInclusive<usize> = 0..=1000;
/// Words that may be drawn at a step of pre-training.
pub const CANDIDATES: RangeInclusive<usize> = 1..=100_000;
/// Batches that may be sorted together.
pub const BUCKET: RangeInclusive<usize> = 1..=1_000_000;

impl ModelSettings {
    /// The first layer's directions; those of the others differ in what they read.
    pub fn layer(&self) -> RecurrentConfig {
        RecurrentConfig::new(Cell::Lstm, self.embedding, self.hidden)
            .with_input_dropout(self.input_dropout)
            .with_recurrent_dropout(self.recurrent_dropout)
            .with_gate_masks(if self.recurrent_dropout > 0.0 { self.gate_masks } else { GateMasks::Tied })
            .with_weight_dropout(self.weight_dropout)
    }

    /// Features that the dense layer reads.
    pub fn features(&self) -> usize {
        2 * self.hidden * self.pooling.len()
    }

    /// The network in a few words.
    pub fn words(&self) -> String {
        let members =
            if self.members == 1 { String::new() } else { format!("{} networks of ", self.members) };
        format!(
            "{members}embedding of {}, {} x bidirectional LSTM of {} and {} units",
            self.embedding, self.layers, self.hidden, self.hidden
        )
    }

    fn override_with(&mut self, flags: &ModelFlags) {
        set(&mut self.embedding, flags.embedding);
        set(&mut self.hidden, flags.hidden);
        set(&mut self.layers, flags.layers);
        set(&mut self.pooling, flags.pooling.as_deref().map(Pool::in_order));
        set(&mut self.word_dropout, flags.word_dropout);
        set(&mut self.embedding_dropout, flags.embedding_dropout);
        set(&mut self.input_dropout, flags.input_dropout);
        set(&mut self.recurrent_dropout, flags.recurrent_dropout);
        set(&mut self.weight_dropout, flags.weight_dropout);
        set(&mut self.dropout, flags.dropout);
        set(&mut self.members, flags.members);
        set(&mut self.adversarial, flags.adversarial);
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
        check_range(file, "embedding", self.model.embedding, EMBEDDING)?;
        check_range(file, "hidden", self.model.hidden, HIDDEN)?;
        check_range(file, "layers", self.model.layers, LAYERS)?;
        check_range(file, "pooling", self.model.pooling.len(), 1..=Pool::ALL.len())?;
        check_range(file, "num_words", self.coding.num_words() as usize, WORDS)?;
        check_range(file, "bucket", self.bucket, BUCKET)?;
        check_range(file, "batch_size", self.batch_size, BATCH_SIZE)?;
        check_fraction(file, "validation_fraction", self.validation_fraction)?;
        check_between(file, "test_fraction", self.test_fraction)?;
        check_fraction(file, "word_dropout", self.model.word_dropout)?;
        check_fraction(file, "embedding_dropout", self.model.embedding_dropout)?;
        check_fraction(file, "input_dropout", self.model.input_dropout)?;
        check_fraction(file, "recurrent_dropout", self.model.recurrent_dropout)?;
        check_fraction(file, "weight_dropout", self.model.weight_dropout)?;
        check_fraction(file, "dropout", self.model.dropout)?;
        check_range(file, "members", self.model.members, MEMBERS)?;
        check_fraction(file, "adversarial", self.model.adversarial)?;
        let shortest = if self.pretraining.epochs > 0 { 2 } else { *LENGTH.start() };
        check_range(file, "length", self.reading.length, shortest..=*LENGTH.end())?;
        check_range(file, "pretraining.epochs", self.pretraining.epochs, PRETRAIN_EPOCHS)?;
        check_range(file, "pretraining.batch_size", self.pretraining.batch_size, BATCH_SIZE)?;
        check_range(file, "pretraining.candidates", self.pretraining.candidates, CANDIDATES)?;
        check_range(file, "teacher_epochs", self.teacher_epochs, TEACHER_EPOCHS)
    }
}

impl Settings {
    /// The preset that the command line names, with its other options in place.
    ///
    /// # Errors
    /// No word is left between the limits of the coding, or an option changes nothing beside the others.
    pub fn new(flags: &TrainFlags, source: Source) -> Result<Self, crate::Failure> {
        if source == Source::Demo {
            refuse_unlabelled_demo(flags)?;
        }
        let mut settings = Self::preset(flags.preset, Origin::new(flags.common.backend, source));
        if flags.pretraining.unlabelled {
            settings.read_unlabelled();
        }
        name_columns(&mut settings.columns, &flags.columns, &settings.origin.source)?;
        settings.override_data(&flags.data)?;
        settings.model.override_with(&flags.model);
        settings.override_pretraining(&flags.pretraining)?;
        set(&mut settings.teacher_epochs, flags.model.teacher_epochs);
        settings.override_stacking(flags.model.stacking)?;
        settings.common().override_by(&flags.training, &flags.updates)?;
        Ok(settings)
    }

    /// Whether the reviews without a label are needed.
    pub fn unlabelled(&self) -> Unlabelled {
        if self.pretraining.unlabelled || self.teacher_epochs > 0 {
            Unlabelled::Read
        } else {
            Unlabelled::Skip
        }
    }

    /// Steps of an epoch over so many reviews.
    pub fn steps_per_epoch(&self, reviews: usize) -> usize {
        reviews.div_ceil(self.batch_size)
    }

    /// The order in which an epoch visits the reviews.
    pub fn order(&self) -> Order {
        match self.bucket {
            1 => Order::Shuffled,
            batches => Order::Bucketed(batches),
        }
    }

    fn override_stacking(&mut self, asked: Option<Partner>) -> Result<(), WrongUsage> {
        set(&mut self.stacking, asked);
        let reason = "no training reviews are held out to weigh the network against NB-SVM; use a larger \
                      `--validation-fraction`, or `--stacking none`";
        let held_out = self.validation_fraction > 0.0;
        refuse_meaningless([("--stacking", self.stacking == Partner::NbSvm && !held_out, reason.to_owned())])
    }

    fn override_pretraining(&mut self, flags: &PretrainingFlags) -> Result<(), WrongUsage> {
        set(&mut self.pretraining.epochs, flags.pretrain_epochs);
        set(&mut self.pretraining.batch_size, flags.pretrain_batch_size);
        set(&mut self.pretraining.learning_rate, flags.pretrain_learning_rate);
        let without = |name, given| {
            let reason = "nothing is learnt before the labels; use `--pretrain-epochs`";
            (name, given && self.pretraining.epochs == 0, reason.to_owned())
        };
        refuse_meaningless([
            without("--unlabelled", flags.unlabelled),
            without("--pretrain-batch-size", flags.pretrain_batch_size.is_some()),
            without("--pretrain-learning-rate", flags.pretrain_learning_rate.is_some()),
            (
                "--pretrain-epochs",
                self.pretraining.epochs > 0 && self.reading.length < 2,
                "of one index a review there is no word to predict; use a larger `--length`, or `--pretrain-epochs 0`"
                    .to_owned(),
            ),
        ])
    }

    fn override_data(&mut self, flags: &DataFlags) -> Result<(), CodingFault> {
        let limit = |asked: Option<usize>, preset: u32| {
            asked.map_or(preset, |asked| u32::try_from(asked).unwrap_or(u32::MAX))
        };
        let (num_words, skip_top) = (self.coding.num_words(), self.coding.skip_top());
        self.coding = Coding::new(limit(flags.num_words, num_words), limit(flags.skip_top, skip_top))?;
        set(&mut self.reading.length, flags.length);
        set(&mut self.reading.padding, flags.padding);
        set(&mut self.reading.truncating, flags.truncating);
        set(&mut self.reading.masking, flags.masking);
        set(&mut self.bucket, flags.bucket);
        set(&mut self.validation_fraction, flags.validation_fraction);
        set(&mut self.test_fraction, flags.test_fraction);
        Ok(())
    }
}

/// Refuses to look for reviews without a label among the generated ones.
fn refuse_unlabelled_demo(flags: &TrainFlags) -> Result<(), WrongUsage> {
    let reason =
        "the demo reviews all have a label; fetch real ones with `cargo xtask fetch-data --only reviews`";
    let taught = flags.model.teacher_epochs.is_some_and(|epochs| epochs > 0);
    refuse_meaningless([
        ("--unlabelled", flags.pretraining.unlabelled, reason.to_owned()),
        ("--teacher-epochs", taught, reason.to_owned()),
    ])
}

/// Puts the names that were given in the columns' places.
///
/// # Errors
/// A name was given beside generated reviews, which stand in no table.
pub fn name_columns(columns: &mut Columns, flags: &ColumnFlags, source: &Source) -> Result<(), WrongUsage> {
    let demo = *source == Source::Demo;
    let reason = "the demo reviews are not in a table";
    refuse_meaningless([
        ("--text-column", demo && flags.text_column.is_some(), reason.to_owned()),
        ("--label-column", demo && flags.label_column.is_some(), reason.to_owned()),
    ])?;
    set(&mut columns.text, flags.text_column.clone());
    set(&mut columns.label, flags.label_column.clone());
    Ok(())
}
