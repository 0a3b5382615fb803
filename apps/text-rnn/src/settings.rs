//! The settings of a run, as plain data in its `config.json`: a preset, and what the command line overrides.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use recurrent_backend::BackendKind;
use recurrent_cells::{Activation, Cell, Normalization, RecurrentConfig, Reset, StackConfig};
use recurrent_data::text::{Case, ReadSpec, TextFractions, Vocabulary};
use recurrent_program::{
    CommonSettings, Origin, OutOfRange, RunSettings, Source, WrongUsage, check_fraction, check_range,
    flags::{BATCH_SIZE, ScheduleKind, set},
    refuse_meaningless,
};
use recurrent_train::{Clip, Optimiser, TrainConfig, Watch, Watched};
use serde::{Deserialize, Serialize};

use crate::flags::{ModelFlags, Preset, TrainFlags};
use crate::strategy::Strategy;

/// Everything that a run's result follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The preset that the other settings started from.
    pub preset: Preset,
    /// The backend and the text.
    pub origin: Origin,
    /// What is done to the text on reading.
    pub read: ReadSpec,
    /// The parts that are held out of training.
    pub fractions: TextFractions,
    /// The run whose weights this one began with.
    pub init_from: Option<PathBuf>,
    /// The characters that the model knows; set once the text has been read.
    pub vocabulary: Option<Vocabulary>,
    /// The model.
    pub model: ModelSettings,
    /// How the text is fed.
    pub feed: Feed,
    /// Characters in a window, or read by a row of a stream in one step.
    pub window: usize,
    /// Windows or rows in a batch.
    pub batch_size: usize,
    /// What is written while training.
    pub samples: SampleSettings,
    /// How the learning rate goes on; the training has the same with its steps.
    pub schedule: ScheduleKind,
    /// Steps over which the learning rate grows first.
    pub warmup: u64,
    /// The training.
    pub train: TrainConfig,
}

/// The shape of the network, and what is dropped of it in training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// The kind of cell.
    pub cell: CellKind,
    /// The activation of vanilla cells.
    pub activation: Activation,
    /// Where GRU cells apply their reset gate.
    pub reset: Reset,
    /// Units of each layer.
    pub hidden: usize,
    /// Layers.
    pub layers: usize,
    /// The share of each layer's outputs that is dropped in training.
    pub dropout: f64,
    /// The share of each layer's state that is dropped from the recurrent product in training.
    pub recurrent_dropout: f64,
    /// The share of the recurrent weights that is dropped in training (Merity et al. 2017).
    pub weight_dropout: f64,
    /// The share of units that keep their last output at a step of training (Krueger et al. 2016).
    pub zoneout: f64,
    /// The same for the memory of LSTM units.
    pub zoneout_memory: f64,
    /// What is done to the sums of the units.
    pub normalization: Normalization,
    /// What the training loss makes of extreme probabilities.
    pub loss: LossKind,
}

/// What the training loss makes of extreme probabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LossKind {
    /// The cross-entropy as it is.
    #[default]
    Plain,
    /// As in Keras's `categorical_crossentropy`: probabilities are cut to `[1e-7, 1 - 1e-7]`, so that no character counts
    /// more than 16.1 nats, and one that is cut sends no gradient. The ReLU network needs that: RMSprop's first step, more
    /// than three times the learning rate for every weight, makes it explode, and gradients that are not cut then fill the
    /// running mean squares for hundreds of steps.
    Cut,
}

/// The kinds of cell, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum CellKind {
    /// The Elman network.
    Vanilla,
    /// Long short-term memory.
    Lstm,
    /// Gated recurrent units.
    Gru,
}

impl CellKind {
    /// The name in summaries, files and options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vanilla => "vanilla",
            Self::Lstm => "lstm",
            Self::Gru => "gru",
        }
    }
}

/// How the text is fed to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// Shuffled windows, each from a zero state: the chapter's way.
    Windows,
    /// Contiguous rows whose state is carried on (truncated backpropagation through time).
    Streams,
}

/// What is written while training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleSettings {
    /// A sample after every so many epochs; 0 for none.
    pub every_epochs: usize,
    /// A sample after every so many steps; 0 for none.
    pub every_steps: u64,
    /// Characters of a sample.
    pub length: usize,
    /// How its characters are chosen.
    pub strategy: Strategy,
}

/// Units that a layer may have.
pub const HIDDEN: RangeInclusive<usize> = 1..=16_384;
/// Layers that a model may have.
pub const LAYERS: RangeInclusive<usize> = 1..=64;
/// Characters that a window may have.
pub const WINDOW: RangeInclusive<usize> = 1..=100_000;

impl ModelSettings {
    /// The cell with its options.
    pub fn cell(&self) -> Cell {
        match self.cell {
            CellKind::Vanilla => Cell::Rnn(self.activation),
            CellKind::Lstm => Cell::Lstm,
            CellKind::Gru => Cell::Gru(self.reset),
        }
    }

    /// The first layer; the others differ in what they read.
    pub fn layer(&self, vocabulary: usize) -> RecurrentConfig {
        RecurrentConfig::new(self.cell(), vocabulary, self.hidden)
            .with_recurrent_dropout(self.recurrent_dropout)
            .with_weight_dropout(self.weight_dropout)
            .with_zoneout_output(self.zoneout)
            .with_zoneout_memory(if self.cell == CellKind::Lstm { self.zoneout_memory } else { 0.0 })
            .with_normalization(self.normalization)
    }

    /// All recurrent layers.
    pub fn stack(&self, vocabulary: usize) -> StackConfig {
        StackConfig::new(self.layer(vocabulary), self.layers).with_dropout(self.dropout)
    }

    /// The same way of training for a network of another's shape.
    pub fn with_shape_of(self, other: &Self) -> Self {
        let Self { cell, activation, reset, hidden, layers, normalization, .. } = *other;
        Self { cell, activation, reset, hidden, layers, normalization, ..self }
    }

    /// The network in a few words.
    pub fn words(&self) -> String {
        format!("{} x {} of {} units", self.layers, self.kind(), self.hidden)
    }

    /// The kind of layer in words.
    pub fn kind(&self) -> String {
        let kind = match self.cell {
            CellKind::Vanilla => format!("vanilla RNN, {}", format!("{:?}", self.activation).to_lowercase()),
            CellKind::Lstm => "LSTM".to_owned(),
            CellKind::Gru => format!("GRU, reset {}", format!("{:?}", self.reset).to_lowercase()),
        };
        match self.normalization {
            Normalization::None => kind,
            Normalization::Layer => kind + ", layer norm",
        }
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
        check_range(file, "hidden", self.model.hidden, HIDDEN)?;
        check_range(file, "layers", self.model.layers, LAYERS)?;
        check_range(file, "window", self.window, WINDOW)?;
        check_range(file, "batch_size", self.batch_size, BATCH_SIZE)?;
        check_fraction(file, "dropout", self.model.dropout)?;
        check_fraction(file, "recurrent_dropout", self.model.recurrent_dropout)?;
        check_fraction(file, "weight_dropout", self.model.weight_dropout)?;
        check_fraction(file, "zoneout", self.model.zoneout)?;
        check_fraction(file, "zoneout_memory", self.model.zoneout_memory)
    }
}

impl Settings {
    /// The preset that the command line names, with its other options in place.
    ///
    /// # Errors
    /// An option changes nothing beside the others.
    pub fn new(flags: &TrainFlags, source: Source) -> Result<Self, WrongUsage> {
        let mut settings = Self::preset(flags.preset, Origin::new(flags.common.backend, source));
        settings.override_model(&flags.model);
        settings.common().override_by(&flags.training, &flags.updates)?;
        if let Some(watch) = &mut settings.train.watch {
            let held_out = settings.fractions.validation > 0.0;
            watch.loss = if held_out { Watched::ValidationLoss } else { Watched::TrainLoss };
        }
        let TextFractions { validation, test } = settings.fractions;
        if validation + test >= 1.0 {
            let problem = format!(
                "`--validation-fraction {validation}` and `--test-fraction {test}` leave nothing to learn from; \
                 choose fractions whose sum is below 1"
            );
            return Err(WrongUsage::Contradiction(problem));
        }
        if flags.init_from.is_none() {
            settings.refuse_meaningless(&flags.model)?;
        }
        Ok(settings)
    }

    /// Takes over the shape of the network of another run.
    ///
    /// # Errors
    /// An option says nothing to its kind of cell.
    pub fn take_shape_of(&mut self, other: &ModelSettings, flags: &ModelFlags) -> Result<(), WrongUsage> {
        self.model = self.model.with_shape_of(other);
        self.refuse_meaningless(flags)
    }

    /// Options of one kind of cell say nothing to another.
    fn refuse_meaningless(&self, flags: &ModelFlags) -> Result<(), WrongUsage> {
        let cell = self.model.cell;
        let of =
            |wanted: CellKind| format!("the cells are {}; it is for `--cell {}`", cell.name(), wanted.name());
        refuse_meaningless([
            ("--activation", flags.activation.is_some() && cell != CellKind::Vanilla, of(CellKind::Vanilla)),
            ("--reset", flags.reset.is_some() && cell != CellKind::Gru, of(CellKind::Gru)),
            (
                "--zoneout-memory",
                flags.zoneout_memory.is_some() && cell != CellKind::Lstm,
                of(CellKind::Lstm),
            ),
        ])
    }

    /// A preset as it is, for what is measured apart from a run.
    pub fn measured(preset: Preset, source: Source, backend: Option<BackendKind>) -> Self {
        Self::preset(preset, Origin::new(backend, source))
    }

    fn preset(preset: Preset, origin: Origin) -> Self {
        match preset {
            Preset::ChapterVanilla => Self::chapter(preset, CellKind::Vanilla, origin),
            Preset::ChapterLstm => Self::chapter(preset, CellKind::Lstm, origin),
            Preset::Small => Self::small(origin),
            Preset::Best => Self::best(origin),
        }
    }

    fn chapter(preset: Preset, cell: CellKind, origin: Origin) -> Self {
        let (window, dropout, length) = match cell {
            CellKind::Vanilla => (100, 0.3, 200),
            _ => (160, 0.4, 500),
        };
        let mut train = TrainConfig::new(300, Optimiser::keras_rms_prop(), 0.001);
        train.watch = Some(Watch::new(Watched::TrainLoss).with_patience(50));
        Self {
            preset,
            origin,
            read: ReadSpec { case: Case::Lower, ..ReadSpec::default() },
            fractions: TextFractions { validation: 0.0, test: 0.0 },
            init_from: None,
            vocabulary: None,
            model: ModelSettings {
                cell,
                activation: Activation::Relu,
                reset: Reset::After,
                hidden: 800,
                layers: 2,
                dropout,
                recurrent_dropout: 0.0,
                weight_dropout: 0.0,
                zoneout: 0.0,
                zoneout_memory: 0.0,
                normalization: Normalization::None,
                loss: LossKind::Cut,
            },
            feed: Feed::Windows,
            window,
            batch_size: 100,
            samples: SampleSettings { every_epochs: 10, every_steps: 0, length, strategy: Strategy::Greedy },
            schedule: ScheduleKind::Constant,
            warmup: 0,
            train,
        }
    }

    /// Readable text within ten minutes on two cores.
    fn small(origin: Origin) -> Self {
        let mut settings = Self::chapter(Preset::Small, CellKind::Lstm, origin);
        settings.read = ReadSpec::default();
        settings.fractions = TextFractions { validation: 0.02, test: 0.02 };
        settings.model.hidden = 384;
        settings.model.layers = 1;
        settings.model.dropout = 0.0;
        settings.model.loss = LossKind::Plain;
        settings.feed = Feed::Streams;
        settings.window = 100;
        settings.batch_size = 32;
        settings.samples = SampleSettings {
            every_epochs: 1,
            every_steps: 0,
            length: 300,
            strategy: Strategy::Sample { temperature: 0.8, top_k: None, top_p: None },
        };
        settings.schedule = ScheduleKind::Cosine;
        settings.warmup = 100;
        settings.train = TrainConfig::new(4, Optimiser::adam(), 0.004);
        settings.train.clip = Clip::GlobalNorm(1.0);
        settings.train.watch = Some(Watch::new(Watched::ValidationLoss));
        settings
    }

    /// As good as an hour and a quarter on two cores allows; docs/benchmarks.md has what it gave.
    fn best(origin: Origin) -> Self {
        let mut settings = Self::small(origin);
        settings.preset = Preset::Best;
        settings.fractions = TextFractions::default();
        settings.model.hidden = 640;
        settings.model.layers = 2;
        settings.model.dropout = 0.3;
        settings.model.weight_dropout = 0.2;
        settings.train.epochs = 20;
        settings.train.learning_rate = 0.002;
        settings
    }

    fn override_model(&mut self, flags: &ModelFlags) {
        if let Some(case) = flags.case {
            self.read.case = case.into();
        }
        set(&mut self.fractions.validation, flags.validation_fraction);
        set(&mut self.fractions.test, flags.test_fraction);
        set(&mut self.model.cell, flags.cell);
        set(&mut self.model.activation, flags.activation);
        set(&mut self.model.reset, flags.reset);
        set(&mut self.model.hidden, flags.hidden);
        set(&mut self.model.layers, flags.layers);
        set(&mut self.model.dropout, flags.dropout);
        set(&mut self.model.recurrent_dropout, flags.recurrent_dropout);
        set(&mut self.model.weight_dropout, flags.weight_dropout);
        set(&mut self.model.zoneout, flags.zoneout);
        set(&mut self.model.zoneout_memory, flags.zoneout_memory);
        set(&mut self.model.normalization, flags.normalization);
        set(&mut self.model.loss, flags.loss);
        set(&mut self.feed, flags.feed);
        set(&mut self.window, flags.window);
        set(&mut self.samples.every_epochs, flags.sample_every);
        set(&mut self.samples.every_steps, flags.sample_every_steps);
        set(&mut self.samples.length, flags.sample_length);
    }
}
