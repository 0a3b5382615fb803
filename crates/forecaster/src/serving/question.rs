//! A question to a forecaster, as it is sent and as it is checked.

use std::ops::RangeInclusive;
use std::sync::Arc;

use recurrent_data::prices::{PriceTable, Reading, read_from};
use recurrent_serve::Problem;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Quoted;
use crate::error::Error;
use crate::stepwise::Stepwise;

/// Days that may be forecast.
pub(super) const DAYS: RangeInclusive<usize> = 1..=250;
/// Days before them that may be asked for.
const HISTORY: usize = 1_000;

/// A question as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    prices: Option<Map<String, Value>>,
    csv: Option<String>,
    #[serde(default = "days")]
    days: usize,
    #[serde(default = "level")]
    level: f64,
    #[serde(default)]
    history: usize,
}

fn days() -> usize {
    5
}

fn level() -> f64 {
    0.9
}

/// A question that a model can answer.
#[derive(Debug)]
pub struct Question {
    pub(super) forecast: Stepwise,
    pub(super) of: Of,
    pub(super) level: f64,
    pub(super) history: usize,
}

/// Whose prices they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Model,
    Question,
}

impl Asked {
    /// What the model is to do.
    pub(super) fn check(self, model: &Quoted) -> Result<Question, Problem> {
        let (level, history) = (self.level, self.history);
        if !DAYS.contains(&self.days) {
            let (days, first, last) = (self.days, DAYS.start(), DAYS.end());
            return Err(Problem::unprocessable(format!("`days` is {days}, expected {first} to {last}")));
        }
        if !(level > 0.0 && level < 1.0) {
            return Err(Problem::unprocessable(format!(
                "`level` is {level}, expected a number above 0 and below 1"
            )));
        }
        if history > HISTORY {
            return Err(Problem::unprocessable(format!(
                "`history` is {history}, expected at most {HISTORY}"
            )));
        }
        let (forecaster, days) = (&model.forecaster, self.days);
        let csv = match (self.prices, self.csv) {
            (Some(_), Some(_)) => {
                return Err(Problem::unprocessable("expected one of `prices` and `csv`, not both"));
            }
            (Some(columns), None) => Some(written(&columns)?),
            (None, csv) => csv,
        };
        let (forecast, of) = match (csv, &model.own) {
            (Some(csv), _) => {
                let table = read(&csv, &forecaster.columns())?;
                let prices = Arc::new(forecaster.prices(&table).map_err(unusable)?);
                (Stepwise::new(forecaster.settings(), &table, prices, Vec::new(), days), Of::Question)
            }
            (None, Some(own)) => {
                let past = own.known.get().map(|known| known.past.clone()).unwrap_or_default();
                (Stepwise::new(forecaster.settings(), &own.table, own.prices.clone(), past, days), Of::Model)
            }
            (None, None) => {
                let detail = "the model has no prices of its own; send `prices` or `csv`";
                return Err(Problem::unprocessable(detail));
            }
        };
        Ok(Question { forecast: forecast.map_err(unusable)?, of, level, history })
    }
}

/// Prices that cannot be forecast.
pub(super) fn unusable(error: Error) -> Problem {
    Problem::unprocessable(error.to_string())
}

fn read(csv: &str, columns: &[&str]) -> Result<PriceTable, Problem> {
    // An archive could unpack to far more than was sent.
    if csv.starts_with("PK") {
        return Err(Problem::unprocessable("`csv` is an archive, expected the table itself"));
    }
    let table = read_from(csv.as_bytes(), "prices", columns, &Reading::default());
    table.map_err(|error| Problem::unprocessable(error.to_string()))
}

/// Columns as a table, so that they are read as a table is.
fn written(columns: &Map<String, Value>) -> Result<String, Problem> {
    let lists: Option<Vec<&Vec<Value>>> = columns.values().map(Value::as_array).collect();
    let lists = lists.ok_or_else(|| {
        Problem::unprocessable("each of `prices` is to be a list, such as `Date` and `Close`")
    })?;
    let rows = lists.first().map_or(0, |list| list.len());
    if lists.iter().any(|list| list.len() != rows) {
        return Err(Problem::unprocessable("the lists of `prices` are to be equally long"));
    }
    let mut csv = columns.keys().map(|name| quoted(name)).collect::<Vec<_>>().join(",");
    for row in 0..rows {
        let fields: Vec<String> = lists.iter().map(|list| field(&list[row])).collect();
        csv += "\n";
        csv += &fields.join(",");
    }
    Ok(csv + "\n")
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => quoted(text),
        other => quoted(&other.to_string()),
    }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// What may be asked, as a JSON schema.
pub(super) fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "prices": {
                "type": "object",
                "description": "Lists by name, equally long: `Date`, and the columns that the model reads. Without it and `csv` the \
                                model's own prices are forecast",
                "additionalProperties": { "type": "array", "items": { "type": ["string", "number", "null"] } },
            },
            "csv": { "type": "string", "description": "The same as a table, in any form that exchanges write" },
            "days": { "type": "integer", "minimum": DAYS.start(), "maximum": DAYS.end(), "default": days() },
            "level": {
                "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "default": level(),
                "description": "The probability that a day's interval is meant to hold its price",
            },
            "history": { "type": "integer", "minimum": 0, "maximum": HISTORY, "default": 0 },
        },
        "examples": [{ "days": 10, "history": 60 }],
    })
}

/// What is answered, as a JSON schema.
pub(super) fn answer_schema() -> Value {
    let (number, text) = (json!({ "type": "number" }), json!({ "type": "string" }));
    json!({
        "type": "object",
        "properties": {
            "last_date": text, "last_price": number, "level": number, "unit": text,
            "intervals": {
                "enum": ["risk", "past_errors"],
                "description": "What they follow: the risk that is forecast, or the errors a day ahead in the past",
            },
            "days": { "type": "array", "items": {
                "type": "object",
                "properties": { "date": text, "price": number, "low": number, "high": number },
            } },
            "verdict": { "type": "string", "description": "How far to trust it: the model beside simple baselines" },
            "history": { "type": "array", "items": {
                "type": "object", "properties": { "date": text, "price": number },
            } },
        },
    })
}
