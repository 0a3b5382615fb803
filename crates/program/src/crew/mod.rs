//! Those who do one training: this process alone, or the ranks that a launcher has started, and the user who may stop them.

mod alike;
mod join;
pub(crate) mod launched;

use std::path::{Path, PathBuf};

use recurrent_train::{Group, Interrupt, RunFolder, Stopped};
use serde::{Serialize, de::DeserializeOwned};
use tempfile::TempDir;

use crate::interrupt::stop_on_ctrl_c;
use crate::{Failure, WrongUsage, new_folder};
pub use alike::Unlike;
pub use join::Apart;

/// A training as its process sees it: who takes part, and who may stop it.
#[derive(Debug)]
pub struct Crew {
    /// The user's wish to stop.
    pub interrupt: Interrupt,
    /// The processes that take part; the first has the run's folder and the screen.
    pub group: Group,
    /// The folder of a rank that is not the first.
    scratch: Option<TempDir>,
}

/// The failure of a rank that the first one tells.
#[derive(Debug, thiserror::Error)]
#[error("the first rank says what has failed")]
pub(crate) struct Told {
    /// Whether it was wrong usage.
    pub(crate) wrong_usage: bool,
}

/// Does a training together with the other processes that a launcher has started, where it has; the first Ctrl-C finishes the step,
/// saves and ends, a second one ends at once. The failure of one rank ends all, and the first one tells it.
///
/// # Errors
/// The processes do not find together, the system refuses a handler or a folder, or the work fails.
pub fn together(work: impl FnOnce(&Crew) -> Result<Stopped, Failure>) -> Result<Stopped, Failure> {
    let joined = join::join().and_then(|group| {
        let done = Crew::new(group.clone()).and_then(|crew| work(&crew));
        let done = done.and_then(|stopped| Ok(group.leave().map(|()| stopped)?));
        if let Err(error) = &done {
            group.fail(&**error);
        }
        done
    });
    joined.map_err(|error| {
        let told = Told { wrong_usage: error.is::<WrongUsage>() };
        if launched::Launched::is_silent() { told.into() } else { error }
    })
}

impl Crew {
    fn new(group: Group) -> Result<Self, Failure> {
        let scratch = if group.is_first() { None } else { Some(tempfile::tempdir()?) };
        Ok(Self { interrupt: stop_on_ctrl_c()?, group, scratch })
    }

    /// Opens the folder of the run to go on with, and reads its settings, which the others get from the first rank.
    pub(crate) fn resume<S: Serialize + DeserializeOwned>(
        &self,
        folder: &Path,
        program: &str,
    ) -> Result<(RunFolder, S), Failure> {
        let Some(scratch) = &self.scratch else {
            let (run, settings) = RunFolder::resume::<S>(folder, program)?;
            return Ok((run, self.group.first_says(Some(settings))?.ok_or("no settings")?));
        };
        let settings = self.group.first_says(None::<S>)?.ok_or("the first rank has no settings")?;
        Ok((RunFolder::create(&scratch.path().join("run"), program, &settings)?, settings))
    }

    /// Where a new run goes: on the first rank, where it was asked to.
    pub(crate) fn new_folder(&self, program: &str, asked: Option<&Path>) -> Result<PathBuf, Failure> {
        match &self.scratch {
            None => Ok(new_folder(program, asked)?),
            Some(scratch) => Ok(scratch.path().join("run")),
        }
    }

    /// Refuses fewer shards than there are ranks to share them.
    pub(crate) fn check_shards(&self, shards: usize) -> Result<(), WrongUsage> {
        let count = self.group.count();
        if count <= shards {
            return Ok(());
        }
        Err(WrongUsage::Contradiction(format!(
            "{count} processes cannot share batches of {shards} shard{}; give `--shards {count}` or more, or start fewer of them",
            if shards == 1 { "" } else { "s" }
        )))
    }

    /// Refuses ranks that are another program or are about to do another run.
    pub(crate) fn check_alike(&self, program: &str, settings: &impl Serialize) -> Result<(), Failure> {
        alike::check(&self.group, program, settings)
    }

    /// The same without the others, for what the first rank does when they have parted.
    pub fn alone(&self) -> Self {
        Self { interrupt: self.interrupt.clone(), group: Group::default(), scratch: None }
    }

    /// Parts from the other ranks when all is learnt. Returns whether this one goes on, to judge and to report: the first one does.
    ///
    /// # Errors
    /// A rank has failed.
    pub fn part(&self) -> Result<bool, Failure> {
        self.group.leave()?;
        Ok(self.group.is_first())
    }
}
