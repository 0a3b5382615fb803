//! `forecast`: the next days, each with an interval.

use recurrent_data::prices::LatestWindow;
use recurrent_program::Screen;
use serde::Serialize;

use crate::batches;
use crate::flags::ForecastFlags;
use crate::interval::{fan, residuals};
use crate::model::Batch;
use crate::saved::Saved;
use crate::summary::{DataFacts, PROGRAM};
use crate::train::judge;

#[derive(Serialize)]
struct Forecast {
    program: &'static str,
    data: DataFacts,
    last_date: String,
    last_price: f64,
    level: f64,
    days: Vec<Day>,
    verdict: String,
}

#[derive(Serialize)]
struct Day {
    date: String,
    price: f64,
    low: f64,
    high: f64,
}

/// Forecasts and prints. Each day's forecast is fed back as the next day's input; the interval is drawn from the
/// model's errors on the test windows, which it was not trained on.
///
/// # Errors
/// The run or the prices cannot be read, or a forecast is no price.
pub fn forecast(flags: &ForecastFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let mut saved = Saved::read(&flags.source, &flags.common, screen)?;
    if saved.keep_own_data(&flags.source).is_err() {
        screen.note("note: the prices have changed since the run was trained on them");
    }
    let mut latest = LatestWindow::new(&saved.prices.table, &saved.settings.windows)?;
    let (last_date, last_price) = (latest.last_date().to_string(), latest.last_price());
    let (mut dates, mut path) = (Vec::new(), Vec::new());
    for _ in 0..flags.days {
        let shape = [latest.window(), latest.features()];
        let batch = Batch { inputs: latest.inputs().to_vec(), targets: Vec::new(), shape };
        let price = latest.unscale(saved.model.predict(&batch)[0]);
        latest.slide(price)?;
        dates.push(latest.last_date().to_string());
        path.push(price);
    }
    let test = saved.prices.split.test.clone();
    let past = batches::forecast(&saved.model, &saved.prices.windows, test.clone());
    let errors = residuals(saved.prices.raw(test).truth(), &past)?;
    let ranges = fan(&path, &errors, flags.level, saved.settings.train.seed)?;
    let days = dates.into_iter().zip(path.into_iter().zip(ranges));
    let days =
        days.map(|(date, (price, range))| Day { date, price, low: range.low, high: range.high }).collect();
    let verdict = judge(&saved.prices, &saved.model)?.judgement.verdict;
    let data = DataFacts::new(&saved.settings.origin.source, &saved.prices);
    let forecast =
        Forecast { program: PROGRAM, data, last_date, last_price, level: flags.level, days, verdict };
    screen.result(&forecast, &text(&forecast))
}

fn text(forecast: &Forecast) -> String {
    let Forecast { data, last_date, last_price, .. } = forecast;
    let mut text = format!("{}: last price {last_price:.2} on {last_date}\n\n", data.words());
    text += &format!(
        "{:12} {:>12} {:>25}\n",
        "date",
        "forecast",
        format!("{}% interval", percent(forecast.level))
    );
    for day in &forecast.days {
        text += &format!("{:12} {:>12.2} {:>12.2} {:>12.2}\n", day.date, day.price, day.low, day.high);
    }
    text += &format!("\nHow far to trust it: {}\n", forecast.verdict);
    text
}

/// A share in hundredths, with as many decimals as it has, up to 6.
fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
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
