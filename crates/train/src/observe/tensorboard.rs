//! TensorBoard event files: scalars of steps and epochs that `tensorboard --logdir` shows.
//!
//! An event file is a sequence of framed records (`record`), each a protobuf message (`event`). Only scalars
//! are written; a resumed run writes a further file, which tells TensorBoard from where to replace the older ones.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use prost::Message;

use crate::error::Error;
use crate::files::create_folder;
use crate::observe::interval::Interval;
use crate::observe::{End, EpochRecord, Observer, Start, StepRecord};

mod event;
mod record;

use event::Event;

/// What TensorBoard knows event files by.
const PREFIX: &str = "events.out.tfevents.";

/// Writes TensorBoard event files into a folder.
///
/// | tag | when | what |
/// |---|---|---|
/// | `train/loss`, `train/learning_rate` | each epoch | mean training loss, last learning rate |
/// | `validation/loss`, `validation/NAME` | each epoch | validation loss and further figures |
/// | `step/loss`, `step/learning_rate`, `step/gradient_norm` | steps at the interval | of that step |
///
/// The horizontal axis is the step for all of them. A figure that is not finite is written as it is, and
/// TensorBoard marks it.
#[derive(Debug)]
pub struct TensorBoard {
    folder: PathBuf,
    steps: Interval,
    open: Option<(PathBuf, File)>,
}

impl TensorBoard {
    /// Will write to `folder`, which is made where it is missing, with the scalars of each step that `steps` makes due.
    pub fn new(folder: impl Into<PathBuf>, steps: Interval) -> Self {
        Self { folder: folder.into(), steps, open: None }
    }

    fn write(&mut self, events: &[Event]) -> Result<(), Error> {
        let Some((path, file)) = &mut self.open else {
            return Err(Error::Observer(format!(
                "{}: a record came before the start of the run",
                self.folder.display()
            )));
        };
        let bytes: Vec<u8> = events.iter().flat_map(|event| record::frame(&event.encode_to_vec())).collect();
        file.write_all(&bytes).map_err(|source| Error::io("write", path, source))
    }
}

impl Observer for TensorBoard {
    fn on_start(&mut self, start: &Start) -> Result<(), Error> {
        create_folder(&self.folder)?;
        let path = self.folder.join(next_name(&self.folder)?);
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let file = file.map_err(|source| Error::io("write", &path, source))?;
        self.open = Some((path, file));
        let now = seconds_since_epoch();
        // TensorBoard drops what earlier files hold from the step of this second event on.
        let restart = i64::try_from(start.steps_done).unwrap_or(i64::MAX).saturating_add(1);
        self.write(&[Event::version(now), Event::restart(now, restart)])
    }

    fn on_step(&mut self, step: &StepRecord) -> Result<(), Error> {
        if !self.steps.is_due(step.step) {
            return Ok(());
        }
        let mut scalars = vec![("step/loss", step.loss), ("step/learning_rate", step.learning_rate)];
        scalars.extend(step.gradient_norm.map(|norm| ("step/gradient_norm", norm)));
        self.write(&[Event::scalars(seconds_since_epoch(), step.step, scalars)])
    }

    fn on_epoch(&mut self, epoch: &EpochRecord) -> Result<(), Error> {
        let mut scalars = vec![
            ("train/loss".to_owned(), epoch.train_loss),
            ("train/learning_rate".to_owned(), epoch.learning_rate),
        ];
        scalars.extend(epoch.validation_loss.map(|loss| ("validation/loss".to_owned(), loss)));
        scalars.extend(epoch.metrics.iter().map(|(name, value)| (format!("validation/{name}"), *value)));
        self.write(&[Event::scalars(seconds_since_epoch(), epoch.step, scalars)])
    }

    fn on_end(&mut self, _end: &End) -> Result<(), Error> {
        let Some((path, file)) = self.open.take() else { return Ok(()) };
        file.sync_all().map_err(|source| Error::io("write", &path, source))
    }
}

/// A name that sorts behind those of the folder, because TensorBoard reads event files in the order of their
/// names: the second in which the run started, or the one after the latest name's.
fn next_name(folder: &Path) -> Result<String, Error> {
    let unreadable = |source| Error::io("read folder", folder, source);
    let mut second = seconds_since_epoch() as u64;
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        let taken =
            name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('.').next()?.parse::<u64>().ok());
        // Ten digits until the year 2286; a name from a stranger beyond that is no reason to follow it.
        if let Some(taken) = taken.filter(|taken| (second..10_000_000_000 - 1).contains(taken)) {
            second = taken + 1;
        }
    }
    Ok(format!("{PREFIX}{second:010}.recurrent.{}.v2", std::process::id()))
}

fn seconds_since_epoch() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

#[cfg(test)]
mod tests;
