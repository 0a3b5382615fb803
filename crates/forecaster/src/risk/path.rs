//! The risk of each of the days to come, and how well intervals by it would have held.

use recurrent_data::prices::{Moment, PriceTable};
use recurrent_metrics::forecast::{Range, scaled_fan};
use recurrent_volatility::quantiles::Empirical;
use recurrent_volatility::{Ahead, HORIZONS};
use serde::Serialize;

use super::forecaster::{RiskForecaster, RiskJudged};
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
        Ok(RiskPath { model, deviations, shape })
    }

    /// So many days after the last of a table, each with the last price and the interval that is meant to hold its price with
    /// probability `level`. `prices` are those of the table.
    ///
    /// # Errors
    /// There are too few days, the level is not above 0 and below 1, or the calendar ends.
    ///
    /// # Panics
    /// There is no such place.
    pub fn fan(
        &self,
        place: usize,
        table: &PriceTable,
        prices: &RiskPrices,
        model: RiskModel,
        (days, level): (usize, f64),
    ) -> Result<Vec<Day>, Error> {
        let path = self.path(place, prices, model, days)?;
        let value = prices.close()[prices.close().len() - 1];
        let seed = self.settings().seed;
        let ranges = scaled_fan(&vec![value; days], path.shape.sorted(), &path.deviations, level, seed)?;
        let mut date = prices.dates()[prices.dates().len() - 1];
        let day = |Range { low, high }| {
            date = table.calendar().next(date).ok_or(Error::CalendarEnds)?;
            Ok(Day { date, value, low, high })
        };
        ranges.into_iter().map(day).collect()
    }
}

impl RiskJudged {
    /// How often the interval of probability `level` around a forecast price would have held the price, over those of the
    /// judged days that have a forecast: `forecasts` are moments, with the price that came and the price forecast the day before.
    ///
    /// # Errors
    /// The level is not between 0 and 1.
    pub fn held(
        &self,
        prices: &RiskPrices,
        model: RiskModel,
        forecasts: &[(Moment, f64, f64)],
        level: f64,
    ) -> Result<Option<Held>, Error> {
        let Some(RiskForecasts { ahead, shape, .. }) = self.forecasts.get(&model) else { return Ok(None) };
        let centre = shape.sorted().iter().sum::<f64>() / shape.sorted().len() as f64;
        let bounds = [(1.0 - level) / 2.0, (1.0 + level) / 2.0].map(|level| shape.quantile(level));
        let [low, high] = [bounds[0].clone()? - centre, bounds[1].clone()? - centre];
        let (mut days, mut inside) = (0, 0);
        for (moment, truth, forecast) in forecasts {
            // Day 0 of what is measured is the second price.
            let Ok(row) = prices.dates().binary_search(moment) else { continue };
            let Some(ahead) = row.checked_sub(self.first + 1).and_then(|place| ahead.get(place)) else {
                continue;
            };
            let z = (truth / forecast).ln() / ahead[0].sqrt();
            days += 1;
            inside += usize::from(low <= z && z <= high);
        }
        Ok((days > 0).then(|| Held { level, days, inside: inside as f64 / days as f64 }))
    }
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
