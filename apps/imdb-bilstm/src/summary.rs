//! `summary.json`: the figures of a finished run, also the line that `--format json` prints.

use std::path::{Path, PathBuf};

use recurrent_program::{RunRecord, Source};
use serde::{Deserialize, Serialize};

use crate::PROGRAM;
use crate::data::Reviews;
use crate::flags::Preset;
use crate::judge::{Metrics, Paired, Standing};
use crate::learn::Learnt;
use crate::settings::Settings;

/// The figures of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// What every run has.
    #[serde(flatten)]
    pub run: RunRecord<Preset>,
    /// The reviews.
    pub data: DataFacts,
    /// What the network learnt before it saw a label; absent where it began with nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pretraining: Option<PretrainingFacts>,
    /// How the teacher learnt that labelled the reviews without a label; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teacher: Option<TeacherFacts>,
    /// What the kept epoch was chosen by.
    pub chosen_by: Chosen,
    /// Their accuracy, by epoch.
    pub validation_accuracy: Vec<f64>,
    /// The kept weights on the test reviews, beside the baseline.
    #[serde(flatten)]
    pub judgement: Judgement,
}

/// What is said of a network on the test reviews.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The figures of the model: of the network, or of what it makes together with its partner.
    pub metrics: Metrics,
    /// The network's figures without what it is stacked with; absent where it scores alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<Alone>,
    /// The linear classifiers' figures on the same reviews.
    pub baselines: Baselines,
    /// The model, which is the first, tested against the baseline.
    pub mcnemar: Paired,
    /// Where the model stands, in one word.
    pub standing: Standing,
    /// Where the model stands, in a sentence with its figures.
    pub verdict: String,
}

impl Judgement {
    /// What the figures are of.
    pub fn model(&self) -> &'static str {
        if self.network.is_some() { "network and NB-SVM" } else { "network" }
    }
}

/// The figures of a network without its partner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alone {
    /// The share of the test reviews that it gets right.
    pub accuracy: f64,
    /// As [`Metrics::auc`].
    pub auc: Option<f64>,
}

/// The figures of the baselines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baselines {
    /// Of NB-SVM on words, pairs and triples of words, fitted to all training reviews.
    pub nb_svm: Baseline,
}

/// The figures of a baseline, whose scores are no probabilities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The share of the test reviews that it gets right.
    pub accuracy: f64,
    /// As [`Metrics::auc`].
    pub auc: Option<f64>,
    /// The number of its n-grams.
    pub features: usize,
    /// The number of reviews that it was fitted to.
    pub reviews: usize,
}

/// How a network learnt to predict words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PretrainingFacts {
    /// The reviews it read.
    pub reviews: usize,
    /// The words that it read of them.
    pub words: usize,
    /// The mean negative log-likelihood of a word in each epoch, in nats, over both directions: an estimate from sampled words,
    /// somewhat low.
    pub train_loss: Vec<f64>,
    /// The time of all epochs.
    pub seconds: f64,
}

/// How a teacher learnt from the labelled reviews.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TeacherFacts {
    /// The reviews that it has labelled; 0 where it has not finished.
    pub labelled: usize,
    /// The epoch whose weights were kept.
    pub best_epoch: Option<usize>,
    /// Its loss on the reviews that choose the epoch, by epoch.
    pub validation_loss: Vec<f64>,
    /// Its accuracy on them, by epoch.
    pub validation_accuracy: Vec<f64>,
    /// The time of all epochs.
    pub seconds: f64,
}

/// What the kept epoch was chosen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Chosen {
    /// The loss of training reviews that were held out.
    Validation,
    /// The loss of the test reviews, as in the chapter: their figures are then too good.
    Test,
}

impl Chosen {
    /// What the settings ask for.
    pub fn new(settings: &Settings) -> Self {
        if settings.validation_fraction > 0.0 { Self::Validation } else { Self::Test }
    }

    /// The same for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Validation => {
                "the best epoch on held-out training reviews was kept; the test reviews were touched once"
            }
            Self::Test => {
                "the best epoch on the TEST reviews was kept, as in the chapter: their figures are too good"
            }
        }
    }
}

/// Which reviews a run used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFacts {
    /// The file's name, or `demo`.
    pub name: String,
    /// The file or folder; absent for generated reviews.
    pub path: Option<PathBuf>,
    /// The SHA-256 of the bytes read, or of what was generated.
    pub sha256: String,
    /// Distinct words of the training reviews.
    pub words: usize,
    /// Reviews learnt from.
    pub train: usize,
    /// Reviews chosen by, where they are not the test reviews.
    pub validation: usize,
    /// Reviews judged on.
    pub test: usize,
}

impl DataFacts {
    /// The facts of a data set and its parts.
    pub fn new(source: &Source, reviews: &Reviews) -> Self {
        Self {
            name: source.name(),
            path: source.path().map(Path::to_owned),
            sha256: reviews.data.sha256.clone(),
            words: reviews.data.vocabulary.len(),
            train: reviews.learn().len(),
            validation: reviews.choose().len(),
            test: reviews.judge().len(),
        }
    }
}

impl Summary {
    /// A sentence on how the kept weights were chosen.
    pub fn choice(&self) -> &'static str {
        match self.run.best_epoch {
            Some(_) => self.chosen_by.sentence(),
            None => "no epoch was finished, so that none was chosen",
        }
    }

    /// Puts the figures together.
    pub fn new(
        settings: &Settings,
        data: DataFacts,
        parameters: u64,
        learnt: &Learnt,
        judgement: Judgement,
    ) -> Self {
        let Learnt { outcome, pretraining, teacher } = learnt;
        let run = RunRecord::new(
            PROGRAM,
            settings.preset,
            &settings.origin,
            &settings.train,
            parameters,
            &outcome.history,
            &outcome.end,
        );
        let accuracy = outcome.history.iter().filter_map(|epoch| epoch.metrics.get("accuracy"));
        Self {
            run,
            data,
            pretraining: pretraining.clone(),
            teacher: teacher.clone(),
            chosen_by: Chosen::new(settings),
            validation_accuracy: accuracy.copied().collect(),
            judgement,
        }
    }
}
