//! A teacher: a network that learns from the labelled reviews alone, and then labels the others, each with the probability that
//! it gives to praise. The network proper learns from both, and from the teacher's doubts too (Hinton et al. 2015; with data
//! of which only a part is labelled, Xie et al. 2020).

use recurrent_train::{End, RunFolder, Stopped, counted, thousands};

use crate::PROGRAM;
use crate::batches::Examples;
use crate::learn::Lesson;
use crate::model::Classifier;
use crate::predict::{Scorer, probability};
use crate::settings::Settings;
use crate::summary::TeacherFacts;

/// Keeps what is drawn for the teacher apart from the draws of the training that follows.
const KEY: u64 = u64::from_be_bytes(*b"teacher\0");

/// What came of it.
pub struct Taught {
    /// The reviews without a label, with the teacher's; `None` where it has not finished.
    pub examples: Option<Examples>,
    /// Its figures.
    pub facts: TeacherFacts,
    /// How its training ended.
    pub end: End,
}

/// Trains a teacher in the folder `teacher` of the run, after so many steps of the run, or goes on with it; stacks it as the
/// network proper will be, and has it label the reviews without a label.
///
/// # Errors
/// The loss diverges, or a file cannot be written or read.
pub fn teach(
    lesson: &Lesson<'_>,
    examples: &Examples,
    model: Classifier,
    done: u64,
) -> Result<Taught, crate::Failure> {
    let Lesson { settings, reviews, screen, .. } = lesson;
    let settings = own(settings, examples.reviews.len());
    let folder = lesson.folder(FOLDER, &settings.train)?;
    let train = lesson.with_steps_left(done, &settings.train, &folder);
    screen.note(&format!("the teacher learns the labels: {}", counted(train.epochs, "epoch")));
    let outcome = lesson.fit(&folder, &settings, &train, examples, model)?;
    let accuracy = outcome.history.iter().filter_map(|epoch| epoch.metrics.get("accuracy"));
    let mut facts = TeacherFacts {
        labelled: 0,
        best_epoch: outcome.end.best_epoch,
        validation_loss: outcome.history.iter().filter_map(|epoch| epoch.validation_loss).collect(),
        validation_accuracy: accuracy.copied().collect(),
        seconds: outcome.history.iter().map(|epoch| epoch.seconds).sum(),
    };
    let mut end = outcome.end;
    if lesson.interrupt.is_requested() {
        end.stopped = Stopped::Interrupted;
    }
    if matches!(end.stopped, Stopped::Steps | Stopped::Interrupted) {
        return Ok(Taught { examples: None, facts, end });
    }
    facts.labelled = reviews.data.unlabelled.len();
    screen.note(&format!("the teacher labels {} reviews", thousands(facts.labelled as u64)));
    let unlabelled = settings.coding.encode_all(&reviews.data.unlabelled);
    let scores = Scorer::of(outcome.model, &settings, reviews).scores(&unlabelled.iter().collect::<Vec<_>>());
    let targets = scores.into_iter().map(|score| probability(score) as f32).collect();
    Ok(Taught { examples: Some(Examples { reviews: unlabelled, targets }), facts, end })
}

/// The folder of the teacher within that of a run.
const FOLDER: &str = "teacher";

/// Whether the run has a teacher who has learnt something.
pub fn has_begun(run: &RunFolder) -> bool {
    RunFolder::open::<serde_json::Value>(&run.path().join(FOLDER), PROGRAM)
        .is_ok_and(|(folder, _)| folder.has_checkpoint())
}

/// The settings of the teacher: those of the run but for its epochs, its schedule over them, and its seed.
fn own(settings: &Settings, reviews: usize) -> Settings {
    let mut own = settings.clone();
    let steps = settings.teacher_epochs * settings.steps_per_epoch(reviews);
    own.train.epochs = settings.teacher_epochs;
    own.train.schedule = settings.schedule.over(steps as u64, settings.warmup);
    own.train.seed = settings.train.seed.part(&[KEY]);
    own
}
