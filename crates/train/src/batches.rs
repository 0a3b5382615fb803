//! Where batches come from: a function of the epoch and the step, so that the place of a resumed run in its
//! data is the step count, and nothing else has to be stored.

use rand::seq::SliceRandom;
use recurrent_backend::Seed;

/// The training data, cut into batches.
///
/// A batch is a pure function of the epoch and the step: asked twice, it is the same. Shuffling goes
/// through [`shuffled_order`], which is keyed by seed and epoch.
pub trait Batches {
    /// What [`Model::loss`](crate::Model::loss) takes.
    type Batch;

    /// The number of batches in an epoch; the same for every epoch.
    fn steps_per_epoch(&self) -> usize;

    /// One batch. Both `epoch` and `step_in_epoch` count from 0.
    fn batch(&self, epoch: usize, step_in_epoch: usize) -> Self::Batch;

    /// Whether a batch continues the sequences of the batch before it, so that the carried state of
    /// truncated backpropagation through time is handed on. By default every batch does but the first of
    /// an epoch.
    fn continues(&self, _epoch: usize, step_in_epoch: usize) -> bool {
        step_in_epoch > 0
    }
}

/// The order in which an epoch visits `len` samples: a permutation that depends on the seed and the epoch
/// alone.
///
/// ```
/// use recurrent_backend::Seed;
/// use recurrent_train::shuffled_order;
///
/// let order = shuffled_order(5, Seed(1), 0);
/// assert_eq!(order, shuffled_order(5, Seed(1), 0));
/// let mut sorted = order.clone();
/// sorted.sort();
/// assert_eq!(sorted, [0, 1, 2, 3, 4]);
/// ```
pub fn shuffled_order(len: usize, seed: Seed, epoch: usize) -> Vec<usize> {
    const SHUFFLE: u64 = u64::from_be_bytes(*b"shuffle\0");
    let mut order: Vec<usize> = (0..len).collect();
    order.shuffle(&mut seed.stream(&[SHUFFLE, epoch as u64]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_differ_between_epochs_and_seeds() {
        let order = shuffled_order(100, Seed(1), 0);
        assert_ne!(order, shuffled_order(100, Seed(1), 1));
        assert_ne!(order, shuffled_order(100, Seed(2), 0));
        assert_ne!(order, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn an_order_is_the_same_on_every_machine() {
        insta::assert_snapshot!(format!("{:?}", shuffled_order(8, Seed(42), 3)), @"[2, 1, 5, 6, 0, 3, 7, 4]");
    }

    #[test]
    fn no_sample_and_one_sample_have_an_order() {
        assert!(shuffled_order(0, Seed(1), 0).is_empty());
        assert_eq!(shuffled_order(1, Seed(1), 9), [0]);
    }
}
