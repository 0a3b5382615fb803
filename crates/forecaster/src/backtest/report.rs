//! A backtest in words and tables.

use recurrent_report::{counted, significant};

use super::summary::{BacktestSummary, PriceBacktest, RiskBacktest};
use crate::risk::RiskModel;
use crate::risk::report::{heading, row};

/// The figures of a backtest as a text.
pub fn text(summary: &BacktestSummary) -> String {
    let mut text = format!(
        "{}, {} to {}, each forecast from the days before its refit\n\n{:26} {:>12} {:>8}\n",
        counted(summary.days, "day"),
        summary.from,
        summary.until,
        "price",
        "scaled MSE",
        "DM p"
    );
    for (name, PriceBacktest { scaled_mse, diebold_mariano }) in &summary.price {
        text += &format!(
            "{name:26} {:>12} {:>8}\n",
            significant(*scaled_mse, 5),
            p(diebold_mariano.map(|test| test.p_value))
        );
    }
    text += &format!("\n{}", heading("risk"));
    for (model, RiskBacktest { scores, diebold_mariano }) in in_order(summary) {
        text += &row(model, scores, diebold_mariano.get("1").map(|test| test.p_value));
    }
    text
}

fn in_order(summary: &BacktestSummary) -> impl Iterator<Item = (RiskModel, &RiskBacktest)> {
    RiskModel::ALL.into_iter().filter_map(|model| Some((model, summary.risk.get(&model)?)))
}

fn p(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |p| format!("{p:.3}"))
}
