//! Charts: prices and forecasts by day, and the losses of a training. Files are not written here.

use std::ops::Range;

use recurrent_data::prices::Moment;
use recurrent_report::{LineChart, Series, counted, loss_curves};
use recurrent_train::EpochRecord;

use crate::forecaster::Day;
use crate::forecasts::Forecasts;
use crate::prices::Prices;

/// Days in the close-up.
const CLOSE_UP: usize = 90;
/// Known days before those that are forecast.
const BEFORE: usize = 60;

/// The charts of a training and of what its model forecasts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plots {
    /// The price by day.
    pub price: LineChart,
    /// Forecast and truth by day.
    pub forecast: LineChart,
    /// The same over the last test windows, where single days can be told apart.
    pub close_up: LineChart,
    /// The losses by epoch.
    pub loss: LineChart,
    /// Forecast and truth after the first few epochs.
    pub early: Option<LineChart>,
}

impl Plots {
    /// Draws what a training found on the prices of that name; `early` are the forecasts after that many epochs.
    pub fn new(
        prices: &Prices,
        name: &str,
        history: &[EpochRecord],
        forecasts: &Forecasts,
        early: Option<(usize, Forecasts)>,
    ) -> Self {
        let title = format!("{name}: forecast and truth");
        let after = |epochs| format!("{title} after {}", counted(epochs, "epoch"));
        Self {
            price: price(prices, name),
            early: early.map(|(epochs, forecasts)| forecast(prices, after(epochs), &forecasts)),
            forecast: forecast(prices, title.clone(), forecasts),
            close_up: close_up(prices, name, forecasts),
            loss: loss(history),
        }
    }

    /// The charts by name.
    pub fn named(&self) -> Vec<(&'static str, &LineChart)> {
        let always = [
            ("price", &self.price),
            ("forecast", &self.forecast),
            ("close_up", &self.close_up),
            ("loss", &self.loss),
        ];
        always.into_iter().chain(self.early.as_ref().map(|chart| ("early", chart))).collect()
    }
}

/// The days to come, with their intervals of probability `level`, after the last known ones.
pub fn ahead(prices: &Prices, name: &str, days: &[Day], level: f64) -> LineChart {
    let count = prices.windows.len();
    let known = truth(prices, count.saturating_sub(BEFORE)..count);
    // Forecast and interval start from the last known price, so that neither hangs in the air.
    let (last, price) = known[known.len() - 1];
    let forecast = days.iter().map(|it| (day(it.date), it.value));
    let bounds = days.iter().map(|it| (day(it.date), it.low, it.high));
    chart(format!("{name}: the next {}", counted(days.len(), prices.unit)))
        .series(Series::line("price", known))
        .series(Series::dashed("forecast", [(last, price)].into_iter().chain(forecast).collect()))
        .series(Series::band(
            format!("{}% interval", percent(level)),
            [(last, price, price)].into_iter().chain(bounds).collect(),
        ))
}

fn price(prices: &Prices, name: &str) -> LineChart {
    let windows = &prices.windows;
    chart(format!("{name}: price"))
        .series(Series::line("price", truth(prices, 0..windows.len())))
        .mark(day(windows.target_date(prices.split.test.start)), "test")
}

fn forecast(prices: &Prices, title: String, forecasts: &Forecasts) -> LineChart {
    let test = prices.split.test.clone();
    let chart = chart(title).series(Series::line("truth", truth(prices, 0..test.end)));
    let chart = if test.start == 0 {
        chart
    } else {
        chart.series(Series::dashed("forecast, training", by_day(prices, 0..test.start, &forecasts.before)))
    };
    chart
        .series(Series::dashed("forecast, test", by_day(prices, test.clone(), &forecasts.test)))
        .mark(day(prices.windows.target_date(test.start)), "test")
}

fn close_up(prices: &Prices, name: &str, forecasts: &Forecasts) -> LineChart {
    let test = prices.split.test.clone();
    let shown = test.end.saturating_sub(CLOSE_UP).max(test.start)..test.end;
    let forecast = &forecasts.test[shown.start - test.start..];
    chart(format!("{name}: the last {}", counted(shown.len(), prices.unit)))
        .series(Series::line("truth", truth(prices, shown.clone())))
        .series(Series::dashed("forecast", by_day(prices, shown, forecast)))
}

fn loss(history: &[EpochRecord]) -> LineChart {
    let training: Vec<f64> = history.iter().map(|epoch| epoch.train_loss).collect();
    let validation = history.iter().map(|epoch| epoch.validation_loss);
    let validation: Vec<f64> = match validation.clone().flatten().next() {
        Some(_) => validation.map(|loss| loss.unwrap_or(f64::NAN)).collect(),
        None => Vec::new(),
    };
    let best = history.iter().rev().find(|epoch| epoch.best).map(|epoch| epoch.epoch);
    loss_curves(&training, &validation, best, "mean squared error of scaled prices")
}

/// A share in hundredths, with as many decimals as it has, up to 6.
pub(crate) fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

/// An empty chart of prices by day.
fn chart(title: String) -> LineChart {
    LineChart::new(title, "", "price").dates()
}

fn truth(prices: &Prices, range: Range<usize>) -> Vec<(f64, f64)> {
    let windows = &prices.windows;
    range.map(|i| (day(windows.target_date(i)), windows.target_price(i))).collect()
}

fn by_day(prices: &Prices, range: Range<usize>, forecast: &[f64]) -> Vec<(f64, f64)> {
    range.zip(forecast).map(|(i, price)| (day(prices.windows.target_date(i)), *price)).collect()
}

/// Days since 1970-01-01, the unit of a chart's dates.
fn day(moment: Moment) -> f64 {
    moment.days()
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_level_keeps_its_decimals() {
        let shown = [0.9, 0.995, 0.07, 0.999_999].map(|level| percent(level).to_string());
        assert_eq!(shown, ["90", "99.5", "7", "99.9999"]);
    }
}
