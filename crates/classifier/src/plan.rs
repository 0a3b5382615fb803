//! How a classifier learns, as plain data: what comes before the labels, how reviews are cut into batches, and the training.

use std::path::Path;

use recurrent_backend::Seed;
use recurrent_data::reviews::{BatchSpec, Order, Unlabelled};
use recurrent_train::{OutOfRange, Schedule, TrainConfig, check_range};
use serde::{Deserialize, Serialize};

use crate::limits;
use crate::parts::Reviews;
use crate::reading::Reading;

/// How a classifier learns.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// What the network learns before it sees a label.
    pub pretraining: Pretraining,
    /// A teacher that labels the reviews without a label; `None` leaves them alone.
    pub teacher: Option<Teacher>,
    /// Reviews in a batch.
    pub batch_size: usize,
    /// Batches whose reviews are sorted by length together, so that less is padded; 1 for none.
    pub bucket: usize,
    /// The training. Its seed is that of all that is random, and `max_steps` counts the steps of all that is learnt.
    pub train: TrainConfig,
}

/// How a network learns to predict words, before it sees a label.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Pretraining {
    /// Epochs; 0 for none.
    pub epochs: usize,
    /// Whether the reviews without a label are learnt from too.
    pub unlabelled: bool,
    /// Reviews in a batch.
    pub batch_size: usize,
    /// The full learning rate of Adam, which falls along a cosine.
    pub learning_rate: f64,
    /// How many times a word is drawn at each step, to stand for all words.
    pub candidates: usize,
}

/// How a teacher learns from the labelled reviews; all else is as in the training that follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Teacher {
    /// Epochs.
    pub epochs: usize,
    /// How the learning rate goes on over them.
    pub schedule: Schedule,
}

impl Default for Pretraining {
    /// None; where epochs are asked for, 512 candidates, batches of 64 and a learning rate of 0.002.
    fn default() -> Self {
        Self { epochs: 0, unlabelled: false, batch_size: 64, learning_rate: 0.002, candidates: 512 }
    }
}

impl Plan {
    /// Learns the labels alone, in batches of 32 in any order.
    pub fn new(train: TrainConfig) -> Self {
        Self { pretraining: Pretraining::default(), teacher: None, batch_size: 32, bucket: 1, train }
    }

    /// Checks what [`TrainConfig::validate`] does not; `file` is where it was read from.
    ///
    /// # Errors
    /// A number is out of its range.
    pub fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        let Pretraining { epochs, batch_size, candidates, .. } = self.pretraining;
        check_range(file, "bucket", self.bucket, limits::BUCKET)?;
        check_range(file, "batch_size", self.batch_size, limits::BATCH_SIZE)?;
        check_range(file, "pretraining.epochs", epochs, limits::PRETRAIN_EPOCHS)?;
        check_range(file, "pretraining.batch_size", batch_size, limits::BATCH_SIZE)?;
        check_range(file, "pretraining.candidates", candidates, limits::CANDIDATES)?;
        let of_teacher = self.teacher.map_or(0, |teacher| teacher.epochs);
        check_range(file, "teacher_epochs", of_teacher, limits::TEACHER_EPOCHS)
    }

    /// Whether the reviews without a label are needed.
    pub fn unlabelled(&self) -> Unlabelled {
        let needed = self.pretraining.unlabelled || self.teacher.is_some();
        if needed { Unlabelled::Read } else { Unlabelled::Skip }
    }

    /// Steps of an epoch of the training, which learns from the reviews with a label and from those that a teacher labels.
    pub fn steps_per_epoch(&self, reviews: &Reviews) -> usize {
        let taught = if self.teacher.is_some() { reviews.data.unlabelled.len() } else { 0 };
        (reviews.learn().len() + taught).div_ceil(self.batch_size)
    }

    /// How texts are cut into batches of a size.
    pub(crate) fn batches(&self, size: usize, reading: &Reading, seed: Seed) -> BatchSpec {
        let order = match self.bucket {
            1 => Order::Shuffled,
            batches => Order::Bucketed(batches),
        };
        BatchSpec { batch: size, order, pad: reading.pad(), seed: seed.0 }
    }
}
