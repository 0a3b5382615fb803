//! Batches of reviews: which ones, in which order, made equally long.
//!
//! A batch is a function of seed, epoch and step alone, so that a resumed run sees what the unbroken one would have seen.

use rand::seq::SliceRandom;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};

use super::{BatchFault, Label, PadSpec, Padded, Sequences, pad_sequences};

/// The order in which an epoch visits the reviews.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// As they lie, the same in each epoch: for judging.
    Given,
    /// Shuffled anew in each epoch.
    #[default]
    Shuffled,
    /// Shuffled, then sorted by length within a pool of this many batches, so that a batch has reviews of similar length;
    /// the batches are shuffled again. With [`Width::Longest`](super::Width::Longest) this saves steps. One batch is plain
    /// shuffling; a pool as large as the epoch wastes least and mixes least.
    Bucketed(usize),
}

/// How reviews are cut into batches. The default is the chapter's: 32, shuffled, 200 indices each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BatchSpec {
    /// The number of reviews in a batch; the last one of an epoch may have fewer.
    pub batch: usize,
    /// The order of an epoch.
    pub order: Order,
    /// How the reviews of a batch are made equally long.
    pub pad: PadSpec,
    /// What the order depends on, besides the epoch.
    pub seed: u64,
}

impl Default for BatchSpec {
    fn default() -> Self {
        Self { batch: 32, order: Order::default(), pad: PadSpec::default(), seed: 0 }
    }
}

/// Reviews cut into batches.
///
/// ```
/// use recurrent_data::reviews::{BatchSpec, Batches, Label, PadSpec, Sequences, Width};
///
/// let indices: Sequences = [&[1, 4][..], &[1, 5, 6], &[1]].into_iter().collect();
/// let labels = [Label::POSITIVE, Label::NEGATIVE, Label::POSITIVE];
/// let pad = PadSpec { width: Width::Longest, ..PadSpec::default() };
/// let batches = Batches::new(&indices, &labels, vec![0, 1, 2], BatchSpec { batch: 2, pad, ..BatchSpec::default() })?;
/// assert_eq!(batches.steps_per_epoch(), 2);
/// assert_eq!(batches.batch(3, 1), batches.batch(3, 1));
/// # Ok::<(), recurrent_data::reviews::BatchFault>(())
/// ```
#[derive(Clone, Debug)]
pub struct Batches<'a> {
    indices: &'a Sequences,
    labels: &'a [Label],
    samples: Vec<usize>,
    spec: BatchSpec,
}

/// Some reviews, made equally long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The position of each review among all.
    pub samples: Vec<usize>,
    /// Their indices, as `[batch, time]`.
    pub indices: Padded,
    /// Their labels; none where the reviews have none.
    pub labels: Vec<Label>,
}

impl<'a> Batches<'a> {
    /// Cuts the reviews at the positions `samples` into batches; `labels` is empty for reviews without.
    ///
    /// # Errors
    ///
    /// When there is no review, a batch would have none, or no index would be kept of a review.
    ///
    /// # Panics
    ///
    /// When a sample is no position, or there are labels but not as many as reviews.
    pub fn new(
        indices: &'a Sequences,
        labels: &'a [Label],
        samples: Vec<usize>,
        spec: BatchSpec,
    ) -> Result<Self, BatchFault> {
        assert!(labels.is_empty() || labels.len() == indices.len(), "{} labels", labels.len());
        assert!(samples.iter().all(|sample| *sample < indices.len()), "of {} reviews", indices.len());
        if spec.batch == 0 {
            return Err(BatchFault::Batch);
        }
        if spec.order == Order::Bucketed(0) {
            return Err(BatchFault::Pool);
        }
        if spec.pad.length == Some(0) {
            return Err(BatchFault::Length);
        }
        if samples.is_empty() {
            return Err(BatchFault::NoReviews);
        }
        Ok(Self { indices, labels, samples, spec })
    }

    /// The number of batches in an epoch, at least 1.
    pub fn steps_per_epoch(&self) -> usize {
        self.samples.len().div_ceil(self.spec.batch)
    }

    /// The number of reviews in an epoch.
    pub fn reviews(&self) -> usize {
        self.samples.len()
    }

    /// A batch. Both numbers count from 0.
    ///
    /// # Panics
    ///
    /// When there is no such step.
    pub fn batch(&self, epoch: usize, step: usize) -> Batch {
        self.gather(self.samples(epoch, step))
    }

    /// The batches of an epoch, in order; less work than asking for each by its step.
    pub fn epoch(&self, epoch: usize) -> impl ExactSizeIterator<Item = Batch> + use<'_, 'a> {
        let order = self.shuffled(epoch);
        let places = self.places(epoch);
        places.into_iter().map(move |place| self.gather(self.at(&order, place)))
    }

    /// The positions of the reviews in a batch.
    ///
    /// # Panics
    ///
    /// When there is no such step.
    pub fn samples(&self, epoch: usize, step: usize) -> Vec<usize> {
        let steps = self.steps_per_epoch();
        assert!(step < steps, "step {step} of {steps}");
        self.at(&self.shuffled(epoch), self.places(epoch)[step])
    }

    /// The order of the samples in an epoch, before any sorting.
    fn shuffled(&self, epoch: usize) -> Vec<usize> {
        let mut order = self.samples.clone();
        if self.spec.order != Order::Given {
            order.shuffle(&mut self.random(epoch, 0));
        }
        order
    }

    /// The place that each step's batch has in the order of the samples, counted in batches.
    fn places(&self, epoch: usize) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.steps_per_epoch()).collect();
        if matches!(self.spec.order, Order::Bucketed(_)) {
            places.shuffle(&mut self.random(epoch, 1));
        }
        places
    }

    /// The samples of the batch at a place. Only its own pool is sorted.
    fn at(&self, order: &[usize], place: usize) -> Vec<usize> {
        let batch = self.spec.batch;
        let Order::Bucketed(pool) = self.spec.order else {
            return window(order, place * batch, batch).to_vec();
        };
        let first = place / pool * pool;
        let mut pooled = window(order, first * batch, pool.saturating_mul(batch)).to_vec();
        // Stable: equal lengths keep their random order.
        pooled.sort_by_key(|&sample| self.spec.pad.kept(self.indices.get(sample).len()));
        window(&pooled, (place - first) * batch, batch).to_vec()
    }

    fn gather(&self, samples: Vec<usize>) -> Batch {
        let indices = pad_sequences(samples.iter().map(|&sample| self.indices.get(sample)), &self.spec.pad);
        let labels = match self.labels {
            [] => Vec::new(),
            labels => samples.iter().map(|&sample| labels[sample]).collect(),
        };
        Batch { samples, indices, labels }
    }

    /// A generator for one purpose of an epoch: a stream of its own under the seed, so that none depends on another.
    fn random(&self, epoch: usize, purpose: u64) -> ChaCha8Rng {
        let mut random = ChaCha8Rng::seed_from_u64(self.spec.seed);
        random.set_stream((epoch as u64) << 1 | purpose);
        random
    }
}

/// `length` of a slice from `start` on, or what there is of it.
fn window(all: &[usize], start: usize, length: usize) -> &[usize] {
    &all[start..start.saturating_add(length).min(all.len())]
}
