//! The prices of days as risk is measured from them: closes, and highs and lows where they are known.

use recurrent_data::prices::{Calendar, KnownInputs, Moment, PriceError, PriceTable};
use recurrent_volatility::{Bars, Doubt, Gauge, HORIZONS, Measured, Proxy, VolatilityError};

use crate::error::Error;

/// The columns that risk is measured from beside the price.
pub const RANGE: [&str; 2] = ["High", "Low"];

/// The prices of days, at least two.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskPrices {
    dates: Vec<Moment>,
    close: Vec<f64>,
    range: Option<[Vec<f64>; 2]>,
    calendar: Calendar,
}

impl RiskPrices {
    /// Takes the prices of a table's column. `ranges` is the same file with the columns [`RANGE`], where it has them;
    /// a day that it lacks gets its close for both.
    ///
    /// # Errors
    /// The table has no such column.
    pub fn new(table: &PriceTable, column: &str, ranges: Option<&PriceTable>) -> Result<Self, PriceError> {
        let close = table.column(column)?.to_vec();
        let range = ranges.map(|ranges| range(table.dates(), &close, ranges)).transpose()?;
        Ok(Self { dates: table.dates().to_vec(), close, range, calendar: table.calendar().clone() })
    }

    /// The moments of the prices. Day 0 of what is measured is the second: the first has no return.
    pub fn dates(&self) -> &[Moment] {
        &self.dates
    }

    /// The prices.
    pub fn close(&self) -> &[f64] {
        &self.close
    }

    /// Each price with the one before it, as its forecast: that of "tomorrow = today", by moments.
    pub fn no_change(&self) -> Vec<(Moment, f64, f64)> {
        (1..self.dates.len()).map(|row| (self.dates[row], self.close[row], self.close[row - 1])).collect()
    }

    /// What a step is called: `day`, or `month`.
    pub fn unit(&self) -> &'static str {
        self.calendar.frequency().unit()
    }

    /// What is known beforehand on each measured day of those after it, `[days, known]`.
    pub(crate) fn known(&self, inputs: &KnownInputs) -> Vec<f32> {
        // The first price has no return.
        inputs.rows(&self.dates[1..], &self.calendar, &HORIZONS)
    }

    /// Some of the rows.
    ///
    /// # Panics
    /// They are not there.
    pub fn part(&self, rows: std::ops::Range<usize>) -> Self {
        let range =
            self.range.as_ref().map(|range| range.each_ref().map(|values| values[rows.clone()].to_vec()));
        Self {
            dates: self.dates[rows.clone()].to_vec(),
            close: self.close[rows].to_vec(),
            range,
            calendar: self.calendar.clone(),
        }
    }

    /// Measures the variances of the days, scaled on the first `training` of them.
    ///
    /// # Errors
    /// There are too few days, or the price does not move.
    pub fn measure(&self, training: usize) -> Result<Measured, VolatilityError> {
        let bars = self.bars()?;
        Measured::of(&bars, Proxy::best_for(&bars), training)
    }

    /// Measures them as those of an earlier training were.
    ///
    /// # Errors
    /// Those were measured from highs and lows, which are not here.
    pub fn measure_by(&self, gauge: Gauge) -> Result<Measured, VolatilityError> {
        Measured::by(&self.bars()?, gauge)
    }

    fn bars(&self) -> Result<Bars<'_>, VolatilityError> {
        let bars = Bars::new(&self.close)?;
        match &self.range {
            Some([high, low]) => bars.with_range(high, low),
            None => Ok(bars),
        }
    }

    /// The days before an origin, with at least `least` of them, that `until`, as text, is not after: the first origin of
    /// what was not learnt from.
    ///
    /// # Errors
    /// There is no such day.
    pub(crate) fn first_after(&self, until: &str, least: usize) -> Result<usize, Error> {
        let first = self.dates.partition_point(|date| date.to_string().as_str() <= until);
        let origin = first.saturating_sub(1).max(least);
        if origin + 1 < self.dates.len() {
            Ok(origin)
        } else {
            Err(Error::NoLaterDay { until: until.to_owned(), least })
        }
    }
}

/// The highs and lows of some dates.
fn range(dates: &[Moment], close: &[f64], ranges: &PriceTable) -> Result<[Vec<f64>; 2], PriceError> {
    let [high, low] = [ranges.column(RANGE[0])?, ranges.column(RANGE[1])?];
    let places = dates.iter().zip(close).map(|(date, close)| match ranges.dates().binary_search(date) {
        Ok(place) => (high[place], low[place]),
        Err(_) => (*close, *close),
    });
    let (high, low) = places.unzip();
    Ok([high, low])
}

/// What is doubtful about measured prices, in sentences.
pub fn doubts(measured: &Measured) -> Vec<String> {
    measured.doubts().iter().map(Doubt::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use recurrent_data::prices::Date;

    fn table(days: std::ops::Range<u16>, columns: &[&str]) -> PriceTable {
        let date = |day| Moment::from(Date::from_ordinal_date(2020, day).unwrap());
        let values: Vec<f64> = days.clone().map(|day| 100.0 + f64::from(day % 7)).collect();
        let column = |name: &&str| ((*name).to_owned(), values.clone());
        PriceTable::from_columns(days.map(date).collect(), columns.iter().map(column).collect()).unwrap()
    }

    #[test]
    fn a_day_without_highs_and_lows_has_its_close() {
        let prices =
            RiskPrices::new(&table(1..9, &["Close"]), "Close", Some(&table(3..6, &["High", "Low"]))).unwrap();
        assert_eq!(prices.range.as_ref().unwrap()[0], prices.close);
        assert!(prices.measure(5).is_ok());
    }

    #[test]
    fn what_was_learnt_from_is_not_judged() {
        let prices = RiskPrices::new(&table(1..100, &["Close"]), "Close", None).unwrap();
        // 2020-02-09 is the 40th row; the return of the 41st is day 39.
        assert_eq!(prices.first_after("2020-02-09", 22).unwrap(), 39);
        assert_eq!(prices.first_after("2001-01-01", 22).unwrap(), 22);
        insta::assert_snapshot!(prices.first_after("2020-04-08", 22).unwrap_err(), @"no day is left to judge: the model learnt until 2020-04-08, and 22 days must lie before a forecast");
    }
}
