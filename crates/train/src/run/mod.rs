//! The folder of a run: what it holds under which names, and who may write to it.

pub(crate) mod carried;
pub(crate) mod checkpoint;
pub(crate) mod handed_on;
pub(crate) mod range;
pub(crate) mod resume;
pub(crate) mod settings;

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, FolderProblem};
use crate::files::{create_folder, read_limited, remove_leftovers, write_whole};
use crate::run::settings::{Setting, flat};

const CONFIG: &str = "config.json";
const LOCK: &str = ".lock";
const CHECKPOINTS: &str = "checkpoints";
const CONFIG_LIMIT: u64 = 16 << 20;

/// A run's folder. While the value lives, no other process can train in the folder.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    program: String,
    /// Held, never read. `None` for a folder that is only read.
    _lock: Option<Lock>,
}

/// A lock that the operating system frees however the process ends.
#[derive(Debug)]
struct Lock(File);

impl Drop for Lock {
    /// Closing the file is not enough while a process that was just started still has it open as well.
    fn drop(&mut self) {
        let _ = self.0.unlock();
    }
}

impl RunFolder {
    /// Creates the folder of a new run and writes the program's name and settings into it.
    ///
    /// # Errors
    /// The folder exists and holds something, or cannot be written.
    pub fn create(path: &Path, program: &str, settings: &impl Serialize) -> Result<Self, Error> {
        if path.exists() && !path.is_dir() {
            return Err(Error::folder(path, FolderProblem::IsFile));
        }
        if path.is_dir() {
            refuse_content(path)?;
        }
        create_folder(path)?;
        let lock = lock(path)?;
        remove_leftovers(path)?;
        let run = Self { path: path.to_owned(), program: program.to_owned(), _lock: Some(lock) };
        run.write_settings(settings)?;
        create_folder(&run.checkpoints())?;
        Ok(run)
    }

    /// Writes the program's name and settings, in place of those that are there: what a continued run does when
    /// it is to take longer than it was begun to.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_settings(&self, settings: &impl Serialize) -> Result<(), Error> {
        let unwritable = |error: serde_json::Error| {
            Error::Setting(format!("the settings cannot be written as JSON: {error}"))
        };
        let settings = serde_json::to_value(settings).map_err(unwritable)?;
        let config = Config { program: self.program.clone(), settings };
        let text = serde_json::to_string_pretty(&config).map_err(unwritable)? + "\n";
        write_whole(&self.config_file(), text.as_bytes())
    }

    /// Opens the folder of a run of the same program to continue it; returns its settings too.
    ///
    /// # Errors
    /// There is no run of the program in the folder, another process is training it, or the folder cannot be
    /// written.
    pub fn resume<S: DeserializeOwned>(path: &Path, program: &str) -> Result<(Self, S), Error> {
        let (mut run, settings) = Self::open(path, program)?;
        run._lock = Some(lock(path)?);
        remove_leftovers(path)?;
        create_folder(&run.checkpoints())?;
        remove_leftovers(&run.checkpoints())?;
        Ok((run, settings))
    }

    /// Opens the folder of a run of the same program to read from it; returns its settings too.
    ///
    /// # Errors
    /// There is no run of the program in the folder.
    pub fn open<S: DeserializeOwned>(path: &Path, program: &str) -> Result<(Self, S), Error> {
        let (run, settings) = Self::read(path)?;
        if run.program != program {
            let problem = format!(
                "is a run of `{}`, expected one of `{program}`; open it with the program that made it",
                run.program
            );
            return Err(Error::invalid(path, problem));
        }
        let settings =
            serde_json::from_value(settings).map_err(|error| unreadable(&run.config_file(), &error))?;
        Ok((run, settings))
    }

    /// Opens the folder of a run of any program to read from it; returns its settings too, or as much of them as is wanted.
    ///
    /// # Errors
    /// There is no run in the folder, or its settings lack what is wanted.
    pub fn read<S: DeserializeOwned>(path: &Path) -> Result<(Self, S), Error> {
        let file = path.join(CONFIG);
        if !path.is_dir() {
            return Err(Error::invalid(path, "is no folder, expected that of a run; check the path"));
        }
        if !file.exists() {
            let problem = format!("holds no {CONFIG}, so it is no run's folder; check the path");
            return Err(Error::invalid(path, problem));
        }
        let bytes = read_limited(&file, CONFIG_LIMIT)?;
        let unreadable = |error| unreadable(&file, &error);
        let config: Config = serde_json::from_slice(&bytes).map_err(unreadable)?;
        let settings = serde_json::from_value(config.settings).map_err(unreadable)?;
        Ok((Self { path: path.to_owned(), program: config.program, _lock: None }, settings))
    }

    /// Reads the run's settings as one list, each under the path that leads to it: `train.learning_rate`.
    ///
    /// # Errors
    /// The file of the settings is gone or damaged.
    pub fn settings(&self) -> Result<BTreeMap<String, Setting>, Error> {
        Ok(flat(&Self::read(&self.path)?.1))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The program that made the run.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// The program's name and the run's settings.
    pub fn config_file(&self) -> PathBuf {
        self.path.join(CONFIG)
    }

    /// One JSON line a step or epoch.
    pub fn metrics_file(&self) -> PathBuf {
        self.path.join("metrics.jsonl")
    }

    /// The folder of weights and of what resuming needs.
    pub fn checkpoints(&self) -> PathBuf {
        self.path.join(CHECKPOINTS)
    }

    /// The folder of TensorBoard's event files.
    pub fn tensorboard(&self) -> PathBuf {
        self.path.join("tensorboard")
    }

    /// The folder of plots.
    pub fn plots(&self) -> PathBuf {
        self.path.join("plots")
    }

    /// The folder of what the model generated while training.
    pub fn samples(&self) -> PathBuf {
        self.path.join("samples")
    }

    /// The figures of the finished run.
    pub fn summary_file(&self) -> PathBuf {
        self.path.join("summary.json")
    }

    /// The page that shows the whole run.
    pub fn report_file(&self) -> PathBuf {
        self.path.join("report.html")
    }

    /// The one file that the run's model ships as.
    pub fn model_file(&self) -> PathBuf {
        self.path.join("model.safetensors")
    }

    /// Whether another process is training the run at this moment, as far as the file system knows of locks.
    pub fn is_being_trained(&self) -> bool {
        let lock = self._lock.is_none().then(|| File::open(self.path.join(LOCK)).ok()).flatten();
        lock.is_some_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Whether the run has a checkpoint to go on from.
    pub fn has_checkpoint(&self) -> bool {
        checkpoint::exists(&self.checkpoints())
    }

    /// The run's weights: those of the best epoch so far where a loss is watched, else those at the end.
    ///
    /// # Errors
    /// The run has none yet, or what says which they are is damaged.
    pub fn weights_file(&self) -> Result<PathBuf, Error> {
        let weights = checkpoint::weights_of(&self.checkpoints())?;
        weights.ok_or_else(|| {
            let trained = self.is_being_trained();
            let problem = if trained { FolderProblem::NoWeightsYet } else { FolderProblem::NoWeights };
            Error::folder(&self.path, problem)
        })
    }
}

fn unreadable(file: &Path, error: &serde_json::Error) -> Error {
    Error::invalid(file, format!("does not hold a run's settings: {error}; start a new run"))
}

#[derive(Serialize, Deserialize)]
#[serde(expecting = "an object with `program` and `settings`")]
struct Config {
    program: String,
    settings: serde_json::Value,
}

/// A run that was killed before it wrote its settings leaves an empty folder with a lock in it, or a
/// temporary file; both are nothing.
fn refuse_content(path: &Path) -> Result<(), Error> {
    let lock = lock(path)?;
    remove_leftovers(path)?;
    drop(lock);
    let entries = fs::read_dir(path).map_err(|source| Error::io("read folder", path, source))?;
    for entry in entries {
        let entry = entry.map_err(|source| Error::io("read folder", path, source))?;
        if entry.file_name() != LOCK {
            let other = entry.file_name().display().to_string();
            let holds_run = path.join(CONFIG).exists();
            let problem = if holds_run { FolderProblem::HoldsRun } else { FolderProblem::NotEmpty(other) };
            return Err(Error::folder(path, problem));
        }
    }
    Ok(())
}

fn lock(path: &Path) -> Result<Lock, Error> {
    let file = path.join(LOCK);
    let lock = File::create(&file).map_err(|source| Error::io("write", &file, source))?;
    match lock.try_lock() {
        Ok(()) => Ok(Lock(lock)),
        Err(TryLockError::WouldBlock) => Err(Error::folder(path, FolderProblem::Busy)),
        // Some network file systems know no locks; a run is possible there, without this protection.
        Err(TryLockError::Error(source)) if source.kind() == std::io::ErrorKind::Unsupported => {
            Ok(Lock(lock))
        }
        Err(TryLockError::Error(source)) => Err(Error::io("lock", &file, source)),
    }
}
