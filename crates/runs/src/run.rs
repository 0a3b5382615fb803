//! One run as it is on the disk, however far it came.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use recurrent_train::{EpochRecord, Error, Metrics, RunFolder, Setting, Stopped, files::read_limited};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::figures::figures;

/// More than any summary has.
const SUMMARY_LIMIT: u64 = 64 << 20;

/// A run: its settings, its epochs, and the figures of its summary where it has one.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Run {
    /// The shortest end of its path that no other run of the comparison has.
    pub name: String,
    /// Its folder.
    #[serde(serialize_with = "shown")]
    pub path: PathBuf,
    /// How far it came.
    pub state: State,
    /// The number of weights and biases.
    pub parameters: Option<u64>,
    /// The epoch whose weights were kept, from 1.
    pub best_epoch: Option<usize>,
    /// The lowest loss of an epoch: of the validation, or of the training where there was none.
    pub best_loss: Option<f64>,
    /// The time of all epochs, validation included.
    pub seconds: f64,
    /// The most memory that its process held.
    pub peak_memory_bytes: Option<u64>,
    /// What could not be read of it, in sentences.
    pub doubts: Vec<String>,
    /// What its figures were computed on; `None` without figures.
    pub judged_on: Option<String>,
    /// Its settings, each under its path.
    #[serde(skip)]
    pub settings: BTreeMap<String, Setting>,
    /// Its epochs.
    #[serde(skip)]
    pub epochs: Vec<EpochRecord>,
    /// The figures of its summary, in its order.
    #[serde(skip)]
    pub figures: Vec<(String, f64)>,
}

/// How far a run came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It has a summary, and ended for this reason.
    Ended(Stopped),
    /// Another process trains it at this moment.
    BeingTrained,
    /// It has no summary of what it is now.
    Unfinished,
}

impl State {
    /// The same for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ended(Stopped::Epochs) => "done",
            Self::Ended(Stopped::Early) => "stopped early",
            Self::Ended(Stopped::Steps) => "its steps done",
            Self::Ended(Stopped::Interrupted) => "interrupted",
            Self::BeingTrained => "being trained",
            Self::Unfinished => "not finished",
        }
    }
}

/// As much of a summary as every run has.
#[derive(Deserialize)]
struct Summary {
    parameters: Option<u64>,
    epochs_run: Option<usize>,
    best_epoch: Option<usize>,
    stopped: Option<Stopped>,
    peak_memory_bytes: Option<u64>,
}

impl Run {
    /// Reads a run of a program. What is damaged beside its settings is told in [`doubts`](Self::doubts).
    ///
    /// # Errors
    /// The folder is no run's, the run is of another program, or its settings cannot be read.
    pub fn read(path: &Path, program: &str) -> Result<Self, Error> {
        let (folder, IgnoredAny) = RunFolder::open(path, program)?;
        let mut doubts = Vec::new();
        let epochs =
            Metrics::read(&folder.metrics_file()).map(|metrics| metrics.epochs).unwrap_or_else(|error| {
                doubts.push(format!("its curves are left out: {error}"));
                Vec::new()
            });
        let summary = read_summary(&folder).unwrap_or_else(|error| {
            doubts.push(format!("its figures are left out: {error}"));
            None
        });
        let mut run = Self {
            name: String::new(),
            path: fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
            state: State::Unfinished,
            parameters: None,
            best_epoch: None,
            best_loss: lowest(&epochs),
            seconds: epochs.iter().map(|epoch| epoch.seconds).fold(0.0, |sum, seconds| sum + seconds),
            peak_memory_bytes: None,
            doubts,
            judged_on: None,
            settings: folder.settings()?,
            epochs,
            figures: Vec::new(),
        };
        if let Some((summary, value)) = summary {
            run.take(summary, &value);
        }
        if folder.is_being_trained() {
            run.state = State::BeingTrained;
        }
        Ok(run)
    }

    /// Takes up what a summary says, where it is one of the run as it is now.
    fn take(&mut self, summary: Summary, value: &Value) {
        self.parameters = summary.parameters;
        let told = summary.epochs_run.unwrap_or(self.epochs.len());
        if told < self.epochs.len() {
            let now = self.epochs.len();
            self.doubts.push(format!(
                "its figures are left out: its summary is of {told} epochs, and it has {now} by now; finish it"
            ));
            return;
        }
        self.state = summary.stopped.map_or(State::Unfinished, State::Ended);
        (self.best_epoch, self.peak_memory_bytes) = (summary.best_epoch, summary.peak_memory_bytes);
        self.figures = figures(value);
        let data = self.settings.get("origin.sha256").map_or_else(String::new, Setting::to_string);
        let words = |value: Option<&Value>| value.map_or_else(String::new, Value::to_string);
        let (part, size) = (value.pointer("/metrics/judged_on"), value.pointer("/data/test"));
        self.judged_on =
            (!self.figures.is_empty()).then(|| [data, words(part), words(size)].join(" ").trim().to_owned());
    }
}

/// The summary of a run: what is known of it, and all of it.
fn read_summary(folder: &RunFolder) -> Result<Option<(Summary, Value)>, Error> {
    let file = folder.summary_file();
    if !file.exists() {
        return Ok(None);
    }
    let bytes = read_limited(&file, SUMMARY_LIMIT)?;
    let unreadable = |error: serde_json::Error| {
        Error::invalid(
            &file,
            format!("is no summary of a run: {error}; continue the run, which writes it anew"),
        )
    };
    let value: Value = serde_json::from_slice(&bytes).map_err(unreadable)?;
    Ok(Some((Summary::deserialize(&value).map_err(unreadable)?, value)))
}

/// Writes a path for JSON; what is no Unicode in it is replaced.
pub(crate) fn shown<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// The lowest loss of the epochs: of the validation where there was one.
fn lowest(epochs: &[EpochRecord]) -> Option<f64> {
    let validation = epochs.iter().filter_map(|epoch| epoch.validation_loss).reduce(f64::min);
    validation.or_else(|| epochs.iter().map(|epoch| epoch.train_loss).reduce(f64::min))
}
