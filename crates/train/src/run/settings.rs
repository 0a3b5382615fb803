//! The settings of a run as one list: each under the path that leads to it, such as `train.learning_rate`.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// One setting.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Setting {
    /// Yes or no.
    Switch(bool),
    /// A number that 64 bits hold as it is.
    Number(f64),
    /// Words; also a list, and a number of too many digits.
    Text(String),
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(is_on) => f.write_str(if *is_on { "yes" } else { "no" }),
            Self::Number(number) if (1e-300..1e-4).contains(&number.abs()) => write!(f, "{number:e}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Lays settings out flat. What is `null` is absent, and a list is one text.
pub(crate) fn flat(settings: &Value) -> BTreeMap<String, Setting> {
    let mut all = BTreeMap::new();
    lay_out(settings, String::new(), &mut all);
    all
}

fn lay_out(value: &Value, path: String, all: &mut BTreeMap<String, Setting>) {
    let setting = match value {
        Value::Null => return,
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                lay_out(value, path, all);
            }
            return;
        }
        Value::Bool(is_on) => Setting::Switch(*is_on),
        Value::Number(number) => match number.as_f64().filter(|float| is_exact(number, *float)) {
            Some(float) => Setting::Number(float),
            None => Setting::Text(number.to_string()),
        },
        Value::String(text) => Setting::Text(text.clone()),
        Value::Array(values) => Setting::Text(values.iter().map(words).collect::<Vec<_>>().join(", ")),
    };
    all.insert(path, setting);
}

/// Whether a float says what a number does: a whole number of more than 53 bits may have another.
fn is_exact(number: &serde_json::Number, float: f64) -> bool {
    const EXACT: f64 = (1u64 << f64::MANTISSA_DIGITS) as f64;
    number.is_f64() || float.abs() < EXACT
}

fn words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_setting_has_its_path() {
        let settings = json!({
            "seed": u64::MAX,
            "train": { "learning_rate": 0.01, "optimiser": { "adam": { "beta_1": 0.9, "epsilon": 1e-8 } }, "watch": null },
            "classes": { "names": ["good", "bad"], "ordered": false },
            "weights": [1.0, 2.5],
        });
        let lines: Vec<_> =
            flat(&settings).iter().map(|(path, setting)| format!("{path}: {setting}")).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        classes.names: good, bad
        classes.ordered: no
        seed: 18446744073709551615
        train.learning_rate: 0.01
        train.optimiser.adam.beta_1: 0.9
        train.optimiser.adam.epsilon: 1e-8
        weights: 1.0, 2.5
        ");
    }
}
