//! What a classifier is, as plain data: the words that it knows, what it reads of a text, its network, and what stands beside
//! it. How it learns is not here ([`Plan`](crate::Plan)).

use std::path::Path;

use recurrent_cells::{GateMasks, RecurrentConfig, StackConfig};
use recurrent_data::reviews::{ClassNames, Coding};
use recurrent_train::{OutOfRange, check_between, check_fraction, check_range};
use serde::{Deserialize, Serialize};

use crate::layers::{CellKind, Directions};
use crate::limits;
use crate::pooling::Pool;
use crate::reading::Reading;

/// All that using a classifier takes, besides its weights and its words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// Which words have an index.
    pub coding: Coding,
    /// What is read of a text.
    pub reading: Reading,
    /// The network.
    pub model: ModelSettings,
    /// What the network is stacked with once it has learnt.
    pub stacking: Partner,
    /// The share of a table's reviews that the classifier is judged on, as [`Parting`](crate::Parting) has it: with the next,
    /// it tells the reviews that were held out from those that were learnt from.
    pub test_fraction: f64,
    /// The classes that it tells apart.
    #[serde(default)]
    pub classes: ClassNames,
    /// The score above which each label is said, where a text may have any number of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<f32>,
    /// The SHA-256 of the data set that it was trained on, as [`Dataset`](recurrent_data::reviews::Dataset) has it.
    pub data_sha256: Option<String>,
}

/// What a network is stacked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Partner {
    /// Nothing: it scores alone.
    None,
    /// NB-SVM, a linear classifier on word n-grams.
    NbSvm,
}

/// The shape of the network, and what is dropped of it in training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ModelSettings {
    /// Features of a word.
    pub embedding: usize,
    /// The cell of each layer.
    #[serde(default)]
    pub cell: CellKind,
    /// The directions that each layer reads in.
    #[serde(default)]
    pub directions: Directions,
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
    /// The share of the layers' inputs that is dropped in training, the same at all words of a text.
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
    /// How far the words of a text are moved to where the network errs most, in training, as a part of their norm.
    pub adversarial: f64,
}

impl Settings {
    /// A network that scores alone and tells two classes apart, trained on data that nothing is known of.
    pub fn new(coding: Coding, reading: Reading, model: ModelSettings) -> Self {
        Self {
            coding,
            reading,
            model,
            stacking: Partner::None,
            test_fraction: 0.2,
            classes: ClassNames::binary(),
            thresholds: Vec::new(),
            data_sha256: None,
        }
    }

    /// What it is asked of a text, for a title: the classes, stars or labels that it tells apart.
    ///
    /// ```
    /// use recurrent_classifier::{ModelSettings, Reading, Settings};
    /// use recurrent_data::reviews::{ClassNames, Coding};
    ///
    /// let mut settings = Settings::new(Coding::default(), Reading::masked(400), ModelSettings::new(8, 8));
    /// assert_eq!(settings.question(), "praise or blame");
    /// settings.classes = ClassNames::steps(["1", "2", "5"]);
    /// assert_eq!(settings.question(), "stars: 1, 2 and 5");
    /// ```
    pub fn question(&self) -> String {
        let classes = &self.classes;
        match classes.names() {
            _ if *classes == ClassNames::binary() => "praise or blame".to_owned(),
            _ if classes.are_labels() => format!("labels: {}", classes.listed()),
            _ if classes.numbers().is_some() => format!("stars: {}", classes.listed()),
            [one, other] => format!("{one} or {other}"),
            _ => format!("classes: {}", classes.listed()),
        }
    }

    /// Checks every setting; `file` is where they were read from.
    ///
    /// # Errors
    /// A number is out of its range.
    pub fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        self.model.check(file)?;
        check_range(file, "num_words", self.coding.num_words() as usize, limits::WORDS)?;
        check_range(file, "length", self.reading.length, limits::LENGTH)?;
        check_between(file, "test_fraction", self.test_fraction)
    }
}

impl ModelSettings {
    /// One bidirectional LSTM layer that is read by its last outputs, of which nothing is dropped in training.
    pub fn new(embedding: usize, hidden: usize) -> Self {
        Self {
            embedding,
            cell: CellKind::Lstm,
            directions: Directions::Both,
            hidden,
            layers: 1,
            pooling: vec![Pool::Last],
            word_dropout: 0.0,
            embedding_dropout: 0.0,
            input_dropout: 0.0,
            recurrent_dropout: 0.0,
            gate_masks: GateMasks::Tied,
            weight_dropout: 0.0,
            dropout: 0.0,
            members: 1,
            adversarial: 0.0,
        }
    }

    fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        check_range(file, "embedding", self.embedding, limits::EMBEDDING)?;
        check_range(file, "hidden", self.hidden, limits::HIDDEN)?;
        check_range(file, "layers", self.layers, limits::LAYERS)?;
        check_range(file, "pooling", self.pooling.len(), 1..=Pool::ALL.len())?;
        check_fraction(file, "word_dropout", self.word_dropout)?;
        check_fraction(file, "embedding_dropout", self.embedding_dropout)?;
        check_fraction(file, "input_dropout", self.input_dropout)?;
        check_fraction(file, "recurrent_dropout", self.recurrent_dropout)?;
        check_fraction(file, "weight_dropout", self.weight_dropout)?;
        check_fraction(file, "dropout", self.dropout)?;
        check_range(file, "members", self.members, limits::MEMBERS)?;
        check_fraction(file, "adversarial", self.adversarial)
    }

    /// Each direction of a layer, the first of which reads words and the others the layer below.
    pub(crate) fn layer_at(&self, place: usize) -> RecurrentConfig {
        let d_input = if place == 0 { self.embedding } else { self.outputs() };
        RecurrentConfig::new(self.cell.cell(), d_input, self.hidden)
            .with_input_dropout(self.input_dropout)
            .with_recurrent_dropout(self.recurrent_dropout)
            .with_gate_masks(if self.recurrent_dropout > 0.0 { self.gate_masks } else { GateMasks::Tied })
            .with_weight_dropout(self.weight_dropout)
    }

    /// One direction of the layers.
    pub(crate) fn stack(&self) -> StackConfig {
        StackConfig::new(self.layer_at(0), self.layers).with_dropout(self.dropout)
    }

    /// Features of an output of a layer.
    pub(crate) fn outputs(&self) -> usize {
        self.directions.count() * self.hidden
    }

    /// Features that the dense layer reads.
    pub(crate) fn features(&self) -> usize {
        self.outputs() * self.pooling.len()
    }

    /// The network in a few words, such as `embedding of 128, 1 x bidirectional LSTM of 128 and 128 units`.
    pub fn words(&self) -> String {
        let members =
            if self.members == 1 { String::new() } else { format!("{} networks of ", self.members) };
        let Self { embedding, layers, hidden, .. } = self;
        let cell = self.cell.name();
        let layer = match self.directions {
            Directions::Both => format!("bidirectional {cell} of {hidden} and {hidden} units"),
            Directions::Forward => format!("{cell} of {hidden} units"),
        };
        format!("{members}embedding of {embedding}, {layers} x {layer}")
    }
}
