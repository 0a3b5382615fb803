//! How a run begins or goes on, whatever it trains: from the options to a folder with its settings in it.

use std::path::Path;

use recurrent_backend::{BackendKind, Seed};
use recurrent_train::{RunFolder, TrainConfig, Watched};
use serde::{Serialize, de::DeserializeOwned};

use crate::flags::{DEFAULT_SEED, ScheduleKind, TrainingFlags, UpdateFlags, set};
use crate::{Crew, Failure, Origin, OutOfRange, Unfit, WrongUsage, refuse_fallen_rate};

/// The settings of a run, with what those of every program have.
pub trait RunSettings: Serialize + DeserializeOwned {
    /// What every program's settings have.
    fn common(&mut self) -> CommonSettings<'_>;

    /// Checks what the command line guards and an edited `file` does not.
    ///
    /// # Errors
    /// A number is out of its range.
    fn check(&self, file: &Path) -> Result<(), OutOfRange>;
}

/// What every program's settings have.
#[derive(Debug)]
pub struct CommonSettings<'a> {
    /// The backend and the data.
    pub origin: &'a mut Origin,
    /// Samples in a batch.
    pub batch_size: &'a mut usize,
    /// How the learning rate goes on; the training has the same with its steps.
    pub schedule: &'a mut ScheduleKind,
    /// Steps over which the learning rate grows first.
    pub warmup: &'a mut u64,
    /// The training.
    pub train: &'a mut TrainConfig,
}

impl CommonSettings<'_> {
    /// Overrides a preset's settings by what the command line says.
    ///
    /// # Errors
    /// An option changes nothing beside the others.
    pub fn override_by(self, training: &TrainingFlags, updates: &UpdateFlags) -> Result<(), WrongUsage> {
        self.train.seed = Seed(training.seed.unwrap_or(DEFAULT_SEED));
        set(self.batch_size, training.batch_size);
        set(&mut self.train.shards, training.shards);
        set(self.schedule, updates.schedule);
        set(self.warmup, updates.warmup);
        extend(self.train, training);
        updates.apply(self.train, Watched::ValidationLoss)
    }
}

/// Sets how long a run is: the one thing that may change when it is continued.
fn extend(train: &mut TrainConfig, training: &TrainingFlags) {
    set(&mut train.epochs, training.epochs);
    train.max_steps = training.max_steps.or(train.max_steps);
}

/// Opens a run to go on with it, as long as the command line asks, on the backend and the data that it began with.
///
/// # Errors
/// There is no run of the program in the folder, its settings are out of range, another backend was asked for, or its data is
/// gone.
pub fn resume_run<S: RunSettings>(
    program: &str,
    folder: &Path,
    training: &TrainingFlags,
    backend: Option<BackendKind>,
    crew: &Crew,
) -> Result<(RunFolder, S), Failure> {
    let (run, mut settings) = crew.resume::<S>(folder, program)?;
    check(&mut settings, &run)?;
    let common = settings.common();
    common.origin.keep_backend(backend)?;
    extend(common.train, training);
    common.origin.find_data(&training.data)?;
    Ok((run, settings))
}

/// Opens a run to read from it.
///
/// # Errors
/// There is no run of the program in the folder, or its settings are out of range.
pub fn open_run<S: RunSettings>(program: &str, folder: &Path) -> Result<(RunFolder, S), Failure> {
    let (run, mut settings) = RunFolder::open::<S>(folder, program)?;
    check(&mut settings, &run)?;
    Ok((run, settings))
}

/// Checks the settings that a run's file holds.
fn check<S: RunSettings>(settings: &mut S, run: &RunFolder) -> Result<(), Failure> {
    let file = run.config_file();
    settings.check(&file)?;
    Ok(settings.common().train.validate().map_err(|problem| Unfit { file, problem })?)
}

/// Writes the settings of a run into its folder: of a new one, whose schedule gets its steps first, or of one that goes on.
///
/// # Errors
/// The run would go on at a learning rate of nothing, the folder cannot be written, or another rank of the crew is about to do another
/// run.
pub fn begin_run<S: RunSettings>(
    program: &str,
    run: Option<RunFolder>,
    settings: &mut S,
    training: &TrainingFlags,
    steps_per_epoch: usize,
    crew: &Crew,
) -> Result<RunFolder, Failure> {
    crew.check_shards(settings.common().train.shards)?;
    crew.check_alike(program, settings)?;
    let CommonSettings { schedule, warmup, train, .. } = settings.common();
    match run {
        Some(run) => {
            refuse_fallen_rate(train, steps_per_epoch)?;
            // What was extended stays so, however often the run is stopped from now on.
            run.write_settings(settings)?;
            Ok(run)
        }
        None => {
            train.schedule = schedule.over((train.epochs * steps_per_epoch) as u64, *warmup);
            Ok(RunFolder::create(&crew.new_folder(program, training.run.as_deref())?, program, settings)?)
        }
    }
}
