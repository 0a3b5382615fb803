//! Checkpoints: all that a run needs to go on as if it had never stopped.
//!
//! A checkpoint is several files and must be whole or not at all, so one of them decides: `last.json` names
//! the others with their checksums, and takes its predecessor's place by a rename once they are on the
//! disk. Only then is what it no longer names removed. A kill at any moment leaves a `last.json` whose files
//! all exist.
//!
//! Removed are files whose exact names were written before: those of the checkpoint that is replaced, and those that a killed
//! process was about to write, which it noted in `pending.json` first. Whatever else lies in the folder is the user's.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use burn::module::Module;
use serde::{Deserialize, Serialize};

use crate::config::stopping::Best;
use crate::config::{Every, TrainConfig};
use crate::error::Error;
use crate::files::{sha256_hex, write_whole};
use crate::observe::{EpochRecord, Stopped};
use crate::optimise::Optimisation;
use crate::sealed;
use crate::weights::parameters;
use crate::weights::tensors;
use crate::weights::{Description, description_path, read_checked, save_model};
use recurrent_backend::NamedTensors;

const FORMAT: u32 = 2;
const LAST: &str = "last.json";
const LAST_LIMIT: u64 = 256 << 20;
const PENDING: &str = "pending.json";
const PENDING_LIMIT: u64 = 1 << 20;
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
pub(crate) struct Snapshot<'a, M> {
    pub(crate) model: &'a M,
    pub(crate) optimisation: &'a Optimisation,
    /// What is carried, under its names; `None` where nothing is.
    pub(crate) carry: Option<NamedTensors>,
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
    /// What a process that was killed was about to write.
    pending: Vec<String>,
}

/// What `pending.json` holds.
#[derive(Default, Serialize, Deserialize)]
struct Pending {
    files: Vec<String>,
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
        // A note that is damaged names nothing to remove, and what it named stays as the user's own files do.
        let pending = sealed::read::<Pending>(&folder.join(PENDING), PENDING_LIMIT, REMEDY);
        let pending = pending.unwrap_or_default().files.into_iter().filter(|name| is_plain(name)).collect();
        Self {
            folder,
            program,
            config,
            steps_per_epoch,
            written: Instant::now(),
            cost: Duration::ZERO,
            state: last.map(|last| (last.progress.step, last.state.clone())),
            weights: last.and_then(|last| last.weights.clone()),
            pending,
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
    pub(crate) fn write<M: Module>(&mut self, snapshot: Snapshot<'_, M>) -> Result<(), Error> {
        let start = Instant::now();
        let parameters = parameters::parameters(snapshot.model);
        if parameters::first_not_finite(&parameters).is_some() {
            // A checkpoint of such weights would replace one that the run can be saved with.
            return Err(Error::Diverged("the weights are no longer finite".to_owned()));
        }
        self.note_pending(&snapshot)?;
        let weights = self.write_weights(&snapshot)?;
        let state = self.write_state(&snapshot, parameters)?;
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
        self.remove_replaced(&state.file, weights.as_deref())?;
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

    fn write_weights<M: Module>(&self, snapshot: &Snapshot<'_, M>) -> Result<Option<String>, Error> {
        let Some((model, name, description)) = &snapshot.weights else { return Ok(self.weights.clone()) };
        let file = format!("{name}.safetensors");
        if self.weights.as_ref() != Some(&file) {
            save_model(*model, &self.folder.join(&file), description)?;
        }
        Ok(Some(file))
    }

    /// The state of a step is the same however often it is written, so it is written once.
    fn write_state<M: Module>(
        &self,
        snapshot: &Snapshot<'_, M>,
        parameters: NamedTensors,
    ) -> Result<StateFile, Error> {
        let step = snapshot.progress.step;
        if let Some((_, state)) = self.state.as_ref().filter(|(written, _)| *written == step) {
            return Ok(state.clone());
        }
        let file = state_name(step);
        let path = self.folder.join(&file);
        let invalid = |problem| Error::invalid(&path, problem);
        let mut all = NamedTensors::new();
        all.extend(parameters.into_iter().map(|(name, data)| (format!("model.{name}"), data)));
        let state = snapshot.optimisation.to_tensors().map_err(invalid)?;
        all.extend(state.into_iter().map(|(name, data)| (format!("optimiser.{name}"), data)));
        all.extend(snapshot.carry.iter().flatten().map(|(name, data)| (name.clone(), data.clone())));
        let bytes = tensors::encode(&all).map_err(invalid)?;
        write_whole(&path, &bytes)?;
        Ok(StateFile { file, bytes: bytes.len() as u64, sha256: sha256_hex(&bytes) })
    }

    /// The files of the last checkpoint.
    fn replaced(&self) -> Vec<String> {
        let state = self.state.iter().map(|(_, state)| state.file.clone());
        state.chain(self.weights.iter().flat_map(|file| both(file))).collect()
    }

    /// Notes the names that are about to be written and those that are about to be replaced: should this process be killed
    /// before it has removed what `last.json` does not name, the next one can.
    fn note_pending<M>(&mut self, snapshot: &Snapshot<'_, M>) -> Result<(), Error> {
        self.pending.extend(self.replaced());
        self.pending.push(state_name(snapshot.progress.step));
        if let Some((_, name, _)) = &snapshot.weights {
            self.pending.extend(both(&format!("{name}.safetensors")));
        }
        self.pending.sort_unstable();
        self.pending.dedup();
        sealed::write(&self.folder.join(PENDING), &Pending { files: self.pending.clone() })
    }

    /// Removes what the checkpoint replaces, and what a killed process wrote but did not name. Only files of the exact names
    /// that were written before: what a user puts beside them stays.
    fn remove_replaced(&mut self, state: &str, weights: Option<&str>) -> Result<(), Error> {
        let named: Vec<String> = weights.into_iter().flat_map(both).chain([state.to_owned()]).collect();
        for name in self.pending.drain(..).filter(|name| !named.contains(name)) {
            remove(&self.folder.join(name))?;
        }
        remove(&self.folder.join(PENDING))
    }
}

fn state_name(step: u64) -> String {
    format!("state-{step}.safetensors")
}

/// The weights' file and the description beside it.
fn both(weights: &str) -> [String; 2] {
    let description = description_path(Path::new(weights));
    [weights.to_owned(), description.to_string_lossy().into_owned()]
}

/// Whether it names a file of the folder itself, whatever a note says.
fn is_plain(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|file| file == name) && name != LAST
}

/// Removes a file, where it is there.
fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("remove", path, source))
        }
        _ => Ok(()),
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
    /// The names of its files that are there; `last.json`, which names the others, comes last.
    pub(crate) fn files(&self, folder: &Path) -> Vec<String> {
        let weights = self.weights.iter().flat_map(|file| both(file));
        let named = weights.chain([self.state.file.clone(), LAST.to_owned()]);
        named.filter(|name| folder.join(name).exists()).collect()
    }

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
