//! From first weights to a trained network, in stages: pre-training and a teacher where the plan asks for them, then the labels.

use burn::module::Module;
use burn::tensor::Device;
use recurrent_report::counted;
use recurrent_train::{End, Outcome, Stopped};
use serde::{Deserialize, Serialize};

use crate::batches::Examples;
use crate::ensemble::Ensemble;
use crate::error::Error;
use crate::lesson::Lesson;
use crate::outputs::Outputs;
use crate::pretraining::{PretrainingFacts, pretrain};
use crate::teacher::{self, TeacherFacts, teach};
use crate::watcher::Watcher;

/// What has been learnt.
#[derive(Debug)]
#[non_exhaustive]
pub struct Learnt {
    /// The networks, without automatic differentiation, and how their training went.
    pub outcome: Outcome<Ensemble>,
    /// How the stages before it went.
    pub before: Before,
}

/// How the stages went that come before the labels are learnt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Before {
    /// What the network learnt before it saw a label; absent where it began with nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pretraining: Option<PretrainingFacts>,
    /// How the teacher learnt that labelled the reviews without a label; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teacher: Option<TeacherFacts>,
}

/// Learns on a device, without automatic differentiation as it is opened, as far as the steps go; from where the run was
/// stopped, if it was. The result equals that of a run that was never stopped.
///
/// # Errors
/// The loss diverges, or a file cannot be written or read.
pub fn learn(lesson: &Lesson<'_>, device: &Device, watcher: &mut impl Watcher) -> Result<Learnt, Error> {
    let Lesson { settings, plan, reviews, run, .. } = lesson;
    let begin = || Ensemble::new(settings, plan.train.seed, &device.clone().autodiff());
    let mut model = lesson.first.clone().unwrap_or_else(begin);
    let mut examples = Examples::labelled(&reviews.learn(), Outputs::of(&settings.classes));
    let mut stages = Stages { lesson, done: 0, before: Before::default() };

    if plan.pretraining.epochs > 0 {
        let before = pretrain(lesson, &model.members[0], watcher)?;
        model = model.beginning_as(&before.model.embedding, &before.model.layer);
        stages.before.pretraining = Some(before.facts);
        let finished = before.end.epochs_run >= plan.pretraining.epochs;
        let begun = lesson.has_begun(run)? || (plan.teacher.is_some() && teacher::has_begun(lesson)?);
        if let Some(end) = stages.end_after(&before.end, finished, begun)? {
            watcher.note("no label has been seen yet, so that the network can only guess");
            return Ok(stages.not_begun(&model, end));
        }
    }
    if let Some(teacher) = &plan.teacher {
        let taught = teach(lesson, teacher, &examples, model.clone(), stages.done, watcher)?;
        stages.before.teacher = Some(taught.facts);
        let finished = taught.examples.is_some();
        examples = examples.and(taught.examples.unwrap_or_default());
        if let Some(end) = stages.end_after(&taught.end, finished, lesson.has_begun(run)?)? {
            watcher.note("only the teacher has learnt yet, so that the network can only guess");
            return Ok(stages.not_begun(&model, end));
        }
    }
    let train = lesson.with_steps_left(stages.done, &plan.train, run)?;
    if stages.done > 0 {
        watcher.note(&format!("learning the labels: {}", counted(train.epochs, "epoch")));
    }
    let mut outcome = lesson.fit(run, &train, &examples, model, watcher)?;
    outcome.end.steps_run += stages.done;
    Ok(Learnt { outcome, before: stages.before })
}

/// The stages that are behind.
struct Stages<'a> {
    lesson: &'a Lesson<'a>,
    /// Their steps.
    done: u64,
    before: Before,
}

impl Stages<'_> {
    /// How the run ends after a stage, where it does not go on to the next: the stage was broken off, or took all steps, or
    /// the user asks for an end. What has `begun` already after it is gone on with, whatever the limit is now.
    fn end_after(&mut self, end: &End, finished: bool, begun: bool) -> Result<Option<End>, Error> {
        self.done += end.steps_run;
        let none_left = self.lesson.plan.train.max_steps.is_some_and(|most| most <= self.done);
        let interrupted = self.lesson.is_interrupted()?;
        let stopped = match (finished, interrupted) {
            (false, _) => end.stopped,
            (true, true) => Stopped::Interrupted,
            (true, false) => Stopped::Steps,
        };
        let ends = !finished || (!begun && (none_left || interrupted));
        Ok(ends.then(|| {
            let mut end = end.clone();
            (end.stopped, end.steps_run) = (stopped, self.done);
            end
        }))
    }

    /// A network whose training has not begun, because what comes before was stopped.
    fn not_begun(self, model: &Ensemble, end: End) -> Learnt {
        let outcome = Outcome::not_begun(model.valid(), End::new(end.stopped, 0, end.steps_run));
        Learnt { outcome, before: self.before }
    }
}
