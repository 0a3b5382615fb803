//! The figures that the summary of every run has, whatever was trained.

use recurrent_backend::BackendKind;
use recurrent_report::{counted, duration};
use recurrent_train::{End, EpochRecord, Stopped, TrainConfig};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Crew, Origin, peak_memory_bytes};

/// How much a run leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The weights and `summary.json`.
    Summary,
    /// Plots and report too.
    Report,
}

/// How a run was set, how it went and how it ended. `P` names its preset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord<P> {
    /// The program.
    pub program: String,
    /// The preset.
    pub preset: P,
    /// The backend.
    pub backend: BackendKind,
    /// The seed.
    pub seed: u64,
    /// The number of weights and biases.
    pub parameters: u64,
    /// Whole epochs done.
    pub epochs_run: usize,
    /// The epoch whose weights were kept, from 1.
    pub best_epoch: Option<usize>,
    /// Why the run ended.
    pub stopped: Stopped,
    /// The training loss of each epoch, dropout on.
    pub train_loss: Vec<f64>,
    /// The validation loss of each epoch; empty where there was no validation.
    pub validation_loss: Vec<f64>,
    /// The loss that the kept epoch was chosen by. Where none was watched, the last validation loss, or else the last
    /// training loss.
    pub best_loss: Option<f64>,
    /// The mean over the epochs, validation included.
    pub seconds_per_epoch: f64,
    /// The most memory that the process held, where the system tells it.
    pub peak_memory_bytes: Option<u64>,
    /// Into how many shards each batch was cut.
    #[serde(default = "one")]
    pub shards: usize,
    /// How many processes shared them out.
    #[serde(default = "one")]
    pub ranks: usize,
    /// The share of its time that the first of them waited for the others.
    #[serde(default)]
    pub waiting: f64,
}

/// What a run of old has of each.
fn one() -> usize {
    1
}

impl<P> RunRecord<P> {
    /// Puts the figures together.
    pub fn new(
        program: &str,
        preset: P,
        origin: &Origin,
        train: &TrainConfig,
        parameters: u64,
        history: &[EpochRecord],
        end: &End,
    ) -> Self {
        let seconds = history.iter().map(|epoch| epoch.seconds).fold(0.0, |sum, seconds| sum + seconds);
        let last = history.last();
        Self {
            program: program.to_owned(),
            preset,
            backend: origin.backend,
            seed: train.seed.0,
            parameters,
            epochs_run: end.epochs_run,
            best_epoch: end.best_epoch.or(last.map(|epoch| epoch.epoch)),
            stopped: end.stopped,
            train_loss: history.iter().map(|epoch| epoch.train_loss).collect(),
            validation_loss: history.iter().filter_map(|epoch| epoch.validation_loss).collect(),
            best_loss: end.best_loss.or(last.map(|epoch| epoch.validation_loss.unwrap_or(epoch.train_loss))),
            seconds_per_epoch: seconds / history.len().max(1) as f64,
            peak_memory_bytes: peak_memory_bytes(),
            shards: train.shards,
            ranks: 1,
            waiting: 0.0,
        }
    }

    /// Notes how the ranks of a crew shared the work, once they have parted.
    pub fn note_ranks(&mut self, crew: &Crew) {
        self.ranks = crew.group.count();
        self.waiting = crew.group.traffic().waiting();
    }

    /// How the run was set, for its report.
    pub fn facts(&self) -> Vec<(&'static str, String)>
    where
        P: Serialize,
    {
        let preset = serde_json::to_value(&self.preset).ok();
        let preset = preset.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        vec![("preset", preset), ("seed", self.seed.to_string()), ("backend", self.backend.to_string())]
    }

    /// How far the run came, in a line for people.
    pub fn done(&self) -> String {
        let kept = self.best_epoch.map_or_else(String::new, |epoch| format!(", kept: epoch {epoch}"));
        match self.epochs_run {
            0 => "stopped in its first epoch".to_owned(),
            epochs => {
                format!("{}, {} each{kept}", counted(epochs, "epoch"), duration(self.seconds_per_epoch))
            }
        }
    }

    /// How the run went, for its report.
    pub fn course(&self) -> Vec<(&'static str, String)> {
        let kept = self.best_epoch.map_or_else(|| "–".to_owned(), |epoch| epoch.to_string());
        let stopped = match self.stopped {
            Stopped::Epochs => "its epochs were done",
            Stopped::Early => "no loss was better for the whole patience",
            Stopped::Steps => "its steps were done",
            Stopped::Interrupted => "the user stopped it",
        };
        let mut course = vec![
            ("epochs", self.epochs_run.to_string()),
            ("kept epoch", kept),
            ("ended because", stopped.to_owned()),
            ("time of an epoch", duration(self.seconds_per_epoch)),
            ("peak memory", self.peak_memory()),
        ];
        if self.ranks > 1 {
            let waiting = format!("{:.0}% of the time of the first", 100.0 * self.waiting);
            course.extend([("ranks", self.ranks.to_string()), ("waiting for each other", waiting)]);
        }
        course
    }

    /// The most memory that the process held, for people.
    pub fn peak_memory(&self) -> String {
        let words = |bytes| format!("{:.0} MiB", bytes as f64 / (1u64 << 20) as f64);
        self.peak_memory_bytes.map_or_else(|| "–".to_owned(), words)
    }
}

/// How the weights were updated, for a run's report.
pub fn update_facts(train: &TrainConfig) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("optimiser", train.optimiser.to_string()),
        ("learning rate", format!("{}, {}", train.learning_rate, train.schedule)),
        ("gradients", train.clip.to_string()),
    ];
    if train.shards > 1 {
        facts.push(("shards of a batch", train.shards.to_string()));
    }
    facts
}
