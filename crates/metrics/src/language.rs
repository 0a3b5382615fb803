//! How well a language model predicts a text, from what it loses on each character or token: the negative logarithm of the
//! probability that it gave to what came.

use std::f64::consts::LN_2;

/// The mean of scores; `None` without any. The sum is of 64-bit floats, so that a long text loses nothing.
///
/// ```
/// use recurrent_metrics::language::{bits, mean, perplexity};
///
/// // The model gave each of three characters a probability of 1/8.
/// let nats = mean(&[8.0f32.ln(); 3]).unwrap();
/// assert!((bits(nats) - 3.0).abs() < 1e-6);
/// assert!((perplexity(nats) - 8.0).abs() < 1e-5);
/// ```
pub fn mean(scores: &[f32]) -> Option<f64> {
    let sum: f64 = scores.iter().map(|score| f64::from(*score)).sum();
    (!scores.is_empty()).then(|| sum / scores.len() as f64)
}

/// Nats in bits: one nat is `1 / ln 2` bits.
pub fn bits(nats: f64) -> f64 {
    nats / LN_2
}

/// The number of equally likely characters, or tokens, that would be as hard to predict: `exp` of a mean loss in nats. At most
/// [`f64::MAX`], so that it can be written as JSON and read back.
pub fn perplexity(nats: f64) -> f64 {
    nats.exp().min(f64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn a_uniform_guess_among_many_has_their_number_as_perplexity() {
        for count in [1.0f64, 2.0, 27.0, 65_536.0] {
            assert_relative_eq!(perplexity(count.ln()), count, max_relative = 1e-12);
            assert_relative_eq!(bits(count.ln()), count.log2(), max_relative = 1e-12);
        }
    }

    #[test]
    fn a_hopeless_model_has_a_finite_perplexity() {
        assert_eq!(perplexity(1e6), f64::MAX);
        assert_eq!(perplexity(f64::INFINITY), f64::MAX);
    }

    #[test]
    fn the_mean_of_many_scores_is_not_rounded_to_32_bits() {
        assert_eq!(mean(&[]), None);
        let scores = vec![0.1f32; 1 << 20];
        assert_relative_eq!(mean(&scores).unwrap(), f64::from(0.1f32), max_relative = 1e-12);
    }
}
