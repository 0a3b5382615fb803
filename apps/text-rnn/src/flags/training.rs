//! The options of training, each of which overrides the preset.

use std::path::PathBuf;

use clap::Args;
use recurrent_cells::{Activation, Normalization, Reset};
use recurrent_data::text::{Case, MAX_VOCABULARY, TextFractions, Tokens};
use recurrent_language_model::{CellKind, Feed, LossKind, NetworkSettings};
use recurrent_program::flags::{CommonFlags, TrainingFlags, UpdateFlags, named, set, values};
use recurrent_program::{Origin, RunSettings, Source, WrongUsage, refuse_meaningless};
use recurrent_train::Watched;

use super::{ACTIVATIONS, CELLS, ReadingFlags};
use crate::settings::{Preset, Settings};

const PRESETS: &[&str] = &["small", "best", "chapter-vanilla", "chapter-lstm"];

/// The options of training.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct TrainFlags {
    /// small, best, chapter-vanilla or chapter-lstm: settings that other options override
    #[arg(long, value_name = "NAME", value_parser = named::<Preset>(PRESETS), default_value = "small")]
    #[arg(hide_possible_values = true, conflicts_with = "resume", help_heading = "Run")]
    pub preset: Preset,
    /// Begin with the weights of a run, or of a file of PyTorch, Keras or ONNX; characters new to it are added
    #[arg(long, value_name = "RUN", value_parser = values::run(), conflicts_with = "resume", help_heading = "Run")]
    pub init_from: Option<PathBuf>,
    /// Characters of such a file, as JSON: ["a", "b"] or {"a": 0, "b": 1} [default: what the file says, or vocabulary.json
    /// beside it]
    #[arg(
        long,
        value_name = "FILE",
        requires = "init_from",
        conflicts_with = "resume",
        help_heading = "Run"
    )]
    pub init_vocabulary: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) training: TrainingFlags,
    #[command(flatten, next_help_heading = "Data")]
    pub(crate) reading: ReadingFlags,
    #[command(flatten, next_help_heading = "Data")]
    pub(crate) text: TextFlags,
    #[command(flatten, next_help_heading = "Model")]
    pub(crate) model: NetworkFlags,
    #[command(flatten, next_help_heading = "Samples")]
    pub(crate) samples: SampleFlags,
    #[command(flatten)]
    pub(crate) updates: UpdateFlags,
    #[command(flatten)]
    pub(crate) common: CommonFlags,
}

/// The text and its way into the network.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[group(conflicts_with = "resume")]
pub struct TextFlags {
    /// Keep capital letters, or make them small
    #[arg(long, value_name = "keep|lower", value_parser = named::<Case>(&["keep", "lower"]))]
    #[arg(hide_possible_values = true)]
    pub case: Option<Case>,
    /// What the text is read in: characters, words or subwords (byte-pair encoding)
    #[arg(long, value_name = "NAME", value_parser = named::<Tokens>(&["characters", "words", "subwords"]))]
    #[arg(hide_possible_values = true, conflicts_with = "init_from")]
    pub tokens: Option<Tokens>,
    /// Words or subwords that the model knows, characters among them [default: 4000 words, 2000 subwords, or as many as the text has]
    #[arg(long, value_name = "N", value_parser = values::whole(2..=MAX_VOCABULARY), conflicts_with = "init_from")]
    pub vocabulary_size: Option<usize>,
    /// Share of the text held out to choose the best epoch by
    #[arg(long, value_name = "X", value_parser = values::below_one)]
    pub validation_fraction: Option<f64>,
    /// Share of the text, its end, held out to judge on
    #[arg(long, value_name = "X", value_parser = values::below_one)]
    pub test_fraction: Option<f64>,
    /// Shuffled windows, or streams whose state is carried from batch to batch
    #[arg(long, value_name = "windows|streams", hide_possible_values = true)]
    #[arg(value_parser = named::<Feed>(&["windows", "streams"]))]
    pub feed: Option<Feed>,
    /// Characters, words or subwords that a row of a batch reads
    #[arg(long, value_name = "N", value_parser = values::whole(recurrent_language_model::Settings::WINDOW))]
    pub window: Option<usize>,
    /// Share of rows that begin anew, from an empty state, at each step of streams
    #[arg(long, value_name = "X", value_parser = values::below_one)]
    pub restarts: Option<f64>,
}

/// The network, and what is dropped of it.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[group(conflicts_with = "resume")]
pub struct NetworkFlags {
    /// vanilla, lstm or gru
    #[arg(long, value_name = "NAME", value_parser = named::<CellKind>(CELLS))]
    #[arg(hide_possible_values = true, conflicts_with = "init_from")]
    pub cell: Option<CellKind>,
    /// Activation of vanilla cells
    #[arg(long, value_name = "relu|tanh", value_parser = named::<Activation>(ACTIVATIONS))]
    #[arg(hide_possible_values = true, conflicts_with = "init_from")]
    pub activation: Option<Activation>,
    /// Reset gate of GRU cells before or after the recurrent product
    #[arg(long, value_name = "before|after", hide_possible_values = true, conflicts_with = "init_from")]
    #[arg(value_parser = named::<Reset>(&["before", "after"]))]
    pub reset: Option<Reset>,
    /// Units of each layer
    #[arg(long, value_name = "N", value_parser = values::whole(NetworkSettings::HIDDEN), conflicts_with = "init_from")]
    pub hidden: Option<usize>,
    /// Layers
    #[arg(long, value_name = "N", value_parser = values::whole(NetworkSettings::LAYERS), conflicts_with = "init_from")]
    pub layers: Option<usize>,
    /// Share of each layer's outputs dropped while training
    #[arg(long, value_name = "X", value_parser = values::below_one)]
    pub dropout: Option<f64>,
    /// Share of the state dropped from the recurrent product while training
    #[arg(long, value_name = "X", value_parser = values::below_one)]
    pub recurrent_dropout: Option<f64>,
    /// Share of the recurrent weights dropped while training
    #[arg(long, value_name = "X", value_parser = values::below_one)]
    pub weight_dropout: Option<f64>,
    /// Share of units that keep their last output at each step of training (zoneout)
    #[arg(long, value_name = "X", value_parser = values::below_one)]
    pub zoneout: Option<f64>,
    /// The same for the memory of LSTM cells
    #[arg(long, value_name = "X", value_parser = values::below_one)]
    pub zoneout_memory: Option<f64>,
    /// Layer normalisation inside the cells, or none
    #[arg(long, value_name = "none|layer", hide_possible_values = true, conflicts_with = "init_from")]
    #[arg(value_parser = named::<Normalization>(&["none", "layer"]))]
    pub normalization: Option<Normalization>,
    /// Training loss: the cross-entropy, or cut at probabilities of 1e-7, as in Keras
    #[arg(long, value_name = "plain|cut", value_parser = named::<LossKind>(&["plain", "cut"]))]
    #[arg(hide_possible_values = true, help_heading = "Training")]
    pub loss: Option<LossKind>,
}

/// What is written while training.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[group(conflicts_with = "resume")]
pub struct SampleFlags {
    /// Write a sample after every so many epochs; 0: never
    #[arg(long, value_name = "N", value_parser = values::whole(0..=10_000_000))]
    pub sample_every: Option<usize>,
    /// Write a sample after every so many steps; 0: never
    #[arg(long, value_name = "N", value_parser = values::count)]
    pub sample_every_steps: Option<u64>,
    /// Characters of a sample
    #[arg(long, value_name = "N", value_parser = values::whole(1..=1_000_000))]
    pub sample_length: Option<usize>,
}

impl TrainFlags {
    /// The preset that is named, for a text in such tokens, with the other options in place.
    ///
    /// # Errors
    /// An option changes nothing beside the others.
    pub fn settings(&self, source: Source, tokens: Tokens) -> Result<Settings, WrongUsage> {
        let mut settings = self.preset.settings(Origin::new(self.common.backend, source), tokens);
        self.text.apply(&mut settings);
        self.reading.apply(&mut settings.read, &settings.origin.source)?;
        self.model.apply(&mut settings.model);
        set(&mut settings.samples.every_epochs, self.samples.sample_every);
        set(&mut settings.samples.every_steps, self.samples.sample_every_steps);
        set(&mut settings.samples.length, self.samples.sample_length);
        settings.common().override_by(&self.training, &self.updates)?;
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
        let restarts = self.text.restarts.is_some() && settings.feed == Feed::Windows;
        let reason = "all windows begin anew; it is for `--feed streams`";
        let sized = self.text.vocabulary_size.is_some() && settings.tokens == Tokens::Characters;
        let all = "a text has the characters that it has; it is for `--tokens words` and `--tokens subwords`";
        refuse_meaningless([("--restarts", restarts, reason), ("--vocabulary-size", sized, all)])?;
        if self.init_from.is_none() {
            self.model.check(settings.model.cell)?;
        }
        Ok(settings)
    }
}

impl TextFlags {
    fn apply(&self, settings: &mut Settings) {
        set(&mut settings.read.case, self.case);
        settings.vocabulary_size = self.vocabulary_size;
        set(&mut settings.fractions.validation, self.validation_fraction);
        set(&mut settings.fractions.test, self.test_fraction);
        set(&mut settings.feed, self.feed);
        set(&mut settings.window, self.window);
        set(&mut settings.restarts, self.restarts);
    }
}

impl NetworkFlags {
    fn apply(&self, settings: &mut NetworkSettings) {
        set(&mut settings.cell, self.cell);
        set(&mut settings.activation, self.activation);
        set(&mut settings.reset, self.reset);
        set(&mut settings.hidden, self.hidden);
        set(&mut settings.layers, self.layers);
        set(&mut settings.dropout, self.dropout);
        set(&mut settings.recurrent_dropout, self.recurrent_dropout);
        set(&mut settings.weight_dropout, self.weight_dropout);
        set(&mut settings.zoneout, self.zoneout);
        set(&mut settings.zoneout_memory, self.zoneout_memory);
        set(&mut settings.normalization, self.normalization);
        set(&mut settings.loss, self.loss);
    }

    /// Refuses options of one kind of cell that say nothing to another.
    ///
    /// # Errors
    /// There is one.
    pub fn check(&self, cell: CellKind) -> Result<(), WrongUsage> {
        let of = |option: &'static str, given: bool, wanted: CellKind| {
            let reason = format!("the cells are {}; it is for `--cell {}`", cell.name(), wanted.name());
            (option, given && cell != wanted, reason)
        };
        refuse_meaningless([
            of("--activation", self.activation.is_some(), CellKind::Vanilla),
            of("--reset", self.reset.is_some(), CellKind::Gru),
            of("--zoneout-memory", self.zoneout_memory.is_some(), CellKind::Lstm),
        ])
    }
}
