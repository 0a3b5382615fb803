//! Charts of risk: how far prices moved and were forecast to, quantiles with what passed them, and how often they were passed.

use recurrent_report::{LineChart, Series, counted};

use super::forecaster::RiskJudged;
use super::model::RiskModel;
use super::prices::RiskPrices;
use super::scores::RiskForecasts;
use crate::error::Error;
use crate::forecaster::Day;

/// Known days before those to come.
const BEFORE: usize = 60;
/// Judged days in the chart of quantiles, where single days can be told apart.
const CLOSE_UP: usize = 250;

/// The charts of risk.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RiskPlots {
    /// How far the price moved each day, and how far it was forecast to.
    pub volatility: LineChart,
    /// The last returns between their quantiles.
    pub quantiles: LineChart,
    /// How often returns were below each quantile.
    pub reliability: LineChart,
}

impl RiskPlots {
    /// Draws what a model says of judged days of the prices of that name.
    ///
    /// # Errors
    /// There are no forecasts of the network.
    pub fn new(prices: &RiskPrices, name: &str, judged: &RiskJudged) -> Result<Self, Error> {
        let forecasts = judged.forecasts.get(&RiskModel::Network).ok_or(Error::NoNetwork)?;
        let days: Vec<f64> = prices.dates()[judged.first + 1..].iter().map(|moment| moment.days()).collect();
        let returns: Vec<f64> =
            judged.measured.days().returns()[judged.first..].iter().map(|r| 100.0 * r).collect();
        Ok(Self {
            volatility: volatility(name, prices.unit(), judged, forecasts, &days),
            quantiles: quantiles(name, prices.unit(), forecasts, &days, &returns)?,
            reliability: reliability(name, forecasts, &returns)?,
        })
    }

    /// The charts by name.
    pub fn named(&self) -> Vec<(&'static str, &LineChart)> {
        vec![
            ("volatility", &self.volatility),
            ("quantiles", &self.quantiles),
            ("reliability", &self.reliability),
        ]
    }
}

/// The days to come around the last price, with their intervals of probability `level`.
pub fn fan(prices: &RiskPrices, name: &str, days: &[Day], level: f64) -> LineChart {
    let count = prices.close().len();
    let from = count.saturating_sub(BEFORE);
    let known: Vec<(f64, f64)> =
        (from..count).map(|row| (prices.dates()[row].days(), prices.close()[row])).collect();
    let (last, price) = known[known.len() - 1];
    let bounds = days.iter().map(|day| (day.date.days(), day.low, day.high));
    let values = days.iter().map(|day| (day.date.days(), day.value));
    let title = format!("{name}: how far it may move in the next {}", counted(days.len(), prices.unit()));
    LineChart::new(title, "", "price")
        .dates()
        .series(Series::line("price", known))
        .series(Series::dashed("last price", [(last, price)].into_iter().chain(values).collect()))
        .series(Series::band(
            format!("{}% interval", crate::plots::percent(level)),
            [(last, price, price)].into_iter().chain(bounds).collect(),
        ))
}

fn volatility(
    name: &str,
    unit: &str,
    judged: &RiskJudged,
    forecasts: &RiskForecasts,
    days: &[f64],
) -> LineChart {
    let deviation = |variance: &f64| 100.0 * variance.sqrt();
    let measured = judged.measured.days().since(judged.first);
    let measured = days.iter().copied().zip(measured.variances().iter().map(deviation));
    let forecast = days.iter().copied().zip(forecasts.ahead.iter().map(|ahead| deviation(&ahead[0])));
    LineChart::new(format!("{name}: how far it moved"), "", format!("deviation of a {unit}, %"))
        .dates()
        .series(Series::points("measured", measured.collect()))
        .series(Series::line("forecast the step before", forecast.collect()))
}

fn quantiles(
    name: &str,
    unit: &str,
    forecasts: &RiskForecasts,
    days: &[f64],
    returns: &[f64],
) -> Result<LineChart, Error> {
    let shown = days.len().saturating_sub(CLOSE_UP)..days.len();
    let column = |level: f64| -> Result<Vec<f64>, Error> {
        Ok(forecasts.quantiles(level)?[shown.clone()].iter().map(|quantile| 100.0 * quantile).collect())
    };
    let (low, high) = (column(0.05)?, column(0.95)?);
    let (lowest, highest) = (column(0.01)?, column(0.99)?);
    let (days, returns) = (&days[shown.clone()], &returns[shown.clone()]);
    let points = |values: &[f64]| days.iter().copied().zip(values.iter().copied()).collect::<Vec<_>>();
    let outside = |place: &usize| returns[*place] < low[*place] || returns[*place] > high[*place];
    let hits = (0..days.len()).filter(outside).map(|place| (days[place], returns[place])).collect();
    let median = column(0.5)?;
    let band = days.iter().zip(low.iter().zip(&high)).map(|(day, (low, high))| (*day, *low, *high));
    let title = format!("{name}: the last {} between their quantiles", counted(days.len(), unit));
    Ok(LineChart::new(title, "", "return, %")
        .dates()
        .series(Series::line("median", points(&median)))
        .series(Series::band("5% to 95%", band.collect()))
        .series(Series::dashed("1%", points(&lowest)))
        .series(Series::dashed("99%", points(&highest)))
        .series(Series::points("return", points(returns)))
        .series(Series::points("beyond 5% or 95%", hits)))
}

fn reliability(name: &str, forecasts: &RiskForecasts, returns: &[f64]) -> Result<LineChart, Error> {
    let levels =
        [0.01, 0.025].into_iter().chain((1..20).map(|step| f64::from(step) / 20.0)).chain([0.975, 0.99]);
    let mut observed = Vec::new();
    for level in levels {
        let quantiles = forecasts.quantiles(level)?;
        let below = returns.iter().zip(&quantiles).filter(|(r, quantile)| **r < 100.0 * **quantile).count();
        observed.push((100.0 * level, 100.0 * below as f64 / returns.len().max(1) as f64));
    }
    Ok(LineChart::new(format!("{name}: quantiles"), "quantile, %", "returns below it, %")
        .series(Series::dashed("as often as they say", vec![(0.0, 0.0), (100.0, 100.0)]))
        .series(Series::line("what came", observed.clone()))
        .series(Series::points("levels", observed)))
}
