//! Random numbers without hidden state: a generator is a function of a seed and of what it is for.
//!
//! Each of Burn's backends has one generator for the whole process, so what it yields depends on all that
//! was drawn before. Here a stream is keyed instead: the mask of step 1,000 is the same whether the run got
//! there in one go or was resumed at 999, and a resumed run has no generator to restore.

use rand::RngExt;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use serde::{Deserialize, Serialize};

/// The seed of a run.
///
/// ```
/// use recurrent_seed::Seed;
/// use rand_chacha::rand_core::Rng;
///
/// let seed = Seed(7);
/// assert_eq!(seed.stream(&[1, 1000]).next_u32(), seed.stream(&[1, 1000]).next_u32());
/// assert_ne!(seed.stream(&[1, 1000]).next_u32(), seed.stream(&[1, 1001]).next_u32());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seed(pub u64);

impl Seed {
    /// The seed of a part of the run, such as one layer's weights or one step's masks.
    ///
    /// Each word of `key` is mixed in by the finalizer of SplitMix64 (Steele, Lea and Flood 2014), so that
    /// neighbouring keys give unrelated seeds.
    pub fn part(self, key: &[u64]) -> Self {
        Self(key.iter().fold(self.0, |state, word| mix(mix(state) ^ word)))
    }

    /// Numbers uniform in `[-limit, limit)`, such as the first weights of a dense layer.
    ///
    /// # Panics
    /// `limit` is not above 0, or not finite.
    pub fn uniform(self, limit: f32, count: usize) -> Vec<f32> {
        let mut stream = self.stream(&[]);
        (0..count).map(|_| stream.random_range(-limit..limit)).collect()
    }

    /// The random stream of a part of the run.
    pub fn stream(self, key: &[u64]) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.part(key).0)
    }
}

fn mix(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::Rng;
    use std::collections::HashSet;

    #[test]
    fn neighbouring_keys_give_different_seeds() {
        let mut seen = HashSet::new();
        for a in 0..50 {
            for b in 0..50 {
                assert!(seen.insert(Seed(1).part(&[a, b])), "key [{a}, {b}] repeats a seed");
            }
        }
        assert_ne!(Seed(1).part(&[2]), Seed(2).part(&[1]));
    }

    #[test]
    fn a_stream_is_the_same_on_every_machine() {
        assert_eq!(Seed(42).stream(&[1, 2, 3]).next_u64(), Seed(42).stream(&[1, 2, 3]).next_u64());
        insta::assert_debug_snapshot!(Seed(42).part(&[1, 2, 3]).0, @"5901518422739942277");
    }
}
