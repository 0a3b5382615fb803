//! `forecast`: the next days, each with an interval.

use recurrent_forecaster::risk::IntervalKind;
use recurrent_forecaster::{Day, report::days_text};
use recurrent_program::{Screen, refuse_meaningless};
use serde::Serialize;

use crate::flags::ForecastFlags;
use crate::risk::{
    self,
    forecast::{Interval, words},
};
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
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<Interval>,
    verdict: String,
}

/// Forecasts and prints.
///
/// # Errors
/// The model or the prices cannot be read, or a forecast is no price.
pub fn forecast(flags: &ForecastFlags, screen: &Screen) -> Result<(), Failure> {
    if risk::is_of_risk(&flags.source.run) {
        refuse_meaningless([("--way", flags.way.is_some(), "the run forecasts risk, and no price")])?;
        return risk::forecast::forecast(flags, screen);
    }
    let mut saved = Saved::read(&flags.source, &flags.reading, &flags.common, screen)?;
    if let Some(way) = flags.way {
        let reason = "no day after the next has an output of its own; train with `--ahead N`";
        refuse_meaningless([("--way", saved.forecaster.settings().model.ahead == 1, reason)])?;
        saved.forecaster = saved.forecaster.with_way(way);
    }
    if saved.keep_own_data(&flags.source).is_err() {
        screen.note("note: the prices have changed since the run was trained on them");
    }
    let beside = risk::forecast::beside(&saved, flags, screen)?;
    let (days, interval) = match beside {
        Some((risk, interval)) => {
            (saved.forecaster.forecast_within(&saved.table, &risk, flags.level)?, Some(interval))
        }
        None => {
            refuse_without_risk(flags)?;
            (saved.forecaster.forecast(&saved.table, flags.days, flags.level)?, None)
        }
    };
    let verdict = saved.forecaster.judge(&saved.table)?.verdict;

    let (data, windows) = (saved.facts(), &saved.prices.windows);
    let last = windows.len() - 1;
    let (last_date, last_price) = (windows.target_date(last).to_string(), windows.target_price(last));
    let text = format!(
        "{}: last price {last_price:.2} on {last_date}\n\n{}{}\nHow far to trust it: {verdict}\n",
        data.words(),
        days_text(&days, flags.level),
        words(interval.and_then(|interval| interval.held), saved.prices.unit),
    );
    let level = flags.level;
    let program = PROGRAM;
    screen.result(&Forecast { program, data, last_date, last_price, level, days, interval, verdict }, &text)
}

/// Refuses what is about a model of risk, of prices that have none.
fn refuse_without_risk(flags: &ForecastFlags) -> Result<(), Failure> {
    let asked =
        [("--model", flags.model.is_some()), ("--intervals", flags.intervals.kind != IntervalKind::Model)];
    match asked.into_iter().find(|(_, is_asked)| *is_asked) {
        Some((option, _)) => Err(risk::no_model(option).into()),
        None => Ok(()),
    }
}
