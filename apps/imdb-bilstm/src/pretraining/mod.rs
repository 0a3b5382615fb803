//! Pre-training: before it sees a label, the network learns to predict the words of reviews, the forward layer each next word
//! and the reverse layer each word before, as in ELMo (Peters et al. 2018). The classifier begins with what it has learnt
//! (Dai and Le 2015).

pub mod candidates;
pub mod language_model;
mod question;
mod word_batches;

use burn::module::Module;
use burn::tensor::Device;
use recurrent_backend::Seed;
use recurrent_data::reviews::Sequences;
use recurrent_program::Unusable;
use recurrent_train::{
    Batches, Clip, End, Interval, MetricsFile, Optimiser, Outcome, ProgressBar, Schedule, TrainConfig,
    Training, counted, thousands,
};

use crate::data::Reviews;
use crate::learn::Lesson;
use crate::settings::Settings;
use crate::summary::PretrainingFacts;
use candidates::Frequencies;
use language_model::LanguageModel;
use word_batches::WordBatches;

/// Keeps what is drawn here apart from the draws of the training that follows.
const KEY: u64 = u64::from_be_bytes(*b"pretrain");
/// Steps over which the learning rate grows.
const WARMUP: u64 = 100;

/// What came of pre-training.
pub struct Pretrained {
    /// The network, ready to be trained on.
    pub model: LanguageModel,
    /// Its figures.
    pub facts: PretrainingFacts,
    /// How it ended.
    pub end: End,
}

/// Learns to predict the words of the training reviews and, where asked for, of those without a label, in the folder
/// `pretraining` of the run; goes on with what is there.
///
/// # Errors
/// The loss diverges, or a file cannot be written or read.
pub fn pretrain(lesson: &Lesson<'_>, device: &Device) -> Result<Pretrained, crate::Failure> {
    let Lesson { settings, reviews, interrupt, screen, .. } = lesson;
    let texts = texts(settings, reviews);
    let frequencies = Frequencies::new(&texts, settings.coding.num_words());
    let batches = WordBatches::new(&texts, &frequencies, settings)
        .map_err(|reason| Unusable::because(&settings.origin.source, reason))?;
    let config = config(settings, batches.steps_per_epoch());
    let folder = lesson.folder("pretraining", &settings.pretraining)?;
    // The start is read, but no word.
    let words = texts.iter().map(|text| settings.reading.pad().kept(text.len()) - 1).sum();
    screen.note(&format!(
        "pre-training: {} of predicting the {} words of {} reviews",
        counted(config.epochs, "epoch"),
        thousands(words as u64),
        thousands(texts.len() as u64)
    ));
    let mut bar = ProgressBar::new(screen.progress(Interval::every(1)));
    let mut metrics = MetricsFile::new(folder.metrics_file(), Interval::NEVER);
    let Outcome { model, history, end, .. } = Training::new(&config, &batches)
        .with_observer(&mut bar)
        .with_observer(&mut metrics)
        .in_folder(&folder, settings.model.words())
        .with_interrupt(interrupt.clone())
        .run(LanguageModel::new(settings, &frequencies, device))?;
    let facts = PretrainingFacts {
        reviews: texts.len(),
        words,
        train_loss: history.iter().map(|epoch| epoch.train_loss).collect(),
        seconds: history.iter().map(|epoch| epoch.seconds).sum(),
    };
    Ok(Pretrained { model: model.train(), facts, end })
}

/// The texts that are learnt from, as indices, where there is a word after the start. The test reviews are not among them.
fn texts(settings: &Settings, reviews: &Reviews) -> Sequences {
    // A teacher's reviews are there, too, where they are not to be read now.
    let asked = settings.pretraining.unlabelled;
    let unlabelled =
        if asked { settings.coding.encode_all(&reviews.data.unlabelled) } else { Sequences::default() };
    let known = [reviews.learn(), reviews.choose()];
    let texts = known.iter().flat_map(|part| part.reviews()).chain(unlabelled.iter());
    texts.filter(|text| text.len() > 1).collect()
}

fn config(settings: &Settings, steps_per_epoch: usize) -> TrainConfig {
    let asked = &settings.pretraining;
    let steps = (asked.epochs * steps_per_epoch) as u64;
    let mut config = TrainConfig::new(asked.epochs, Optimiser::adam(), asked.learning_rate);
    config.max_steps = settings.train.max_steps;
    config.seed = seed(settings);
    config.schedule = Schedule::Cosine { warmup: WARMUP.min(steps / 2), steps, floor: 0.0 };
    config.clip = Clip::GlobalNorm(1.0);
    config
}

fn seed(settings: &Settings) -> Seed {
    settings.train.seed.part(&[KEY])
}
