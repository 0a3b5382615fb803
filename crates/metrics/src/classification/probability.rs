//! The probability that a logit stands for, and how much the probabilities of some logits lose.

/// The probability of a logit: the logistic function, `1 / (1 + exp(-logit))`.
pub fn logistic(logit: f32) -> f64 {
    1.0 / (1.0 + (-f64::from(logit)).exp())
}

/// The mean binary cross-entropy of scores, which are logits, in nats; computed so that none overflows.
///
/// ```
/// use recurrent_metrics::classification::log_loss;
///
/// // A score of 0 is a probability of one half, whatever comes.
/// assert!((log_loss(&[0.0, 0.0], &[true, false]) - 2.0f64.ln()).abs() < 1e-12);
/// ```
///
/// # Panics
/// There are not as many labels as scores, or none.
pub fn log_loss(scores: &[f32], labels: &[bool]) -> f64 {
    mean(scores, labels, |score, label| {
        let score = f64::from(score);
        score.max(0.0) - score * f64::from(label) + (-score.abs()).exp().ln_1p()
    })
}

/// The mean squared distance between the probability of being positive and 1 or 0, which a sample is (Brier 1950). Scores are
/// logits.
///
/// # Panics
/// There are not as many labels as scores, or none.
pub fn brier_score(scores: &[f32], labels: &[bool]) -> f64 {
    mean(scores, labels, |score, label| (logistic(score) - f64::from(label)).powi(2))
}

fn mean(scores: &[f32], labels: &[bool], loss: impl Fn(f32, bool) -> f64) -> f64 {
    assert!(scores.len() == labels.len() && !scores.is_empty(), "one label a score, and at least one");
    scores.iter().zip(labels).map(|(score, label)| loss(*score, *label)).sum::<f64>() / scores.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_any_size_have_a_finite_loss() {
        assert_eq!(log_loss(&[1e30, -1e30], &[true, false]), 0.0);
        assert_eq!(log_loss(&[-1e4], &[true]), 1e4);
    }

    #[test]
    fn the_brier_score_is_a_squared_distance() {
        let odds_of_3 = 3.0f32.ln(); // a probability of 3/4
        let expected = (0.0625 + 0.5625 + 0.0625) / 3.0;
        let found = brier_score(&[odds_of_3, odds_of_3, -odds_of_3], &[true, false, false]);
        assert!((found - expected).abs() < 1e-7, "{found}, not {expected}");
        assert_eq!(brier_score(&[1e30, -1e30], &[false, false]), 0.5);
    }

    #[test]
    fn probabilities_of_the_largest_logits_are_0_and_1() {
        assert_eq!((logistic(f32::MIN), logistic(0.0), logistic(f32::MAX)), (0.0, 0.5, 1.0));
    }

    #[test]
    #[should_panic(expected = "one label a score, and at least one")]
    fn a_score_without_a_label_is_refused() {
        log_loss(&[1.0, 2.0], &[true]);
    }
}
