//! The tool that every stage of learning works with: a folder of its own, the steps that are left, and a training on
//! examples. The order of the stages is not here (`learn.rs`).

use recurrent_train::{Figures, Group, Interrupt, Outcome, RunFolder, TrainConfig, Training};
use serde::Serialize;

use crate::batches::{Examples, ReviewBatches};
use crate::ensemble::Ensemble;
use crate::error::Error;
use crate::parts::Reviews;
use crate::plan::Plan;
use crate::settings::Settings;
use crate::watcher::Watcher;

/// What is to be learnt from what, and where it is kept.
#[derive(Debug)]
#[non_exhaustive]
pub struct Lesson<'a> {
    /// What is to learn.
    pub settings: &'a Settings,
    /// How it learns.
    pub plan: &'a Plan,
    /// What it learns from.
    pub reviews: &'a Reviews,
    /// Where it is kept; a stage before the labels has a folder within it.
    pub run: &'a RunFolder,
    /// What stops it.
    pub interrupt: Interrupt,
    /// The ranks that learn it together.
    pub group: Group,
    /// The networks that it begins with, on a device with automatic differentiation; new ones where there are none.
    pub first: Option<Ensemble>,
}

impl<'a> Lesson<'a> {
    /// A lesson that nothing stops but its end.
    pub fn new(settings: &'a Settings, plan: &'a Plan, reviews: &'a Reviews, run: &'a RunFolder) -> Self {
        let (interrupt, group) = (Interrupt::default(), Group::default());
        Self { settings, plan, reviews, run, interrupt, group, first: None }
    }

    /// Begins with these networks, which are of the settings' shape.
    pub fn with_first(self, first: Option<Ensemble>) -> Self {
        Self { first, ..self }
    }

    /// Lets someone else stop it.
    pub fn with_interrupt(self, interrupt: Interrupt) -> Self {
        Self { interrupt, ..self }
    }

    /// Learns it together with other ranks, as [`Training::with_group`](recurrent_train::Training::with_group) says.
    pub fn with_group(self, group: Group) -> Self {
        Self { group, ..self }
    }

    /// Whether a rank was asked to stop. All ranks ask at the same point.
    pub(crate) fn is_interrupted(&self) -> Result<bool, Error> {
        Ok(self.group.agree(&self.interrupt.is_requested())?.contains(&true))
    }

    /// Whether a stage has been begun in its folder, which the first rank has. All ranks ask at the same point.
    pub(crate) fn has_begun(&self, folder: &RunFolder) -> Result<bool, Error> {
        Ok(self.group.first_says(folder.has_checkpoint())?)
    }

    /// A configuration with the steps that stages before have left. Whatever the limit is now, what has been learnt in the
    /// folder is not thrown away.
    pub(crate) fn with_steps_left(
        &self,
        done: u64,
        train: &TrainConfig,
        folder: &RunFolder,
    ) -> Result<TrainConfig, Error> {
        let left = self.plan.train.max_steps.map(|most| most.saturating_sub(done));
        let max_steps = if self.has_begun(folder)? { left.map(|left| left.max(1)) } else { left };
        let mut train = train.clone();
        train.max_steps = max_steps;
        Ok(train)
    }

    /// Opens the folder of a stage within the run, or creates it.
    ///
    /// # Errors
    /// It is damaged, or cannot be written.
    pub(crate) fn folder(&self, name: &str, settings: &impl Serialize) -> Result<RunFolder, Error> {
        let (path, program) = (self.run.path().join(name), self.run.program());
        if path.join("config.json").exists() {
            return Ok(RunFolder::resume::<serde_json::Value>(&path, program)?.0);
        }
        Ok(RunFolder::create(&path, program, settings)?)
    }

    /// Trains networks on examples, and judges them after each epoch on the reviews that are there to choose it by.
    ///
    /// # Errors
    /// There is no example, the loss diverges, or a file cannot be written or read.
    pub(crate) fn fit(
        &self,
        folder: &RunFolder,
        train: &TrainConfig,
        examples: &Examples,
        model: Ensemble,
        watcher: &mut impl Watcher,
    ) -> Result<Outcome<Ensemble>, Error> {
        let spec = self.plan.batches(self.plan.batch_size, &self.settings.reading, train.seed);
        let batches = ReviewBatches::new(examples, spec)?;
        let watched = self.reviews.watched();
        let (reviews, truth) = (watched.reviews(), watched.truth());
        let training = Training::new(train, &batches)
            .with_validation(|model: &Ensemble| {
                let scores = model.scores(&reviews);
                let outputs = model.outputs();
                let accuracy = outputs.accuracy(&scores, &truth);
                Ok(Figures::new(outputs.log_loss(&scores, &truth)).with_metric("accuracy", accuracy))
            })
            .in_folder(folder, self.settings.model.words())
            .with_interrupt(self.interrupt.clone())
            .with_group(self.group.clone());
        Ok(watcher.watch(folder, training).run(model)?)
    }
}
