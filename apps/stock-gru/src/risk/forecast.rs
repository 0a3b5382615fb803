//! `forecast` by a model of risk: how far the price may move.

use recurrent_forecaster::risk::{
    Held, IntervalKind, RiskModel, RiskPath, RiskPrices, TriedIntervals, report,
};
use recurrent_forecaster::{Day, report::days_text};
use recurrent_program::Screen;
use serde::Serialize;

use super::saved::{SavedRisk, load};
use super::summary::RiskFacts;
use super::{folder, is_of_risk, several};
use crate::data::read_with_ranges;
use crate::flags::ForecastFlags;
use crate::saved::Saved;
use crate::{Failure, PROGRAM};

/// What the intervals of a forecast stand on.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Interval {
    /// The model of risk.
    pub model: RiskModel,
    /// Where the bounds come from.
    pub kind: IntervalKind,
    /// How often the interval of a step held on the judged days; absent where there is none.
    #[serde(flatten)]
    pub held: Option<Held>,
}

#[derive(Serialize)]
struct Forecast {
    program: &'static str,
    data: RiskFacts,
    last_date: String,
    last_price: f64,
    level: f64,
    days: Vec<Day>,
    interval: Interval,
    verdict: String,
}

/// Forecasts and prints how far the price of a risk run may move from its last.
///
/// # Errors
/// The model or the prices cannot be read, or a forecast fails.
pub fn forecast(flags: &ForecastFlags, screen: &Screen) -> Result<(), Failure> {
    let saved = SavedRisk::read(&flags.source, &flags.reading, &flags.common, screen)?;
    if saved.forecaster.prices().len() > 1 {
        return several::forecast(&saved.forecaster, saved.all, flags, screen);
    }
    let saved = saved.single(screen)?;
    let (model, level) = (flags.model.unwrap_or(RiskModel::Network), flags.level);
    let judged = saved.judge()?;
    let TriedIntervals { held, radius } =
        judged.tried(&saved.prices, model, &saved.prices.no_change(), flags.interval())?;
    let path = saved.forecaster.path(0, &saved.prices, model, flags.days)?;
    let days = saved.forecaster.fan(&RiskPath { radius, ..path }, &saved.table, &saved.prices, level)?;
    let (dates, prices) = (saved.prices.dates(), saved.prices.close());

    let data = saved.facts(judged.judgement.risk.days);
    let (last_date, last_price) = (dates[dates.len() - 1].to_string(), prices[prices.len() - 1]);
    let verdict = judged.judgement.risk.verdict;
    let text = format!(
        "{}: last price {last_price:.2} on {last_date}\n\n{}{}\nHow far to trust it: {verdict}\n",
        data.read.name,
        days_text(&days, level),
        words(held, saved.prices.unit()),
    );
    let interval = Interval { model, kind: flags.intervals.kind, held };
    let program = PROGRAM;
    screen.result(&Forecast { program, data, last_date, last_price, level, days, interval, verdict }, &text)
}

/// How often the intervals held, as a line of text; empty where it is not known.
pub fn words(held: Option<Held>, unit: &str) -> String {
    held.map_or_else(String::new, |held| format!("\n{}\n", report::held_words(&held, unit)))
}

/// The risk of the days to come beside a price forecast, from the risk run in the folder of the price's; none where there is no
/// such run, or it cannot say anything of these prices, which is noted.
///
/// # Errors
/// The prices cannot be read again, or the model is damaged.
pub fn beside(
    saved: &Saved,
    flags: &ForecastFlags,
    screen: &Screen,
) -> Result<Option<(RiskPath, Interval)>, Failure> {
    let run = folder(&flags.source.run);
    if !is_of_risk(&run) {
        return Ok(None);
    }
    let forecaster = load(&run, flags.reading.events.as_deref(), &flags.common)?;
    let model = flags.model.unwrap_or(RiskModel::Network);
    let (table, ranges) =
        read_with_ranges(&saved.source, &saved.forecaster.settings().windows, &saved.reading)?;
    let prices = RiskPrices::new(&table, &forecaster.settings().column, ranges.as_ref())?;
    let path = match forecaster.path(0, &prices, model, flags.days) {
        Ok(path) => path,
        Err(reason) => {
            screen.note(&format!("note: the interval does not follow the risk: {reason}"));
            return Ok(None);
        }
    };
    let kind = flags.intervals.kind;
    let TriedIntervals { held, radius } = match forecaster.judge(0, &prices) {
        Ok(judged) => {
            let forecasts = saved.forecaster.one_step_by_moment(&saved.prices);
            judged.tried(&prices, model, &forecasts, flags.interval())?
        }
        // Without a judged day the model's own distribution stands.
        Err(_) if kind == IntervalKind::Model => TriedIntervals::default(),
        Err(reason) => return Err(reason.into()),
    };
    Ok(Some((RiskPath { radius, ..path }, Interval { model, kind, held })))
}
