//! The order in which an epoch visits its samples.

use rand::seq::SliceRandom;

use crate::Seed;

/// The order in which an epoch visits `len` samples: a permutation that depends on the seed and the epoch alone.
///
/// ```
/// use recurrent_seed::{Seed, shuffled_order};
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
