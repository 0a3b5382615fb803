//! How the next token is chosen from the network's logits.

use serde::{Deserialize, Serialize};

/// How the next token is chosen.
///
/// ```
/// use recurrent_language_model::Sampling;
///
/// let logits = [0.0, 2.0, 1.0];
/// assert_eq!(Sampling::greedy().choose(&logits, 0.9), 1);
/// let sampling = Sampling::default().temperature(0.7).top_k(2);
/// assert_eq!((sampling.choose(&logits, 0.0), sampling.choose(&logits, 0.99)), (1, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sampling {
    /// The likeliest one.
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

/// A number that says how to choose is out of its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("a {name} of {found} cannot be used; choose {expected}")]
pub struct SamplingFault {
    name: &'static str,
    found: String,
    expected: &'static str,
}

impl Default for Sampling {
    /// Draws by the probabilities as they are.
    fn default() -> Self {
        Self::Sample { temperature: 1.0, top_k: None, top_p: None }
    }
}

impl Sampling {
    /// Takes the likeliest token each time.
    pub fn greedy() -> Self {
        Self::Greedy
    }

    /// Divides the logits by a number above 0: below 1 safer, above 1 wilder. A greedy choice stays one, here and below: the
    /// likeliest is so at any temperature.
    pub fn temperature(mut self, by: f64) -> Self {
        if let Self::Sample { temperature, .. } = &mut self {
            *temperature = by;
        }
        self
    }

    /// Draws from so many of the likeliest alone; at least 1.
    pub fn top_k(mut self, most: usize) -> Self {
        if let Self::Sample { top_k, .. } = &mut self {
            *top_k = Some(most);
        }
        self
    }

    /// Draws from the fewest of the likeliest that have this much probability together; above 0, up to 1.
    pub fn top_p(mut self, share: f64) -> Self {
        if let Self::Sample { top_p, .. } = &mut self {
            *top_p = Some(share);
        }
        self
    }

    /// Checks every number.
    ///
    /// # Errors
    /// One is out of its range.
    pub fn check(&self) -> Result<(), SamplingFault> {
        let Self::Sample { temperature, top_k, top_p } = *self else { return Ok(()) };
        let fault = |name, found, expected| Err(SamplingFault { name, found, expected });
        if !(temperature > 0.0 && temperature.is_finite()) {
            return fault("temperature", temperature.to_string(), "a finite number above 0");
        }
        if top_k == Some(0) {
            return fault("top-k", "0".to_owned(), "a whole number of at least 1");
        }
        match top_p.filter(|share| !(*share > 0.0 && *share <= 1.0)) {
            Some(share) => fault("top-p", share.to_string(), "a number above 0, up to 1"),
            None => Ok(()),
        }
    }

    /// Chooses a place of `logits`. `random`, uniform in `[0, 1)`, decides what is drawn; of equal logits the first counts
    /// as the likelier.
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

    fn sample(temperature: f64, top_k: Option<usize>, top_p: Option<f64>) -> Sampling {
        Sampling::Sample { temperature, top_k, top_p }
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

    #[test]
    fn what_cannot_be_used_is_named() {
        let said = |sampling: Sampling| sampling.check().unwrap_err().to_string();
        insta::assert_snapshot!(said(Sampling::default().temperature(0.0)), @"a temperature of 0 cannot be used; choose a finite number above 0");
        insta::assert_snapshot!(said(Sampling::default().temperature(f64::NAN)), @"a temperature of NaN cannot be used; choose a finite number above 0");
        insta::assert_snapshot!(said(Sampling::default().top_k(0)), @"a top-k of 0 cannot be used; choose a whole number of at least 1");
        insta::assert_snapshot!(said(Sampling::default().top_p(1.5)), @"a top-p of 1.5 cannot be used; choose a number above 0, up to 1");
        assert_eq!(Sampling::greedy().temperature(-1.0).check(), Ok(()));
        assert_eq!(Sampling::default().temperature(0.5).top_k(3).top_p(1.0).check(), Ok(()));
    }

    #[test]
    fn it_is_written_as_runs_have_it() {
        let written = |sampling: Sampling| serde_json::to_string(&sampling).unwrap();
        assert_eq!(written(Sampling::greedy()), r#""greedy""#);
        let sampling = Sampling::default().temperature(0.8);
        let text = r#"{"sample":{"temperature":0.8,"top_k":null,"top_p":null}}"#;
        assert_eq!(written(sampling), text);
        assert_eq!(serde_json::from_str::<Sampling>(text).unwrap(), sampling);
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
            prop_assert_eq!(sample(temperature, Some(1), None).choose(&logits, random), Sampling::Greedy.choose(&logits, 0.0));
            prop_assert!(rank(sample(1e-9, None, None).choose(&logits, random)) == 0);
        }
    }
}
