//! `forecast`: the next days, each with an interval.

use recurrent_forecaster::{Day, report::days_text};
use recurrent_program::Screen;
use serde::Serialize;

use crate::flags::ForecastFlags;
use crate::saved::Saved;
use crate::summary::DataFacts;
use crate::{Failure, PROGRAM};

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

/// Forecasts and prints.
///
/// # Errors
/// The model or the prices cannot be read, or a forecast is no price.
pub fn forecast(flags: &ForecastFlags, screen: &Screen) -> Result<(), Failure> {
    let saved = Saved::read(&flags.source, &flags.reading, &flags.common, screen)?;
    if saved.keep_own_data(&flags.source).is_err() {
        screen.note("note: the prices have changed since the run was trained on them");
    }
    let days = saved.forecaster.forecast(&saved.table, flags.days, flags.level)?;
    let verdict = saved.forecaster.judge(&saved.table)?.verdict;

    let (data, windows) = (saved.facts(), &saved.prices.windows);
    let last = windows.len() - 1;
    let (last_date, last_price) = (windows.target_date(last).to_string(), windows.target_price(last));
    let text = format!(
        "{}: last price {last_price:.2} on {last_date}\n\n{}\nHow far to trust it: {verdict}\n",
        data.words(),
        days_text(&days, flags.level)
    );
    let level = flags.level;
    screen.result(&Forecast { program: PROGRAM, data, last_date, last_price, level, days, verdict }, &text)
}
