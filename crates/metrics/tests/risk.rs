//! Scores and tests of risk agree with NumPy and SciPy: see goldens/README.md.

use approx::assert_relative_eq;
use recurrent_metrics::{
    forecast::diebold_mariano_of_losses,
    risk::{
        Coverage, LikelihoodRatio, VarianceScores, crps_of_quantiles, crps_of_sample, mean_pinball,
        qlike_losses,
    },
};
use serde::Deserialize;
use serde_json::Value;

const GOLDENS: &str = include_str!("goldens/risk.json");

fn goldens() -> Value {
    serde_json::from_str(GOLDENS).expect("the goldens are JSON")
}

fn read<T: for<'a> Deserialize<'a>>(value: &Value) -> T {
    serde_json::from_value(value.clone()).expect("the goldens have this form")
}

fn assert_close(found: f64, expected: &Value, what: &str) {
    let expected: f64 = read(expected);
    let difference = (found - expected).abs();
    assert!(difference <= 1e-9 * expected.abs().max(1.0), "{what}: {found}, expected {expected}");
}

#[test]
fn scores_of_variances_agree() {
    let goldens = goldens();
    let truth: Vec<f64> = read(&goldens["truth"]);
    for case in goldens["variance"].as_array().unwrap() {
        let forecast: Vec<f64> = read(&case["forecast"]);
        let scores = VarianceScores::of(&truth, &forecast).unwrap();
        let in_logs = scores.in_logs.unwrap();
        for (found, name) in [
            (scores.qlike, "qlike"),
            (scores.qlike_without_worst.unwrap(), "qlike_without_worst"),
            (scores.log_mse, "log_mse"),
            (scores.ratio, "ratio"),
        ] {
            assert_close(found, &case[name], name);
        }
        for (found, name) in [(in_logs.intercept, "intercept"), (in_logs.slope, "slope"), (in_logs.r2, "r2")]
        {
            assert_close(found, &case["in_logs"][name], name);
        }
    }
}

#[test]
fn tests_of_losses_agree() {
    let goldens = goldens();
    let truth: Vec<f64> = read(&goldens["truth"]);
    let losses = [0, 1].map(|case: usize| {
        let forecast: Vec<f64> = read(&goldens["variance"][case]["forecast"]);
        qlike_losses(&truth, &forecast).unwrap()
    });
    for case in goldens["diebold_mariano"].as_array().unwrap() {
        let days = case["days"].as_u64().map_or(truth.len(), |days| days as usize);
        let horizon: usize = read(&case["horizon"]);
        let test = diebold_mariano_of_losses(&losses[0][..days], &losses[1][..days], horizon).unwrap();
        assert_close(test.statistic, &case["statistic"], "statistic");
        assert_close(test.p_value, &case["p_value"], "p-value");
    }
}

#[test]
fn tests_of_coverage_agree() {
    for case in goldens()["coverage"].as_array().unwrap() {
        let hits: Vec<u8> = read(&case["hits"]);
        let hits: Vec<bool> = hits.iter().map(|hit| *hit == 1).collect();
        let coverage = Coverage::of(&hits, read(&case["level"])).unwrap();
        let same = |test: LikelihoodRatio, name: &str| {
            assert_close(test.statistic, &case[name]["statistic"], name);
            assert_close(test.p_value, &case[name]["p_value"], name);
        };
        same(coverage.unconditional, "unconditional");
        same(coverage.independence, "independence");
        same(coverage.conditional, "conditional");
    }
}

#[test]
fn scores_of_quantiles_and_samples_agree() {
    let case = &goldens()["quantiles"];
    let returns: Vec<f64> = read(&case["returns"]);
    let quantiles: Vec<f64> = read(&case["quantiles"]);
    let sample: Vec<f64> = read(&case["sample"]);
    for part in case["pinball"].as_array().unwrap() {
        let level: f64 = read(&part["level"]);
        let quantile = quantiles[(level * 200.0).round() as usize - 1];
        assert_close(
            mean_pinball(&returns, &vec![quantile; returns.len()], level).unwrap(),
            &part["mean"],
            "pinball",
        );
    }
    for (place, truth) in returns.iter().enumerate() {
        assert_close(crps_of_quantiles(*truth, &quantiles).unwrap(), &case["crps"][place], "quantiles");
        assert_close(crps_of_sample(*truth, &sample).unwrap(), &case["crps_of_sample"][place], "sample");
    }
}

#[test]
fn a_statistic_of_the_other_order_has_the_other_sign() {
    let (first, second) = ([1.0, 2.0, 0.5, 3.0, 1.0, 2.5], [0.5, 2.5, 0.5, 2.0, 1.5, 1.0]);
    let there = diebold_mariano_of_losses(&first, &second, 1).unwrap();
    let back = diebold_mariano_of_losses(&second, &first, 1).unwrap();
    assert_relative_eq!(there.statistic, -back.statistic);
    assert_relative_eq!(there.p_value, back.p_value);
}
