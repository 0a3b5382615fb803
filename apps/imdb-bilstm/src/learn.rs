//! From first weights to a trained network: pre-training where the settings ask for it, then training.

use std::collections::BTreeMap;

use burn::module::Module;
use recurrent_program::Screen;
use recurrent_train::{
    End, Figures, Interrupt, Interval, MetricsFile, Outcome, ProgressBar, RunFolder, Stopped, TensorBoard,
    TrainConfig, Training,
};

use crate::batches::ReviewBatches;
use crate::data::Reviews;
use crate::judge::{Confusion, log_loss};
use crate::model::Classifier;
use crate::predict::scores;
use crate::pretraining::pretrain;
use crate::settings::Settings;
use crate::summary::PretrainingFacts;

/// What is to be learnt, and where it is kept.
pub struct Lesson<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// The reviews.
    pub reviews: &'a Reviews,
    /// Those to learn from, in batches.
    pub batches: &'a ReviewBatches<'a>,
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
}

impl Lesson<'_> {
    /// Learns, as far as the steps go; from where the run was stopped, if it was.
    ///
    /// # Errors
    /// The loss diverges, or a file cannot be written or read.
    pub fn learn(self) -> Result<Learnt, crate::Failure> {
        let device = self.settings.origin.backend.open()?.autodiff();
        let model = Classifier::new(self.settings, &device);
        let mut train = self.settings.train.clone();
        if self.settings.pretraining.epochs == 0 {
            return Ok(Learnt { outcome: self.fit(&train, model)?, pretraining: None });
        }
        let before = pretrain(&self, &device)?;
        let model = model.beginning_as(&before.model);
        let done = before.end.steps_run;
        let left = train.max_steps.map(|most| most.saturating_sub(done));
        // Whatever the limit is now, what a trained run has learnt is not thrown away.
        train.max_steps = if self.run.has_checkpoint() { left.map(|left| left.max(1)) } else { left };
        let unfinished = before.end.epochs_run < self.settings.pretraining.epochs;
        let outcome = if unfinished || train.max_steps == Some(0) {
            self.screen.note("no label has been seen yet, so that the network can only guess");
            let stopped = if unfinished { before.end.stopped } else { Stopped::Steps };
            let end = End { stopped, epochs_run: 0, ..before.end };
            Outcome { model: model.valid(), history: Vec::new(), end, weights: None }
        } else {
            self.screen.note(&format!("learning the labels: {} epochs", train.epochs));
            let mut outcome = self.fit(&train, model)?;
            outcome.end.steps_run += done;
            outcome
        };
        Ok(Learnt { outcome, pretraining: Some(before.facts) })
    }

    fn fit(self, train: &TrainConfig, model: Classifier) -> Result<Outcome<Classifier>, crate::Failure> {
        let Self { settings, reviews, batches, run, interrupt, screen } = self;
        let mut bar = ProgressBar::new(screen.progress(Interval::every(1)));
        let mut metrics = MetricsFile::new(run.metrics_file(), Interval::NEVER);
        let mut board = TensorBoard::new(run.tensorboard(), Interval::every(10));
        let (watched, labels) = (reviews.watched().reviews(), reviews.watched().labels());
        let outcome = Training::new(train, batches)
            .with_validation(|model| {
                let scores = scores(model, &watched);
                let accuracy = Confusion::of(&scores, &labels).accuracy();
                let metrics = BTreeMap::from([("accuracy".to_owned(), accuracy)]);
                Ok(Figures { loss: log_loss(&scores, &labels), metrics })
            })
            .with_observer(&mut bar)
            .with_observer(&mut metrics)
            .with_observer(&mut board)
            .in_folder(run, settings.model.words())
            .with_interrupt(interrupt)
            .run(model)?;
        Ok(outcome)
    }
}
