//! Where batches come from: a function of the epoch and the step, so that the place of a resumed run in its
//! data is the step count, and nothing else has to be stored.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use recurrent_seed::{Seed, shuffled_order};

use crate::ranks::tree;

/// The training data, cut into batches.
///
/// A batch is a pure function of the epoch and the step: asked twice, it is the same. Shuffling goes
/// through [`shuffled_order`](crate::shuffled_order), which is keyed by seed and epoch.
pub trait Batches {
    /// What [`Model::loss`](crate::Model::loss) takes.
    type Batch;

    /// The number of batches in an epoch; the same for every epoch.
    fn steps_per_epoch(&self) -> usize;

    /// One batch. Both `epoch` and `step_in_epoch` count from 0.
    fn batch(&self, epoch: usize, step_in_epoch: usize) -> Self::Batch;

    /// One shard of a batch: the rows that [`Shard::rows`] says; `None` where it has none, because the batch has fewer rows than it
    /// has shards. It need not be implemented for runs that are not cut.
    ///
    /// ```
    /// # use recurrent_train::{Batches, Shard};
    /// struct Numbers(Vec<f32>);
    ///
    /// impl Batches for Numbers {
    ///     type Batch = Vec<f32>;
    ///
    ///     fn steps_per_epoch(&self) -> usize {
    ///         1
    ///     }
    ///
    ///     fn batch(&self, _epoch: usize, _step: usize) -> Vec<f32> {
    ///         self.0.clone()
    ///     }
    ///
    ///     fn shard(&self, epoch: usize, step: usize, shard: Shard) -> Option<Vec<f32>> {
    ///         let batch = self.batch(epoch, step);
    ///         Some(batch[shard.rows(batch.len())?].to_vec())
    ///     }
    /// }
    ///
    /// let numbers = Numbers(vec![1.0, 2.0, 3.0, 4.0, 5.0]);
    /// assert_eq!(numbers.shard(0, 0, Shard::new(1, 2)), Some(vec![3.0, 4.0, 5.0]));
    /// ```
    fn shard(&self, epoch: usize, step_in_epoch: usize, shard: Shard) -> Option<Self::Batch> {
        (shard.count() == 1).then(|| self.batch(epoch, step_in_epoch))
    }

    /// Whether a batch continues the sequences of the batch before it, so that the carried state of
    /// truncated backpropagation through time is handed on. By default every batch does but the first of
    /// an epoch.
    fn continues(&self, _epoch: usize, step_in_epoch: usize) -> bool {
        step_in_epoch > 0
    }
}

/// One of the parts that every batch of a run is cut into, by rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// The `index`-th of `count`, from 0.
    ///
    /// # Panics
    /// There is no such shard.
    pub fn new(index: usize, count: usize) -> Self {
        assert!(index < count, "shard {index} of {count}");
        Self { index, count }
    }

    /// Its place, from 0.
    pub fn index(self) -> usize {
        self.index
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.count
    }

    /// The rows of a batch that are its own; `None` where these are none. Shards have one after the other as many as each other, or
    /// one more.
    pub fn rows(self, rows: usize) -> Option<Range<usize>> {
        let own = tree::part(rows, self.index, self.count);
        (!own.is_empty()).then_some(own)
    }
}

/// The order in which each epoch visits some samples. That of the last epoch that was asked for is kept, since making it again
/// for each batch would be slow.
///
/// ```
/// use recurrent_backend::Seed;
/// use recurrent_train::{ShuffledOrder, shuffled_order};
///
/// let order = ShuffledOrder::new(10, Seed(1));
/// assert_eq!(*order.of(3), *shuffled_order(10, Seed(1), 3));
/// ```
#[derive(Debug)]
pub struct ShuffledOrder {
    len: usize,
    seed: Seed,
    last: Mutex<Option<(usize, Arc<[usize]>)>>,
}

impl ShuffledOrder {
    /// The orders of `len` samples under a seed.
    pub fn new(len: usize, seed: Seed) -> Self {
        Self { len, seed, last: Mutex::new(None) }
    }

    /// The order of an epoch, from 0: see [`shuffled_order`].
    pub fn of(&self, epoch: usize) -> Arc<[usize]> {
        // What is kept is whole or absent, so a thread that panicked has left nothing half done.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((kept, order)) if *kept == epoch => order.clone(),
            _ => {
                let order: Arc<[usize]> = shuffled_order(self.len, self.seed, epoch).into();
                *last = Some((epoch, order.clone()));
                order
            }
        }
    }
}
