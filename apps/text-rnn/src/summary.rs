//! `summary.json`: the figures of a finished run, also the line that `--format json` prints.

use std::path::{Path, PathBuf};

use recurrent_data::text::{Text, TextSplit};
use recurrent_program::{RunRecord, Source};
use recurrent_train::{End, EpochRecord};
use serde::{Deserialize, Serialize};

use crate::PROGRAM;
use crate::flags::Preset;
use crate::settings::Settings;

/// The figures of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// What every run has.
    #[serde(flatten)]
    pub run: RunRecord<Preset>,
    /// The text.
    pub data: DataFacts,
    /// The run whose weights this one began with.
    pub init_from: Option<PathBuf>,
    /// How well the kept weights predict.
    pub metrics: Prediction,
}

/// Which text a run used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFacts {
    /// The file's name, or `demo`.
    pub name: String,
    /// The file or folder; absent for generated text.
    pub path: Option<PathBuf>,
    /// The SHA-256 of the bytes read, or of what was generated.
    pub sha256: String,
    /// Characters.
    pub characters: usize,
    /// Distinct characters that the model knows.
    pub vocabulary: usize,
    /// Windows, or steps of all streams together, of an epoch: what stands for itself in a batch.
    pub windows: usize,
    /// Characters learnt from.
    pub train: usize,
    /// Characters chosen by.
    pub validation: usize,
    /// Characters judged on.
    pub test: usize,
}

impl DataFacts {
    /// The facts of a text.
    pub fn new(source: &Source, text: &Text, split: &TextSplit<'_>, windows: usize) -> Self {
        Self {
            name: source.name(),
            path: source.path().map(Path::to_owned),
            sha256: text.sha256().to_owned(),
            characters: text.len(),
            vocabulary: text.vocabulary().len(),
            windows,
            train: split.train.len(),
            validation: split.validation.len(),
            test: split.test.len(),
        }
    }
}

/// How well a model predicts a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Which part of the text.
    pub judged_on: Part,
    /// Characters that were predicted.
    pub characters: usize,
    /// The cross-entropy in nats: the mean of the negative logarithm of the probability given to each character.
    pub nats_per_character: f64,
    /// The same in bits.
    pub bits_per_character: f64,
    /// The number of equally likely characters that would be as hard to predict.
    pub perplexity: f64,
    /// What the best possible model is expected to reach, in nats; known for generated text alone.
    pub floor: Option<f64>,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Its end, held out for this.
    Test,
    /// What the best epoch was chosen by, where there is no test part.
    Validation,
    /// The end of what was learnt from, where nothing was held out.
    Training,
    /// All of it.
    Whole,
}

impl Part {
    /// The same for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Test => "held-out test text",
            Self::Validation => "validation text, by which the epoch was chosen",
            Self::Training => "text that was LEARNT FROM, since none was held out",
            Self::Whole => "the whole text",
        }
    }
}

impl Prediction {
    /// From the mean surprise of some characters, in nats.
    pub fn new(judged_on: Part, characters: usize, nats: f64, floor: Option<f64>) -> Self {
        Self {
            judged_on,
            characters,
            nats_per_character: nats,
            bits_per_character: nats / std::f64::consts::LN_2,
            // Finite, so that it can be read back from JSON.
            perplexity: nats.exp().min(f64::MAX),
            floor,
        }
    }
}

impl Summary {
    /// Puts the figures together.
    pub fn new(
        settings: &Settings,
        data: DataFacts,
        parameters: u64,
        history: &[EpochRecord],
        end: &End,
        metrics: Prediction,
    ) -> Self {
        let run = RunRecord::new(
            PROGRAM,
            settings.preset,
            &settings.origin,
            &settings.train,
            parameters,
            history,
            end,
        );
        Self { run, data, init_from: settings.init_from.clone(), metrics }
    }
}
