//! Dropout whose masks are a function of a seed, so that a resumed run repeats them.

use burn::tensor::{Tensor, TensorData};
use rand_chacha::rand_core::Rng;
use recurrent_backend::Seed;

/// Sets each number to zero with probability `rate`, independently, and divides the others by `1 - rate` (inverted
/// dropout, Srivastava et al. 2014). Without a seed, or at rate 0, returns `x` as it is.
///
/// # Panics
/// `rate` is not in `[0, 1)`.
pub fn dropout<const D: usize>(x: Tensor<D>, rate: f64, seed: Option<Seed>) -> Tensor<D> {
    check_rate(rate);
    let Some(seed) = seed.filter(|_| rate > 0.0) else { return x };
    let shape = x.shape();
    let mask = mask(seed, rate, shape.num_elements());
    let mask = Tensor::from_data(TensorData::new(mask, shape), &x.device());
    x * mask
}

/// `count` factors: 0 with probability `rate`, else `1 / (1 - rate)`.
pub(crate) fn mask(seed: Seed, rate: f64, count: usize) -> Vec<f32> {
    let mut stream = seed.stream(&[]);
    let kept = (1.0 / (1.0 - rate)) as f32;
    // Drops where a uniform 32-bit number is below this.
    let threshold = (rate * 2f64.powi(32)) as u32;
    let mut words = [0u8; 4096];
    let mut mask = Vec::with_capacity(count);
    while mask.len() < count {
        stream.fill_bytes(&mut words);
        let left = count - mask.len();
        let words = words.as_chunks::<4>().0.iter().take(left);
        mask.extend(words.map(|word| if u32::from_le_bytes(*word) < threshold { 0.0 } else { kept }));
    }
    mask
}

/// # Panics
/// `rate` is not in `[0, 1)`.
pub(crate) fn check_rate(rate: f64) {
    assert!((0.0..1.0).contains(&rate), "a dropout rate of {rate} is not in [0, 1)");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_zeros_is_the_rate_and_the_mean_is_one() {
        for rate in [0.0, 0.2, 0.5, 0.9] {
            let mask = mask(Seed(3), rate, 100_003);
            let zeros = mask.iter().filter(|factor| **factor == 0.0).count() as f64 / mask.len() as f64;
            assert!((zeros - rate).abs() < 0.006, "rate {rate}: {zeros} are zero");
            let mean = mask.iter().map(|factor| f64::from(*factor)).sum::<f64>() / mask.len() as f64;
            assert!((mean - 1.0).abs() < 0.02, "rate {rate}: the mean is {mean}");
        }
    }

    #[test]
    fn a_seed_gives_one_mask() {
        assert_eq!(mask(Seed(1), 0.5, 1000), mask(Seed(1), 0.5, 1000));
        assert_ne!(mask(Seed(1), 0.5, 1000), mask(Seed(2), 0.5, 1000));
    }
}
