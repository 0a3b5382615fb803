//! Dropout whose masks are a function of a seed, so that a resumed run repeats them.

use std::sync::Arc;

use burn::tensor::Tensor;
use rand_chacha::rand_core::Rng;
use rayon::prelude::*;
use recurrent_backend::Seed;

use crate::op::{Dropped, drop_out};

/// Sets each number to zero with probability `rate`, independently, and divides the others by `1 - rate` (inverted
/// dropout, Srivastava et al. 2014). Without a seed, or at rate 0, returns `x` as it is.
///
/// # Panics
/// `rate` is not in `[0, 1)`.
pub fn dropout<const D: usize>(x: Tensor<D>, rate: f64, seed: Option<Seed>) -> Tensor<D> {
    check_rate(rate);
    let Some(seed) = seed.filter(|_| rate > 0.0) else { return x };
    let count = x.shape().num_elements();
    drop_out(x, draw_dropped(seed, rate, count))
}

/// Drops each of `count` numbers with probability `rate`.
pub(crate) fn draw_dropped(seed: Seed, rate: f64, count: usize) -> Dropped {
    Dropped { flags: Arc::new(draw(seed, rate, count, |is_hit| is_hit)), kept_factor: kept_factor(rate) }
}

/// What numbers are multiplied with that are kept, so that the expectation stays.
fn kept_factor(rate: f64) -> f32 {
    (1.0 / (1.0 - rate)) as f32
}

/// `count` factors: 0 with probability `rate`, else `1 / (1 - rate)`.
pub(crate) fn mask(seed: Seed, rate: f64, count: usize) -> Vec<f32> {
    let factor = kept_factor(rate);
    draw(seed, rate, count, move |is_hit| if is_hit { 0.0 } else { factor })
}

/// For each of `steps` steps, `width` times true with probability `rate`. Each step has a stream of its own, so that
/// the steps can be drawn side by side.
pub(crate) fn draw_steps(seed: Seed, rate: f64, steps: usize, width: usize) -> Vec<bool> {
    let mut drawn = vec![false; steps * width];
    drawn.par_chunks_mut(width).enumerate().for_each(|(step, drawn)| {
        drawn.copy_from_slice(&draw(seed.part(&[step as u64]), rate, width, |is_hit| is_hit));
    });
    drawn
}

/// Dropout of the outputs of a layer, `[batch, time, hidden]`, in the order in which a layer keeps them in memory, which is time
/// first: nothing is copied then.
pub(crate) fn dropout_of_steps(outputs: Tensor<3>, rate: f64, seed: Option<Seed>) -> Tensor<3> {
    dropout(outputs.swap_dims(0, 1), rate, seed).swap_dims(0, 1)
}

/// Hits with probability `rate`, `count` times; `of` says what stands for a hit and for a miss.
fn draw<T: Copy + Default + Send>(
    seed: Seed,
    rate: f64,
    count: usize,
    of: impl Fn(bool) -> T + Copy + Send + Sync,
) -> Vec<T> {
    /// Numbers that a thread draws in one go, each of one word of the stream.
    const PART: usize = 1 << 15;
    // Hits where a uniform 32-bit number is below this.
    let threshold = (rate * 2f64.powi(32)) as u32;
    let mut drawn = vec![T::default(); count];
    drawn.par_chunks_mut(PART).enumerate().for_each(move |(part, drawn)| {
        let mut stream = seed.stream(&[]);
        stream.set_word_pos((part * PART) as u128);
        let mut words = [0u8; 4096];
        for drawn in drawn.chunks_mut(words.len() / 4) {
            stream.fill_bytes(&mut words);
            for (drawn, word) in drawn.iter_mut().zip(words.as_chunks::<4>().0) {
                *drawn = of(u32::from_le_bytes(*word) < threshold);
            }
        }
    });
    drawn
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

    #[test]
    fn a_mask_is_one_stream_whoever_draws_its_parts() {
        let mut stream = Seed(5).stream(&[]);
        for (place, factor) in mask(Seed(5), 0.5, 100_001).into_iter().enumerate() {
            let expected = if stream.next_u32() < 1 << 31 { 0.0 } else { 2.0 };
            assert_eq!(factor, expected, "number {place}");
        }
    }

    #[test]
    fn each_step_is_drawn_anew_at_the_rate() {
        let drawn = draw_steps(Seed(4), 0.3, 7, 10_001);
        let share = drawn.iter().filter(|hit| **hit).count() as f64 / drawn.len() as f64;
        assert!((share - 0.3).abs() < 0.01, "{share} are hit");
        assert_ne!(drawn[..10_001], drawn[10_001..20_002]);
        assert_eq!(drawn[..20_002], draw_steps(Seed(4), 0.3, 2, 10_001));
    }
}
