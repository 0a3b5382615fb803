//! The risk of each of the days to come, and how well intervals by it would have held.

use recurrent_backend::Seed;
use recurrent_data::prices::{Moment, PriceTable};
use recurrent_metrics::forecast::{IntervalError, Range, scaled_fan};
use recurrent_volatility::conformal::misses;
use recurrent_volatility::quantiles::Empirical;
use recurrent_volatility::{Ahead, HORIZONS};
use serde::Serialize;

use super::forecaster::{RiskForecaster, RiskJudged};
use super::intervals::IntervalSpec;
use super::model::RiskModel;
use super::prices::RiskPrices;
use super::scores::RiskForecasts;
use crate::error::Error;
use crate::forecaster::Day;

/// The deviations of the returns of the days to come, and what shape the returns have.
#[derive(Clone, Debug)]
pub struct RiskPath {
    /// Which model says so.
    pub model: RiskModel,
    /// The deviation of each day's return, `[days]`.
    pub deviations: Vec<f64>,
    /// The distribution of returns over their deviations.
    pub shape: Empirical,
    /// How many deviations of all days up to a day its price may lie from the forecast, where intervals are conformal.
    pub radius: Option<f64>,
}

impl RiskPath {
    /// The first of its days.
    pub fn first(&self, days: usize) -> Self {
        Self { deviations: self.deviations[..days.min(self.deviations.len())].to_vec(), ..self.clone() }
    }

    /// The interval of probability `level` around the price that is forecast for each day: from futures that are drawn of the
    /// distribution, or, of conformal intervals, whose radius knows its level, `radius` deviations to both sides. Such a radius is calibrated on the
    /// next day alone; further days widen it with the variances that are forecast for them.
    ///
    /// # Errors
    /// The level is not above 0 and below 1, or a forecast is no price.
    pub(crate) fn ranges(&self, values: &[f64], level: f64, seed: Seed) -> Result<Vec<Range>, IntervalError> {
        let Some(radius) = self.radius else {
            return scaled_fan(values, self.shape.sorted(), &self.deviations, level, seed);
        };
        let mut variance = 0.0;
        let range = |(value, deviation): (&f64, &f64)| {
            variance += deviation * deviation;
            let reach = (radius * f64::sqrt(variance)).exp();
            Range { low: value / reach, high: value * reach }
        };
        Ok(values.iter().zip(&self.deviations).map(range).collect())
    }
}

/// How often intervals held that were made the evening before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Held {
    /// How often they should.
    pub level: f64,
    /// How many were judged.
    pub days: usize,
    /// The share that held its price.
    pub inside: f64,
}

/// What intervals around forecast prices come to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TriedIntervals {
    /// How often they held; none where there is no day to judge.
    pub held: Option<Held>,
    /// The radius of the next day's, in deviations, where they are conformal.
    pub radius: Option<f64>,
}

impl RiskForecaster {
    /// The risk of so many days after the last of a price, by one of the models.
    ///
    /// # Errors
    /// There are too few days, or a forecast is no positive number.
    ///
    /// # Panics
    /// There is no such place.
    pub fn path(
        &self,
        place: usize,
        prices: &RiskPrices,
        model: RiskModel,
        days: usize,
    ) -> Result<RiskPath, Error> {
        let ahead = self.ahead(place, prices, model)?;
        let shape = self.prices()[place].shape(model).ok_or(Error::NoShape(model.name()))?.clone();
        let deviations = variances(&ahead, days).into_iter().map(f64::sqrt).collect();
        Ok(RiskPath { model, deviations, shape, radius: None })
    }

    /// The days of a path after the last of a table, each with the last price and the interval that is meant to hold its price with
    /// probability `level`. `prices` are those of the table.
    ///
    /// # Errors
    /// The level is not above 0 and below 1, or the calendar ends.
    pub fn fan(
        &self,
        path: &RiskPath,
        table: &PriceTable,
        prices: &RiskPrices,
        level: f64,
    ) -> Result<Vec<Day>, Error> {
        let value = prices.close()[prices.close().len() - 1];
        let ranges = path.ranges(&vec![value; path.deviations.len()], level, self.settings().seed)?;
        let mut date = prices.dates()[prices.dates().len() - 1];
        let day = |Range { low, high }| {
            date = table.calendar().next(date).ok_or(Error::CalendarEnds)?;
            Ok(Day { date, value, low, high })
        };
        ranges.into_iter().map(day).collect()
    }
}

impl RiskJudged {
    /// What intervals around forecast prices would have come to, over those of the judged days that have a forecast: `forecasts`
    /// are moments, with the price that came and the price forecast the day before. Of conformal ones the first days calibrate
    /// and are not counted: see [`Method::calibrated`](recurrent_volatility::conformal::Method::calibrated).
    ///
    /// # Errors
    /// The level is not between 0 and 1; or, of conformal intervals, there are too few days for it, or the next day's has no bound.
    pub fn tried(
        &self,
        prices: &RiskPrices,
        model: RiskModel,
        forecasts: &[(Moment, f64, f64)],
        IntervalSpec { kind, level }: IntervalSpec,
    ) -> Result<TriedIntervals, Error> {
        let Some(RiskForecasts { ahead, shape, .. }) = self.forecasts.get(&model) else {
            return Ok(TriedIntervals::default());
        };
        let errors = errors(prices, self.first, ahead, forecasts);
        let Some(method) = kind.method() else {
            let centre = shape.sorted().iter().sum::<f64>() / shape.sorted().len() as f64;
            let low = shape.quantile((1.0 - level) / 2.0)? - centre;
            let high = shape.quantile((1.0 + level) / 2.0)? - centre;
            let inside = errors.iter().filter(|error| low <= **error && **error <= high).count();
            return Ok(TriedIntervals { held: Held::of(level, errors.len(), inside), radius: None });
        };
        let distances: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        let found = method.calibrated(&distances, 1.0 - level)?;
        if !found.next.is_finite() {
            return Err(Error::Unbounded { level });
        }
        let missed = misses(&distances[found.calibration..], &found.radii);
        let inside = missed.iter().filter(|missed| !**missed).count();
        Ok(TriedIntervals { held: Held::of(level, missed.len(), inside), radius: Some(found.next) })
    }
}

impl Held {
    fn of(level: f64, days: usize, inside: usize) -> Option<Self> {
        (days > 0).then(|| Self { level, days, inside: inside as f64 / days as f64 })
    }
}

/// The logarithms of prices over their forecasts, in forecast deviations; `ahead` are the variances from the origin `first` on.
fn errors(prices: &RiskPrices, first: usize, ahead: &[Ahead], forecasts: &[(Moment, f64, f64)]) -> Vec<f64> {
    let error = |(moment, truth, forecast): &(Moment, f64, f64)| {
        // Day 0 of what is measured is the second price.
        let row = prices.dates().binary_search(moment).ok()?;
        let ahead = ahead.get(row.checked_sub(first + 1)?)?;
        Some((truth / forecast).ln() / ahead[0].sqrt())
    };
    forecasts.iter().filter_map(error).collect()
}

/// The variance of each of the next days, from means over the next 1, 5 and 22: between two horizons all days are alike, so
/// that the means come out, and past the last they stay as its.
fn variances(ahead: &Ahead, days: usize) -> Vec<f64> {
    let (mut before, mut sum) = (0, 0.0);
    let mut variances = Vec::with_capacity(days);
    for (horizon, mean) in HORIZONS.into_iter().zip(ahead) {
        let (count, total) = (horizon - before, horizon as f64 * mean);
        // Horizons are forecast one by one, so a longer one may say less in all than a shorter one.
        let each = ((total - sum) / count as f64).max(mean / 10.0);
        variances.extend(std::iter::repeat_n(each, count));
        (before, sum) = (horizon, total);
    }
    variances.resize(days, ahead[HORIZONS.len() - 1]);
    variances
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variances_of_the_days_have_the_means_that_were_forecast() {
        let ahead = [2.0, 1.5, 1.2];
        let found = variances(&ahead, 30);
        for (horizon, mean) in HORIZONS.into_iter().zip(ahead) {
            let sum: f64 = found[..horizon].iter().sum();
            assert!((sum / horizon as f64 - mean).abs() < 1e-12, "{horizon} days");
        }
        assert_eq!(found[29], 1.2);
        assert_eq!(variances(&ahead, 3), found[..3]);
        assert!(variances(&[9.0, 1.0, 1.0], 5).iter().all(|variance| *variance > 0.0));
    }
}
