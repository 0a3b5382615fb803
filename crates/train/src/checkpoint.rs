//! Checkpoints: all that a run needs to go on as if it had never stopped.
//!
//! A checkpoint is several files and must be whole or not at all, so one of them decides: `last.json` names
//! the others with their checksums, and takes its predecessor's place by a rename once they are on the
//! disk. Only then is what it no longer names removed. A kill at any moment leaves a `last.json` whose files
//! all exist.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use burn::module::Module;
use serde::{Deserialize, Serialize};

use crate::config::{Every, TrainConfig};
use crate::error::Error;
use crate::files::{sha256_hex, write_whole};
use crate::observer::{EpochRecord, Stopped};
use crate::optimise::Optimisation;
use crate::parameters;
use crate::sealed;
use crate::stopping::Best;
use crate::tensors;
use crate::weights::{Description, read_checked, save_model};
use crate::weights_name;
use recurrent_backend::{Carry, NamedTensors};

const FORMAT: u32 = 2;
const LAST: &str = "last.json";
const LAST_LIMIT: u64 = 256 << 20;
const REMEDY: &str = "the run cannot be continued from it; start a new run";
/// Writing takes at most a fiftieth of the time, where the user asks for seconds.
const SPARED: u32 = 49;

/// How far a run is: all of its state that is no tensor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Progress {
    pub(crate) step: u64,
    pub(crate) epochs_done: usize,
    /// Steps done in the epoch after those; all of them where its validation is still to come.
    pub(crate) step_in_epoch: usize,
    pub(crate) loss_sum: f64,
    pub(crate) samples: u64,
    pub(crate) epoch_seconds: f64,
    pub(crate) history: Vec<EpochRecord>,
    pub(crate) best: Best,
}

/// What `last.json` holds.
#[derive(Serialize, Deserialize)]
pub(crate) struct Last {
    format: u32,
    pub(crate) program: String,
    pub(crate) config: TrainConfig,
    pub(crate) steps_per_epoch: usize,
    pub(crate) progress: Progress,
    state: StateFile,
    carries: bool,
    /// The file name of the weights.
    pub(crate) weights: Option<String>,
    pub(crate) stopped: Option<Stopped>,
}

#[derive(Clone, Serialize, Deserialize)]
struct StateFile {
    file: String,
    bytes: u64,
    sha256: String,
}

/// Everything at one moment between two steps.
pub(crate) struct Snapshot<'a, M, C> {
    pub(crate) model: &'a M,
    pub(crate) optimisation: &'a Optimisation,
    pub(crate) carry: Option<&'a C>,
    pub(crate) progress: &'a Progress,
    /// The weights that are the run's result so far, and the name of their file without its ending.
    pub(crate) weights: Option<(&'a M, String, Description)>,
    pub(crate) stopped: Option<Stopped>,
}

/// Writes the checkpoints of a run.
pub(crate) struct Checkpoints<'a> {
    folder: PathBuf,
    program: &'a str,
    config: &'a TrainConfig,
    steps_per_epoch: usize,
    written: Instant,
    cost: Duration,
    state: Option<(u64, StateFile)>,
    weights: Option<String>,
}

impl<'a> Checkpoints<'a> {
    /// Continues after `last`, if there is one.
    pub(crate) fn new(
        folder: PathBuf,
        program: &'a str,
        config: &'a TrainConfig,
        steps_per_epoch: usize,
        last: Option<&Last>,
    ) -> Self {
        Self {
            folder,
            program,
            config,
            steps_per_epoch,
            written: Instant::now(),
            cost: Duration::ZERO,
            state: last.map(|last| (last.progress.step, last.state.clone())),
            weights: last.and_then(|last| last.weights.clone()),
        }
    }

    /// The name of the last state file.
    pub(crate) fn last_file(&self) -> Option<&str> {
        self.state.as_ref().map(|(_, state)| state.file.as_str())
    }

    /// The path of the weights that the last checkpoint names.
    pub(crate) fn weights_file(&self) -> Option<PathBuf> {
        self.weights.as_ref().map(|file| self.folder.join(file))
    }

    /// Whether one is to be written now.
    pub(crate) fn is_due(&self, progress: &Progress) -> bool {
        match self.config.checkpoint_every {
            Every::Steps(steps) => progress.step.is_multiple_of(steps),
            Every::Epochs(epochs) => {
                progress.step_in_epoch == 0 && progress.epochs_done.is_multiple_of(epochs)
            }
            Every::Seconds(seconds) => {
                let elapsed = self.written.elapsed();
                elapsed.as_secs_f64() >= seconds && elapsed >= self.cost * SPARED
            }
        }
    }

    /// Writes a checkpoint; removes what it replaces.
    pub(crate) fn write<M: Module, C: Carry>(&mut self, snapshot: Snapshot<'_, M, C>) -> Result<(), Error> {
        let start = Instant::now();
        let weights = self.write_weights(&snapshot)?;
        let state = self.write_state(&snapshot)?;
        let last = Last {
            format: FORMAT,
            program: self.program.to_owned(),
            config: self.config.clone(),
            steps_per_epoch: self.steps_per_epoch,
            progress: snapshot.progress.clone(),
            state: state.clone(),
            carries: snapshot.carry.is_some(),
            weights: weights.clone(),
            stopped: snapshot.stopped,
        };
        sealed::write(&self.folder.join(LAST), &last)?;
        self.remove_others(&state.file, weights.as_deref())?;
        self.state = Some((snapshot.progress.step, state));
        self.weights = weights;
        self.written = Instant::now();
        self.cost = start.elapsed();
        tracing::debug!(
            step = snapshot.progress.step,
            seconds = self.cost.as_secs_f64(),
            "wrote a checkpoint"
        );
        Ok(())
    }

    fn write_weights<M: Module, C>(&self, snapshot: &Snapshot<'_, M, C>) -> Result<Option<String>, Error> {
        let Some((model, name, description)) = &snapshot.weights else { return Ok(self.weights.clone()) };
        let file = format!("{name}.safetensors");
        if self.weights.as_ref() != Some(&file) {
            save_model(*model, &self.folder.join(&file), description)?;
        }
        Ok(Some(file))
    }

    /// The state of a step is the same however often it is written, so it is written once.
    fn write_state<M: Module, C: Carry>(&self, snapshot: &Snapshot<'_, M, C>) -> Result<StateFile, Error> {
        let step = snapshot.progress.step;
        if let Some((_, state)) = self.state.as_ref().filter(|(written, _)| *written == step) {
            return Ok(state.clone());
        }
        let file = format!("state-{step}.safetensors");
        let path = self.folder.join(&file);
        let invalid = |problem| Error::invalid(&path, problem);
        let mut all = NamedTensors::new();
        let parameters = parameters::parameters(snapshot.model);
        if parameters::first_not_finite(&parameters).is_some() {
            // A checkpoint of such weights would replace one that the run can be saved with.
            return Err(Error::Diverged("the weights are no longer finite".to_owned()));
        }
        all.extend(parameters.into_iter().map(|(name, data)| (format!("model.{name}"), data)));
        let state = snapshot.optimisation.to_tensors().map_err(invalid)?;
        all.extend(state.into_iter().map(|(name, data)| (format!("optimiser.{name}"), data)));
        if let Some(carry) = snapshot.carry {
            carry.write("carry", &mut all);
        }
        let bytes = tensors::encode(&all).map_err(invalid)?;
        write_whole(&path, &bytes)?;
        Ok(StateFile { file, bytes: bytes.len() as u64, sha256: sha256_hex(&bytes) })
    }

    /// Removes older state and weights, also those that a killed process wrote but did not name. Only files
    /// with the run's own names: what a user puts beside them stays.
    fn remove_others(&self, state: &str, weights: Option<&str>) -> Result<(), Error> {
        let prefix = weights_name::prefix(&self.config.weights_name);
        let entries =
            fs::read_dir(&self.folder).map_err(|source| Error::io("read folder", &self.folder, source))?;
        for entry in entries {
            let path = entry.map_err(|source| Error::io("read folder", &self.folder, source))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let stem = name.strip_suffix(".safetensors").or_else(|| name.strip_suffix(".json"));
            let Some(stem) = stem else { continue };
            let file = format!("{stem}.safetensors");
            let is_old_state = stem.starts_with("state-") && file != state;
            let is_named = weights == Some(&file);
            let is_old_weights =
                self.weights.as_ref() == Some(&file) || (!prefix.is_empty() && stem.starts_with(prefix));
            if is_old_state || (is_old_weights && !is_named) {
                fs::remove_file(&path).map_err(|source| Error::io("remove", &path, source))?;
            }
        }
        Ok(())
    }
}

/// The tensors of a checkpoint, sorted by what they belong to.
pub(crate) struct State {
    pub(crate) model: NamedTensors,
    pub(crate) optimiser: NamedTensors,
    /// `None` where nothing was carried.
    pub(crate) carry: Option<NamedTensors>,
}

/// Reads what the folder says was last; `None` where no checkpoint was written yet.
pub(crate) fn read_last(folder: &Path) -> Result<Option<Last>, Error> {
    let path = folder.join(LAST);
    if !path.exists() {
        return Ok(None);
    }
    let last: Last = sealed::read(&path, LAST_LIMIT, REMEDY)?;
    if last.format != FORMAT {
        let problem = format!(
            "has format {}, expected {FORMAT}; continue the run with the version of the program that began it",
            last.format
        );
        return Err(Error::invalid(&path, problem));
    }
    Ok(Some(last))
}

/// Whether there is a checkpoint, readable or not.
pub(crate) fn exists(folder: &Path) -> bool {
    folder.join(LAST).exists()
}

/// The path of the weights that the folder names.
pub(crate) fn weights_of(folder: &Path) -> Result<Option<PathBuf>, Error> {
    Ok(read_last(folder)?.and_then(|last| last.weights).map(|file| folder.join(file)))
}

impl Last {
    /// Reads the tensors. `limit` is the number of bytes beyond which they cannot be this model's.
    pub(crate) fn read_state(&self, folder: &Path, limit: u64) -> Result<State, Error> {
        let path = folder.join(&self.state.file);
        let invalid = |problem: String| Error::invalid(&path, format!("{problem}; {REMEDY}"));
        if self.state.bytes > limit {
            let claimed = self.state.bytes;
            return Err(invalid(format!("has {claimed} bytes, expected at most {limit} for this model")));
        }
        let bytes = read_checked(&path, self.state.bytes, &self.state.sha256)?;
        let mut state = State {
            model: NamedTensors::new(),
            optimiser: NamedTensors::new(),
            carry: self.carries.then(NamedTensors::new),
        };
        for (name, data) in tensors::decode(&bytes).map_err(invalid)? {
            if let Some(name) = name.strip_prefix("model.") {
                state.model.insert(name.to_owned(), data);
            } else if let Some(name) = name.strip_prefix("optimiser.") {
                state.optimiser.insert(name.to_owned(), data);
            } else if let Some(carry) = &mut state.carry {
                carry.insert(name, data);
            } else {
                return Err(invalid(format!("holds tensor `{name}`, which is no part of a checkpoint")));
            }
        }
        Ok(state)
    }

    /// The path of the state file, for messages.
    pub(crate) fn state_path(&self, folder: &Path) -> PathBuf {
        folder.join(&self.state.file)
    }
}
