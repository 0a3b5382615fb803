//! Conformal radii agree with NumPy, and hold as often as they say where days are exchangeable: see goldens/README.md.

use std::collections::BTreeMap;

use rand_distr::{Distribution, Open01};
use recurrent_volatility::Seed;
use recurrent_volatility::conformal::{Method, misses, split};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    scores: Vec<f64>,
    radii: BTreeMap<String, Radii>,
}

#[derive(Deserialize)]
struct Radii {
    split: [f64; 2],
    adaptive: Vec<f64>,
}

#[test]
fn radii_are_those_of_numpy() {
    let golden: Golden = serde_json::from_str(include_str!("goldens/conformal.json")).unwrap();
    for (miss, expected) in &golden.radii {
        let miss = miss.parse().unwrap();
        let found = Method::Split.calibrated(&golden.scores, miss).unwrap();
        assert_eq!(found.calibration, 200);
        assert_eq!([found.radii[0], found.next], expected.split, "{miss}");
        let found = Method::Adaptive.calibrated(&golden.scores, miss).unwrap();
        let all: Vec<f64> = found.radii.iter().copied().chain([found.next]).collect();
        assert_eq!(all, expected.adaptive, "{miss}");
    }
}

#[test]
fn exchangeable_days_are_held_as_often_as_is_said_and_hardly_more() {
    let (seed, tries) = (11, 4000);
    let mut draws = Seed(seed).stream(&[]);
    for (count, miss) in [(20, 0.2), (39, 0.05), (99, 0.1)] {
        let mut held = 0;
        for _ in 0..tries {
            // Heavy tails, which no normal quantile fits.
            let scores: Vec<f64> =
                (0..=count).map(|_| 1.0 / Distribution::<f64>::sample(&Open01, &mut draws)).collect();
            held += usize::from(scores[count] <= split(&scores[..count], miss).unwrap());
        }
        let (share, error) = (held as f64 / tries as f64, (miss * (1.0 - miss) / tries as f64).sqrt());
        let expected = 1.0 - miss;
        // Between 1 - miss and 1 - miss + 1 / (n + 1), but for the draws.
        assert!(share > expected - 3.0 * error, "seed {seed}: {count} days hold {share} of {expected}");
        let most = expected + 1.0 / (count + 1) as f64 + 3.0 * error;
        assert!(share < most, "seed {seed}: {count} days hold {share} of {expected}");
    }
}

#[test]
fn only_the_adaptive_way_follows_times_that_change() {
    let mut draws = Seed(12).stream(&[]);
    let scores: Vec<f64> = (0..3000)
        .map(|day| Distribution::<f64>::sample(&Open01, &mut draws) * if day < 600 { 1.0 } else { 2.0 })
        .collect();
    let missed = |method: Method| {
        let found = method.calibrated(&scores, 0.1).unwrap();
        let missed = misses(&scores[found.calibration..], &found.radii);
        missed.iter().filter(|miss| **miss).count() as f64 / missed.len() as f64
    };
    let (split, adaptive) = (missed(Method::Split), missed(Method::Adaptive));
    assert!(split > 0.4, "{split}");
    assert!((adaptive - 0.1).abs() < 0.02, "{adaptive}");
}
