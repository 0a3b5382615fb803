//! A teacher: a network that learns from the labelled reviews alone, and then labels the others, each with the probability that
//! it gives to praise. The network proper learns from both, and from the teacher's doubts too (Hinton et al. 2015; with data
//! of which only a part is labelled, Xie et al. 2020).

use std::fmt;

use recurrent_report::{counted, duration, thousands};
use recurrent_train::{End, Outcome, RunFolder, Stopped};
use serde::{Deserialize, Serialize};

use crate::batches::Examples;
use crate::ensemble::Ensemble;
use crate::error::Error;
use crate::lesson::Lesson;
use crate::plan::Teacher;
use crate::scorer::Scorer;
use crate::watcher::Watcher;

/// Keeps what is drawn for the teacher apart from the draws of the training that follows.
const KEY: u64 = u64::from_be_bytes(*b"teacher\0");
/// The folder of the teacher within that of a run.
const FOLDER: &str = "teacher";

/// How a teacher learnt from the labelled reviews.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TeacherFacts {
    /// The reviews that it has labelled; 0 where it has not finished.
    pub labelled: usize,
    /// The epoch whose weights were kept.
    pub best_epoch: Option<usize>,
    /// Its loss on the reviews that choose the epoch, by epoch.
    pub validation_loss: Vec<f64>,
    /// Its accuracy on them, by epoch.
    pub validation_accuracy: Vec<f64>,
    /// The time of all epochs.
    pub seconds: f64,
}

/// In words, for a report.
impl fmt::Display for TeacherFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.best_epoch.and_then(|epoch| self.validation_accuracy.get(epoch - 1));
        write!(
            f,
            "{}, in {}; accuracy {} where the epoch was chosen; {} reviews labelled",
            counted(self.validation_accuracy.len(), "epoch"),
            duration(self.seconds),
            kept.map_or_else(|| "–".to_owned(), |accuracy| format!("{accuracy:.4}")),
            thousands(self.labelled as u64)
        )
    }
}

/// What came of it.
pub(crate) struct Taught {
    /// The reviews without a label, with the teacher's; `None` where it has not finished.
    pub(crate) examples: Option<Examples>,
    /// Its figures.
    pub(crate) facts: TeacherFacts,
    /// How its training ended.
    pub(crate) end: End,
}

/// Trains a teacher in the folder `teacher` of the run, after so many steps of the run, or goes on with it; stacks it as the
/// network proper will be, and has it label the reviews without a label.
///
/// # Errors
/// The loss diverges, or a file cannot be written or read.
pub(crate) fn teach(
    lesson: &Lesson<'_>,
    teacher: &Teacher,
    examples: &Examples,
    model: Ensemble,
    done: u64,
    watcher: &mut impl Watcher,
) -> Result<Taught, Error> {
    let train = &lesson.plan.train;
    let mut own = train.clone().with_schedule(teacher.schedule).with_seed(train.seed.part(&[KEY]));
    own.epochs = teacher.epochs;
    let folder = lesson.folder(FOLDER, &own)?;
    let train = lesson.with_steps_left(done, &own, &folder)?;
    watcher.note(&format!("the teacher learns the labels: {}", counted(train.epochs, "epoch")));
    let outcome = lesson.fit(&folder, &train, examples, model, watcher)?;
    let (mut facts, mut end) = (facts(&outcome), outcome.end);
    if lesson.is_interrupted()? {
        end.stopped = Stopped::Interrupted;
    }
    if matches!(end.stopped, Stopped::Steps | Stopped::Interrupted) {
        return Ok(Taught { examples: None, facts, end });
    }
    facts.labelled = lesson.reviews.data.unlabelled.len();
    watcher.note(&format!("the teacher labels {} reviews", thousands(facts.labelled as u64)));
    Ok(Taught { examples: Some(labelled(lesson, outcome.model)?), facts, end })
}

/// The figures of a teacher that has labelled nothing yet.
fn facts(outcome: &Outcome<Ensemble>) -> TeacherFacts {
    let history = &outcome.history;
    let accuracy = history.iter().filter_map(|epoch| epoch.metrics.get("accuracy"));
    TeacherFacts {
        labelled: 0,
        best_epoch: outcome.end.best_epoch,
        validation_loss: history.iter().filter_map(|epoch| epoch.validation_loss).collect(),
        validation_accuracy: accuracy.copied().collect(),
        seconds: history.iter().map(|epoch| epoch.seconds).sum(),
    }
}

/// The reviews without a label, with what a teacher makes of them.
fn labelled(lesson: &Lesson<'_>, network: Ensemble) -> Result<Examples, Error> {
    let Lesson { settings, reviews, .. } = lesson;
    let unlabelled = settings.coding.encode_all(&reviews.data.unlabelled);
    let scorer = Scorer::fit(network, settings, reviews)?;
    let scores = scorer.scores(&unlabelled.iter().collect::<Vec<_>>());
    let targets = scorer.outputs().as_targets(&scores);
    Ok(Examples { reviews: unlabelled, targets })
}

/// Whether a run has a teacher who has learnt something.
pub(crate) fn has_begun(lesson: &Lesson<'_>) -> Result<bool, Error> {
    let run = lesson.run;
    let folder = RunFolder::open::<serde_json::Value>(&run.path().join(FOLDER), run.program());
    Ok(lesson.group.first_says(folder.is_ok_and(|(folder, _)| folder.has_checkpoint()))?)
}
