//! Pre-training: before it sees a label, the network learns to predict the words of reviews, the forward layer each next word
//! and the reverse layer each word before, as in ELMo (Peters et al. 2018). The classifier begins with what it has learnt
//! (Dai and Le 2015).

mod candidates;
mod language_model;
mod question;
mod word_batches;

use std::fmt;

use burn::module::Module;
use recurrent_backend::Seed;
use recurrent_data::reviews::Sequences;
use recurrent_report::{counted, duration, thousands};
use recurrent_train::{Batches, Clip, End, Optimiser, Outcome, Schedule, TrainConfig, Training};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::lesson::Lesson;
use crate::network::Network;
use crate::watcher::Watcher;
use word_batches::WordBatches;

pub use candidates::{Candidates, Frequencies};
pub use language_model::{LanguageModel, WordBatch};

/// Keeps what is drawn here apart from the draws of the training that follows.
const KEY: u64 = u64::from_be_bytes(*b"pretrain");
/// Steps over which the learning rate grows.
const WARMUP: u64 = 100;
/// The folder of pre-training within that of a run.
const FOLDER: &str = "pretraining";

/// How a network learnt to predict words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PretrainingFacts {
    /// The reviews it read.
    pub reviews: usize,
    /// The words that it read of them.
    pub words: usize,
    /// The mean negative log-likelihood of a word in each epoch, in nats, over both directions: an estimate from sampled words,
    /// somewhat low.
    pub train_loss: Vec<f64>,
    /// The time of all epochs.
    pub seconds: f64,
}

/// In words, for a report.
impl fmt::Display for PretrainingFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let loss = self.train_loss.last();
        let loss = loss.map_or_else(|| "–".to_owned(), |loss| format!("{loss:.4} nats a word"));
        write!(
            f,
            "{} on the words of {} reviews, in {}; the last one's loss {loss}",
            counted(self.train_loss.len(), "epoch"),
            thousands(self.reviews as u64),
            duration(self.seconds)
        )
    }
}

/// What came of pre-training.
pub(crate) struct Pretrained {
    /// The network, ready to be trained on.
    pub(crate) model: LanguageModel,
    /// Its figures.
    pub(crate) facts: PretrainingFacts,
    /// How it ended.
    pub(crate) end: End,
}

/// Teaches the first layer of a network to predict the words of the training reviews and, where asked for, of those without a
/// label, in the folder `pretraining` of the run; goes on with what is there.
///
/// # Errors
/// The loss diverges, or a file cannot be written or read.
pub(crate) fn pretrain(
    lesson: &Lesson<'_>,
    network: &Network,
    watcher: &mut impl Watcher,
) -> Result<Pretrained, Error> {
    let Lesson { settings, plan, .. } = lesson;
    let (asked, seed) = (&plan.pretraining, plan.train.seed.part(&[KEY]));
    let texts = texts(lesson);
    let frequencies = Frequencies::new(&texts, settings.coding.num_words());
    let spec = plan.batches(asked.batch_size, &settings.reading, seed);
    let batches = WordBatches::new(&texts, &frequencies, asked.candidates, spec)?;
    let config = config(lesson, batches.steps_per_epoch(), seed);
    let folder = lesson.folder(FOLDER, asked)?;
    // The start is read, but no word.
    let words = texts.iter().map(|text| settings.reading.pad().kept(text.len()) - 1).sum();
    watcher.note(&format!(
        "pre-training: {} of predicting the {} words of {} reviews",
        counted(config.epochs, "epoch"),
        thousands(words as u64),
        thousands(texts.len() as u64)
    ));
    let model = LanguageModel::new(
        network.embedding.clone(),
        network.layers.layers[0].clone(),
        settings.reading,
        &frequencies,
        plan.train.seed,
    );
    let training = Training::new(&config, &batches)
        .in_folder(&folder, settings.model.words())
        .with_interrupt(lesson.interrupt.clone())
        .with_group(lesson.group.clone());
    let Outcome { model, history, end, .. } = watcher.watch(&folder, training).run(model)?;
    let facts = PretrainingFacts {
        reviews: texts.len(),
        words,
        train_loss: history.iter().map(|epoch| epoch.train_loss).collect(),
        seconds: history.iter().map(|epoch| epoch.seconds).sum(),
    };
    Ok(Pretrained { model: model.train(), facts, end })
}

/// The texts that are learnt from, as indices, where there is a word after the start. The test reviews are not among them.
fn texts(lesson: &Lesson<'_>) -> Sequences {
    let Lesson { settings, plan, reviews, .. } = lesson;
    // A teacher's reviews are there, too, where they are not to be read now.
    let asked = plan.pretraining.unlabelled;
    let unlabelled =
        if asked { settings.coding.encode_all(&reviews.data.unlabelled) } else { Sequences::default() };
    let known = [reviews.learn(), reviews.choose()];
    let texts = known.iter().flat_map(|part| part.reviews()).chain(unlabelled.iter());
    texts.filter(|text| text.len() > 1).collect()
}

fn config(lesson: &Lesson<'_>, steps_per_epoch: usize, seed: Seed) -> TrainConfig {
    let asked = &lesson.plan.pretraining;
    let steps = (asked.epochs * steps_per_epoch) as u64;
    let mut config = TrainConfig::new(asked.epochs, Optimiser::adam(), asked.learning_rate);
    config.shards = lesson.plan.train.shards;
    config.max_steps = lesson.plan.train.max_steps;
    config.seed = seed;
    config.schedule = Schedule::Cosine { warmup: WARMUP.min(steps / 2), steps, floor: 0.0 };
    config.clip = Clip::GlobalNorm(1.0);
    config
}
