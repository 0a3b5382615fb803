//! From first weights to a trained network: pre-training and a teacher where the settings ask for them, then training.

use std::collections::BTreeMap;

use burn::module::Module;
use recurrent_program::{Screen, Unusable};
use recurrent_train::{
    End, Figures, Interrupt, Interval, MetricsFile, Outcome, ProgressBar, RunFolder, Stopped, TensorBoard,
    TrainConfig, Training, counted,
};
use serde::Serialize;

use crate::PROGRAM;
use crate::batches::{Examples, ReviewBatches};
use crate::data::Reviews;
use crate::judge::{Confusion, log_loss};
use crate::model::Classifier;
use crate::predict::scores;
use crate::pretraining::pretrain;
use crate::settings::Settings;
use crate::summary::{PretrainingFacts, TeacherFacts};
use crate::teacher;

/// What is to be learnt, and where it is kept.
pub struct Lesson<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// The reviews.
    pub reviews: &'a Reviews,
    /// The run.
    pub run: &'a RunFolder,
    /// What stops it.
    pub interrupt: Interrupt,
    /// What is shown.
    pub screen: &'a Screen,
}

/// What has been learnt.
pub struct Learnt {
    /// The network, and how its training went.
    pub outcome: Outcome<Classifier>,
    /// How pre-training went, where there was any.
    pub pretraining: Option<PretrainingFacts>,
    /// How the teacher's training went, where there was one.
    pub teacher: Option<TeacherFacts>,
}

impl Learnt {
    /// A network whose training has not begun, because what comes before was stopped.
    fn not_begun(model: &Classifier, end: End) -> Self {
        let outcome = Outcome {
            model: model.valid(),
            history: Vec::new(),
            end: End { epochs_run: 0, best_epoch: None, best_loss: None, ..end },
            weights: None,
        };
        Self { outcome, pretraining: None, teacher: None }
    }
}

impl Lesson<'_> {
    /// Learns, as far as the steps go; from where the run was stopped, if it was.
    ///
    /// # Errors
    /// The loss diverges, or a file cannot be written or read.
    pub fn learn(&self) -> Result<Learnt, crate::Failure> {
        let Self { settings, reviews, screen, .. } = self;
        let device = settings.origin.backend.open()?.autodiff();
        let mut model = Classifier::new(settings, &device);
        let mut examples = Examples::labelled(&reviews.learn());
        let (mut pretraining, mut teacher) = (None, None);
        let mut done = 0;

        if settings.pretraining.epochs > 0 {
            let before = pretrain(self, &device)?;
            model = model.beginning_as(&before.model);
            pretraining = Some(before.facts);
            done += before.end.steps_run;
            let finished = before.end.epochs_run >= settings.pretraining.epochs;
            let begun =
                self.run.has_checkpoint() || (settings.teacher_epochs > 0 && teacher::has_begun(self.run));
            if let Some(end) = self.end_before_next(begun, finished, done, &before.end) {
                screen.note("no label has been seen yet, so that the network can only guess");
                return Ok(Learnt { pretraining, ..Learnt::not_begun(&model, end) });
            }
        }
        if settings.teacher_epochs > 0 {
            let taught = teacher::teach(self, &examples, model.clone(), done)?;
            teacher = Some(taught.facts);
            done += taught.end.steps_run;
            let finished = taught.examples.is_some();
            examples = examples.and(taught.examples.unwrap_or_default());
            if let Some(end) = self.end_before_next(self.run.has_checkpoint(), finished, done, &taught.end) {
                screen.note("only the teacher has learnt yet, so that the network can only guess");
                return Ok(Learnt { pretraining, teacher, ..Learnt::not_begun(&model, end) });
            }
        }
        let train = self.with_steps_left(done, &settings.train, self.run);
        if done > 0 {
            screen.note(&format!("learning the labels: {}", counted(train.epochs, "epoch")));
        }
        let mut outcome = self.fit(self.run, settings, &train, &examples, model)?;
        outcome.end.steps_run += done;
        Ok(Learnt { outcome, pretraining, teacher })
    }

    /// How the run ends after one of its parts, where it does not go on to the next: the part was broken off, or took all steps,
    /// or the user asks for an end. What has `begun` already after it is gone on with, whatever the limit is now.
    fn end_before_next(&self, begun: bool, finished: bool, done: u64, end: &End) -> Option<End> {
        let none_left = self.settings.train.max_steps.is_some_and(|most| most <= done);
        let interrupted = self.interrupt.is_requested();
        let stopped = match (finished, interrupted) {
            (false, _) => end.stopped,
            (true, true) => Stopped::Interrupted,
            (true, false) => Stopped::Steps,
        };
        let ends = !finished || (!begun && (none_left || interrupted));
        ends.then_some(End { stopped, steps_run: done, ..*end })
    }

    /// A configuration with the steps that others before have left. Whatever the limit is now, what has been learnt in the
    /// folder is not thrown away.
    pub fn with_steps_left(&self, done: u64, train: &TrainConfig, folder: &RunFolder) -> TrainConfig {
        let left = self.settings.train.max_steps.map(|most| most.saturating_sub(done));
        let max_steps = if folder.has_checkpoint() { left.map(|left| left.max(1)) } else { left };
        TrainConfig { max_steps, ..train.clone() }
    }

    /// Opens the folder of a part of the run, or creates it.
    ///
    /// # Errors
    /// It is damaged, or cannot be written.
    pub fn folder(&self, name: &str, settings: &impl Serialize) -> Result<RunFolder, crate::Failure> {
        let path = self.run.path().join(name);
        if path.join("config.json").exists() {
            return Ok(RunFolder::resume::<serde_json::Value>(&path, PROGRAM)?.0);
        }
        Ok(RunFolder::create(&path, PROGRAM, settings)?)
    }

    /// Trains a network on examples, and watches the reviews that are there to choose the epoch by.
    ///
    /// # Errors
    /// There is no example, the loss diverges, or a file cannot be written or read.
    pub fn fit(
        &self,
        folder: &RunFolder,
        settings: &Settings,
        train: &TrainConfig,
        examples: &Examples,
        model: Classifier,
    ) -> Result<Outcome<Classifier>, crate::Failure> {
        let batches = ReviewBatches::new(examples, settings)
            .map_err(|reason| Unusable::because(&settings.origin.source, reason))?;
        let mut bar = ProgressBar::new(self.screen.progress(Interval::every(1)));
        let mut metrics = MetricsFile::new(folder.metrics_file(), Interval::NEVER);
        let mut board = TensorBoard::new(folder.tensorboard(), Interval::every(10));
        let (watched, labels) = (self.reviews.watched().reviews(), self.reviews.watched().labels());
        let outcome = Training::new(train, &batches)
            .with_validation(|model| {
                let scores = scores(model, &watched);
                let accuracy = Confusion::of(&scores, &labels).accuracy();
                let metrics = BTreeMap::from([("accuracy".to_owned(), accuracy)]);
                Ok(Figures { loss: log_loss(&scores, &labels), metrics })
            })
            .with_observer(&mut bar)
            .with_observer(&mut metrics)
            .with_observer(&mut board)
            .in_folder(folder, settings.model.words())
            .with_interrupt(self.interrupt.clone())
            .run(model)?;
        Ok(outcome)
    }
}

/// How many reviews the training itself learns from: those with a label, and those that a teacher labels.
pub fn reviews_of_training(settings: &Settings, reviews: &Reviews) -> usize {
    let taught = if settings.teacher_epochs > 0 { reviews.data.unlabelled.len() } else { 0 };
    reviews.learn().len() + taught
}
