//! The figures of a run's summary, and which way each is better.

use serde::Serialize;
use serde_json::Value;

/// Which values of a figure are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// Lower ones, as of an error.
    Lower,
    /// Higher ones, as of an accuracy.
    Higher,
}

/// A figure of the runs, in their order; `None` where a run lacks it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Figure {
    /// Its path within the summary: `metrics.log_loss`.
    pub name: String,
    /// Which way is better, where its name tells.
    pub better: Option<Better>,
    /// Its value in each run.
    pub values: Vec<Option<f64>>,
}

/// The parts of a summary that judge the model itself.
const PARTS: [&str; 2] = ["metrics", "network"];

/// So deep lie the figures that are shown whatever their name is; further down are counts and statistics of tests.
const SHALLOW: usize = 2;

/// Names of errors and losses, as fields or as the end of them.
const LOWER: &[&str] = &[
    "bits_per_character",
    "calibration_error",
    "crps",
    "expected_error",
    "log_loss",
    "log_mse",
    "loss",
    "mae",
    "mape",
    "mase",
    "mean_absolute_error",
    "mse",
    "nats_per_character",
    "perplexity",
    "pinball",
    "qlike",
    "qlike_without_worst",
    "rmse",
    "scaled_mse",
];

/// Names of scores.
const HIGHER: &[&str] = &[
    "accuracy",
    "auc",
    "directional_accuracy",
    "f1",
    "macro_f1",
    "micro_f1",
    "precision",
    "r2",
    "recall",
    "skill",
    "skill_against_drift",
];

/// Which way a figure is better, as far as the last part of its path tells.
pub(crate) fn better(path: &str) -> Option<Better> {
    let name = path.rsplit('.').next().unwrap_or(path);
    match (LOWER.contains(&name), HIGHER.contains(&name)) {
        (true, _) => Some(Better::Lower),
        (_, true) => Some(Better::Higher),
        _ => None,
    }
}

/// Reads the figures of a summary by their path, in its order: the numbers within its `metrics` and `network`. Those
/// further down are left out unless their name says which way is better, and so are lists.
///
/// ```
/// let summary = serde_json::json!({ "seed": 3, "metrics": { "accuracy": 0.9, "calibration": { "bins": [1, 2] } } });
/// assert_eq!(recurrent_runs::figures(&summary), [("metrics.accuracy".to_owned(), 0.9)]);
/// ```
pub fn figures(summary: &Value) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    for part in PARTS {
        if let Some(value) = summary.get(part) {
            walk(value, part, 1, &mut found);
        }
    }
    found
}

fn walk(value: &Value, path: &str, depth: usize, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                walk(value, &format!("{path}.{name}"), depth + 1, found);
            }
        }
        Value::Number(number) if depth <= SHALLOW || better(path).is_some() => {
            found.extend(number.as_f64().map(|number| (path.to_owned(), number)));
        }
        _ => {}
    }
}

impl Figure {
    /// Puts the figures of some runs beside each other, in the order of the first that has them. Those that are one
    /// number in all runs that have them, and neither good nor bad, are left out.
    pub(crate) fn beside(runs: &[Vec<(String, f64)>]) -> Vec<Self> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in runs.iter().flatten() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let value = |run: &Vec<(String, f64)>, name: &str| {
            run.iter().find(|(own, _)| own == name).map(|(_, value)| *value)
        };
        let figure = |name: &str| Self {
            name: name.to_owned(),
            better: better(name),
            values: runs.iter().map(|run| value(run, name)).collect(),
        };
        let tells = |figure: &Self| {
            let known: Vec<f64> = figure.values.iter().flatten().copied().collect();
            figure.better.is_some() || known.windows(2).any(|pair| pair[0] != pair[1])
        };
        names.into_iter().map(figure).filter(tells).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_deep_down_need_a_name_that_tells() {
        let summary = json!({
            "best_loss": 0.1,
            "metrics": {
                "judged_on": "test",
                "reviews": 40,
                "floor": null,
                "risk": { "1": { "qlike": 0.3, "days": 1280 }, "coverage": { "0.05": { "hits": 3 } } },
            },
            "network": { "accuracy": 0.5 },
        });
        let names: Vec<_> = figures(&summary).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["metrics.reviews", "metrics.risk.1.qlike", "network.accuracy"]);
    }

    #[test]
    fn a_figure_that_tells_nothing_is_left_out() {
        let run = |reviews, loss| vec![("m.reviews".to_owned(), reviews), ("m.log_loss".to_owned(), loss)];
        let names = |runs: &[Vec<(String, f64)>]| {
            Figure::beside(runs).into_iter().map(|figure| figure.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&[run(40.0, 0.1), run(40.0, 0.1)]), ["m.log_loss"]);
        assert_eq!(names(&[run(40.0, 0.1), Vec::new()]), ["m.log_loss"]);
        assert_eq!(names(&[run(40.0, 0.1), run(41.0, 0.1)]), ["m.reviews", "m.log_loss"]);
    }

    #[test]
    fn no_name_is_good_and_bad() {
        assert!(LOWER.iter().all(|name| !HIGHER.contains(name)));
        assert_eq!(better("metrics.risk.5.r2"), Some(Better::Higher));
        assert_eq!(better("metrics.characters"), None);
    }
}
