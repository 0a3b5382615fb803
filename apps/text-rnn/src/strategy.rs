//! How the next character is chosen from the network's logits.

use serde::{Deserialize, Serialize};

/// How the next character is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// The likeliest one: the chapter's way.
    Greedy,
    /// One drawn by its probability.
    Sample {
        /// What the logits are divided by; above 0.
        temperature: f64,
        /// Draw from so many of the likeliest alone; at least 1.
        top_k: Option<usize>,
        /// Draw from the fewest of the likeliest that have this much probability together (nucleus sampling, Holtzman et
        /// al. 2019); above 0, up to 1. It is applied after `top_k`.
        top_p: Option<f64>,
    },
}

impl Strategy {
    /// Chooses a place of `logits`. `random`, uniform in `[0, 1)`, decides what is drawn; of equal logits the first counts
    /// as the likelier.
    ///
    /// ```
    /// use text_rnn::strategy::Strategy;
    ///
    /// let logits = [0.0, 2.0, 1.0];
    /// assert_eq!(Strategy::Greedy.choose(&logits, 0.9), 1);
    /// let sample = Strategy::Sample { temperature: 1.0, top_k: Some(2), top_p: None };
    /// assert_eq!((sample.choose(&logits, 0.0), sample.choose(&logits, 0.99)), (1, 2));
    /// ```
    ///
    /// # Panics
    /// There is no logit.
    pub fn choose(self, logits: &[f32], random: f64) -> usize {
        assert!(!logits.is_empty(), "no logit to choose from");
        match self {
            Self::Greedy => likeliest(logits),
            Self::Sample { temperature, top_k, top_p } => {
                let (places, weights) = candidates(logits, temperature, top_k, top_p);
                draw(&places, &weights, random)
            }
        }
    }
}

fn likeliest(logits: &[f32]) -> usize {
    (0..logits.len()).rev().max_by(|a, b| logits[*a].total_cmp(&logits[*b])).expect("at least one logit")
}

/// The places to draw from, the likeliest first, and their weights.
fn candidates(
    logits: &[f32],
    temperature: f64,
    top_k: Option<usize>,
    top_p: Option<f64>,
) -> (Vec<usize>, Vec<f64>) {
    let mut places: Vec<usize> = (0..logits.len()).collect();
    places.sort_by(|a, b| logits[*b].total_cmp(&logits[*a]));
    places.truncate(top_k.unwrap_or(usize::MAX).max(1));
    let highest = f64::from(logits[places[0]]);
    // Differences from the highest, so that no temperature overflows.
    let mut weights: Vec<f64> =
        places.iter().map(|place| ((f64::from(logits[*place]) - highest) / temperature).exp()).collect();
    if let Some(top_p) = top_p {
        let wanted = top_p * weights.iter().sum::<f64>();
        let mut sum = 0.0;
        let before = weights.iter().take_while(|weight| {
            let needed = sum < wanted;
            sum += **weight;
            needed
        });
        let kept = before.count().max(1);
        places.truncate(kept);
        weights.truncate(kept);
    }
    (places, weights)
}

fn draw(places: &[usize], weights: &[f64], random: f64) -> usize {
    let mut left = random * weights.iter().sum::<f64>();
    for (place, weight) in places.iter().zip(weights) {
        if left < *weight {
            return *place;
        }
        left -= weight;
    }
    places[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

    fn sample(temperature: f64, top_k: Option<usize>, top_p: Option<f64>) -> Strategy {
        Strategy::Sample { temperature, top_k, top_p }
    }

    #[test]
    fn frequencies_are_the_probabilities() {
        let logits = [1.0f32, 0.0, 2.0, -1.0];
        let temperature = 0.7;
        let count = 100_000;
        let mut seen = [0.0; 4];
        for i in 0..count {
            seen[sample(temperature, None, None).choose(&logits, (f64::from(i) + 0.5) / f64::from(count))] +=
                1.0;
        }
        let weights = logits.map(|logit| (f64::from(logit) / temperature).exp());
        let sum: f64 = weights.iter().sum();
        for (seen, weight) in seen.iter().zip(weights) {
            assert!(
                (seen / f64::from(count) - weight / sum).abs() < 1e-4,
                "{seen} of {count}, {}",
                weight / sum
            );
        }
    }

    proptest! {
        #[test]
        fn top_k_and_top_p_leave_the_likeliest(
            logits in prop::collection::vec(-30f32..30.0, 1..60), random in 0.0..1.0f64,
            temperature in 0.01..100.0f64, top_k in 1usize..70, top_p in 0.001..=1.0f64,
        ) {
            let rank = |place: usize| logits.iter().filter(|logit| **logit > logits[place]).count();
            prop_assert!(rank(sample(temperature, Some(top_k), None).choose(&logits, random)) < top_k);
            let place = sample(temperature, None, Some(top_p)).choose(&logits, random);
            let weight = |place: usize| (f64::from(logits[place]) / temperature).exp();
            let likelier: f64 = (0..logits.len()).filter(|other| logits[*other] > logits[place]).map(weight).sum();
            let sum: f64 = (0..logits.len()).map(weight).sum();
            prop_assert!(!sum.is_finite() || likelier < top_p * sum * (1.0 + 1e-9));
            prop_assert_eq!(sample(temperature, Some(1), None).choose(&logits, random), Strategy::Greedy.choose(&logits, 0.0));
            prop_assert!(rank(sample(1e-9, None, None).choose(&logits, random)) == 0);
        }
    }
}
