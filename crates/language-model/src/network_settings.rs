//! The shape of the network, and what is dropped of it in training.

use std::ops::RangeInclusive;
use std::path::Path;

use recurrent_cells::{Activation, Cell, Normalization, RecurrentConfig, Reset, StackConfig};
use recurrent_data::text::Tokens;
use recurrent_report::{LayerRow, ModelSummary};
use recurrent_train::{OutOfRange, check_fraction, check_range};
use serde::{Deserialize, Serialize};

/// The shape of the network, and what is dropped of it in training.
///
/// ```
/// use recurrent_language_model::{CellKind, NetworkSettings};
///
/// let settings = NetworkSettings { dropout: 0.2, ..NetworkSettings::new(CellKind::Gru, 256, 2) };
/// assert_eq!(settings.words(), "2 x GRU, reset after of 256 units");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkSettings {
    /// The kind of cell.
    pub cell: CellKind,
    /// The activation of vanilla cells.
    pub activation: Activation,
    /// Where GRU cells apply their reset gate.
    pub reset: Reset,
    /// How a token is read. Settings of older models have none.
    #[serde(default, skip_serializing_if = "Reading::is_one_hot")]
    pub reading: Reading,
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

/// How a token is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reading {
    /// As a one among zeros, so that the first layer has weights of its own for each token.
    #[default]
    OneHot,
    /// As the weights of the dense layer that score it (Press and Wolf 2017, "Using the output embedding to improve language
    /// models"): with thousands of tokens that is fewer weights, and rare tokens are learnt sooner. In training as much of it is
    /// dropped as of a layer's outputs.
    Tied,
}

impl Reading {
    /// What suits the tokens of a text.
    pub fn of(tokens: Tokens) -> Self {
        if tokens == Tokens::Characters { Self::OneHot } else { Self::Tied }
    }

    fn is_one_hot(&self) -> bool {
        *self == Self::OneHot
    }
}

/// What the training loss makes of extreme probabilities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LossKind {
    /// The cross-entropy as it is.
    #[default]
    Plain,
    /// As in Keras's `categorical_crossentropy`: probabilities are cut to `[1e-7, 1 - 1e-7]`, so that no character counts
    /// more than 16.1 nats, and one that is cut sends no gradient. A ReLU network needs that: RMSprop's first step, more
    /// than three times the learning rate for every weight, makes it explode, and gradients that are not cut then fill the
    /// running mean squares for hundreds of steps.
    Cut,
}

/// The kinds of cell, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Kinds in the order in which they are listed, each once.
    pub fn each_once(listed: &[Self]) -> Vec<Self> {
        let mut kinds = Vec::new();
        for kind in listed {
            if !kinds.contains(kind) {
                kinds.push(*kind);
            }
        }
        kinds
    }

    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Vanilla, Self::Lstm, Self::Gru];

    /// The name in summaries and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vanilla => "vanilla",
            Self::Lstm => "lstm",
            Self::Gru => "gru",
        }
    }
}

impl NetworkSettings {
    /// Units that a layer may have.
    pub const HIDDEN: RangeInclusive<usize> = 1..=16_384;
    /// Layers that a network may have.
    pub const LAYERS: RangeInclusive<usize> = 1..=64;

    /// Layers of so many units, of which nothing is dropped. Vanilla cells have the tangent for activation, GRU cells reset
    /// after the recurrent product, as Keras and PyTorch have them.
    pub fn new(cell: CellKind, hidden: usize, layers: usize) -> Self {
        Self {
            cell,
            activation: Activation::Tanh,
            reset: Reset::After,
            reading: Reading::OneHot,
            hidden,
            layers,
            dropout: 0.0,
            recurrent_dropout: 0.0,
            weight_dropout: 0.0,
            zoneout: 0.0,
            zoneout_memory: 0.0,
            normalization: Normalization::None,
            loss: LossKind::Plain,
        }
    }

    /// Checks every number. `file` is the one that the settings were read from, for the message.
    ///
    /// # Errors
    /// A number is out of its range.
    pub fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        check_range(file, "hidden", self.hidden, Self::HIDDEN)?;
        check_range(file, "layers", self.layers, Self::LAYERS)?;
        check_fraction(file, "dropout", self.dropout)?;
        check_fraction(file, "recurrent_dropout", self.recurrent_dropout)?;
        check_fraction(file, "weight_dropout", self.weight_dropout)?;
        check_fraction(file, "zoneout", self.zoneout)?;
        check_fraction(file, "zoneout_memory", self.zoneout_memory)
    }

    /// The same way of training for a network of another's shape.
    pub fn with_shape_of(self, other: &Self) -> Self {
        let Self { cell, activation, reset, reading, hidden, layers, normalization, .. } = *other;
        Self { cell, activation, reset, reading, hidden, layers, normalization, ..self }
    }

    /// The cell with its options.
    pub fn cell(&self) -> Cell {
        match self.cell {
            CellKind::Vanilla => Cell::Rnn(self.activation),
            CellKind::Lstm => Cell::Lstm,
            CellKind::Gru => Cell::Gru(self.reset),
        }
    }

    /// All recurrent layers, which read tokens of a vocabulary of so many.
    pub fn stack(&self, vocabulary: usize) -> StackConfig {
        StackConfig::new(self.layer(self.width(vocabulary)), self.layers).with_dropout(self.dropout)
    }

    /// The numbers that the first layer reads of a token.
    fn width(&self, vocabulary: usize) -> usize {
        if self.reading == Reading::Tied { self.hidden } else { vocabulary }
    }

    fn layer(&self, reads: usize) -> RecurrentConfig {
        RecurrentConfig::new(self.cell(), reads, self.hidden)
            .with_recurrent_dropout(self.recurrent_dropout)
            .with_weight_dropout(self.weight_dropout)
            .with_zoneout_output(self.zoneout)
            .with_zoneout_memory(if self.cell == CellKind::Lstm { self.zoneout_memory } else { 0.0 })
            .with_normalization(self.normalization)
    }

    /// The layers, their output shapes and parameters.
    pub fn summary(&self, vocabulary: usize) -> ModelSummary {
        let hidden = self.hidden;
        let row = |place: usize| {
            let reads = if place == 0 { self.width(vocabulary) } else { hidden };
            let name = format!("{}_{}", self.cell.name(), place + 1);
            let parameters = self.layer(reads).parameters() as u64;
            LayerRow::new(name, self.kind(), format!("[batch, time, {hidden}]"), parameters)
        };
        let head = (hidden as u64 + 1) * vocabulary as u64;
        let kind = if self.reading == Reading::Tied { "dense, read by the first layer too" } else { "dense" };
        let head = LayerRow::new("head", kind, format!("[batch, time, {vocabulary}]"), head);
        ModelSummary {
            title: "The network".to_owned(),
            rows: (0..self.layers).map(row).chain([head]).collect(),
        }
    }

    /// The network in a few words.
    pub fn words(&self) -> String {
        format!("{} x {} of {} units", self.layers, self.kind(), self.hidden)
    }

    fn kind(&self) -> String {
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

    /// What is dropped in training, in words.
    pub fn dropped(&self) -> String {
        let shares = [
            ("outputs", self.dropout),
            ("state", self.recurrent_dropout),
            ("recurrent weights", self.weight_dropout),
            ("zoneout", self.zoneout),
            ("zoneout of memory", self.zoneout_memory),
        ];
        let some = shares.iter().filter(|(_, share)| *share > 0.0);
        let some: Vec<_> = some.map(|(name, share)| format!("{name} {share}")).collect();
        if some.is_empty() { "nothing".to_owned() } else { some.join(", ") }
    }
}
