//! A forecast that is made a share at a time, so that several can be made side by side: each share is some windows to
//! predict from, and their predictions are given back.

use std::sync::Arc;

use recurrent_data::prices::{LatestWindow, Moment, PriceTable};
use recurrent_metrics::forecast::{IntervalError, Range, fan, residuals};

use crate::ahead::Way;
use crate::batches::{Batch, gather};
use crate::error::Error;
use crate::forecaster::{Day, Forecaster};
#[cfg(feature = "serve")]
use crate::judgement::Judgement;
use crate::prices::Prices;
#[cfg(feature = "serve")]
use crate::risk::RiskPath;
use crate::settings::Settings;

/// The days to come in the making: the first ones by an output each, where that is the way, and the others one after the other, each with the
/// day before it as an input.
#[derive(Clone, Debug)]
pub(crate) struct DaysAhead {
    latest: LatestWindow,
    made: Vec<(Moment, f64)>,
    days: usize,
    way: Way,
}

impl DaysAhead {
    /// Begins after the last day of a table.
    ///
    /// # Errors
    /// The table is too short or lacks a column.
    pub(crate) fn new(settings: &Settings, table: &PriceTable, days: usize) -> Result<Self, Error> {
        Self::after(settings, table, table.len(), days)
    }

    /// Begins as if the table had ended after its first `rows`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(crate) fn after(
        settings: &Settings,
        table: &PriceTable,
        rows: usize,
        days: usize,
    ) -> Result<Self, Error> {
        let latest = LatestWindow::after(table, &settings.windows, rows)?;
        Ok(Self { latest, made: Vec::new(), days, way: settings.way })
    }

    /// The next window to predict from; none where all days are made.
    pub(crate) fn wanted(&self) -> Option<Batch> {
        let shape = [self.latest.window(), self.latest.features()];
        (self.made.len() < self.days).then(|| Batch {
            inputs: self.latest.inputs().to_vec(),
            targets: Vec::new(),
            shape,
        })
    }

    /// Takes the predictions of the window that was wanted, `[ahead]`.
    ///
    /// # Errors
    /// One is no price, or the calendar ends.
    pub(crate) fn take(&mut self, predictions: &[f32]) -> Result<(), Error> {
        let taken = match self.way {
            Way::Direct if self.made.is_empty() => predictions.len().min(self.days),
            Way::Direct | Way::FedBack => 1,
        };
        let prices: Vec<f64> = predictions[..taken].iter().map(|it| self.latest.unscale(*it)).collect();
        for price in prices {
            self.latest.slide(price)?;
            self.made.push((self.latest.last_date(), price));
        }
        Ok(())
    }

    /// The prices that are made.
    pub(crate) fn prices(&self) -> impl Iterator<Item = f64> {
        self.made.iter().map(|(_, price)| *price)
    }

    /// The days with their intervals, which `ranges` makes of the prices.
    ///
    /// # Errors
    /// It cannot make them.
    pub(crate) fn within(
        &self,
        ranges: impl FnOnce(&[f64]) -> Result<Vec<Range>, IntervalError>,
    ) -> Result<Vec<Day>, Error> {
        let values: Vec<f64> = self.prices().collect();
        let days = self.made.iter().zip(ranges(&values)?);
        Ok(days.map(|(&(date, value), Range { low, high })| Day { date, value, low, high }).collect())
    }
}

/// A forecast in the making: first of the table's test windows, whose errors the intervals come from, then of the
/// days to come.
#[derive(Clone, Debug)]
pub(crate) struct Stepwise {
    prices: Arc<Prices>,
    past: Vec<f64>,
    path: DaysAhead,
    ahead: usize,
}

impl Stepwise {
    /// Begins a forecast of so many days; of the test windows, those are predicted that `past` does not have.
    ///
    /// # Errors
    /// The table is too short or lacks a column.
    pub(crate) fn new(
        settings: &Settings,
        table: &PriceTable,
        prices: Arc<Prices>,
        past: Vec<f64>,
        days: usize,
    ) -> Result<Self, Error> {
        let path = DaysAhead::new(settings, table, days)?;
        Ok(Self { prices, past, path, ahead: settings.model.ahead })
    }

    /// The next windows to predict from, at most so many; none where the forecast is made.
    pub(crate) fn wanted(&self, most: usize) -> Option<Batch> {
        let Prices { windows, split, .. } = &*self.prices;
        let test = split.test.clone().skip(self.past.len());
        if test.len() > 0 {
            return Some(gather(windows, 1, test.take(most)));
        }
        self.path.wanted()
    }

    /// Takes the predictions of the windows that were wanted, `[windows, ahead]`.
    ///
    /// # Errors
    /// A forecast is no price, or the calendar ends.
    pub(crate) fn take(&mut self, predictions: &[f32]) -> Result<(), Error> {
        let Prices { windows, split, .. } = &*self.prices;
        for predictions in predictions.chunks_exact(self.ahead) {
            let place = split.test.start + self.past.len();
            if place < split.test.end {
                self.past.push(windows.unscale(place, predictions[0]));
            } else {
                self.path.take(predictions)?;
            }
        }
        Ok(())
    }

    /// The days, each with an interval: see [`Forecaster::forecast`].
    ///
    /// # Errors
    /// The level is not above 0 and below 1, or a forecast is no price.
    pub(crate) fn days(&self, settings: &Settings, level: f64) -> Result<Vec<Day>, Error> {
        let test = self.prices.split.test.clone();
        let errors = residuals(self.prices.raw(test).truth(), &self.past)?;
        self.path.within(|values| fan(values, &errors, level, settings.seed))
    }

    /// The days with intervals of a risk: see [`Forecaster::forecast_within`].
    ///
    /// # Errors
    /// As [`days`](Self::days).
    #[cfg(feature = "serve")]
    pub(crate) fn days_within(
        &self,
        settings: &Settings,
        risk: &RiskPath,
        level: f64,
    ) -> Result<Vec<Day>, Error> {
        let risk = risk.first(self.path.made.len());
        self.path.within(|values| risk.ranges(values, level, settings.seed))
    }

    /// Whether it is made.
    #[cfg(feature = "serve")]
    pub(crate) fn is_made(&self) -> bool {
        self.prices.split.test.len() == self.past.len() && self.path.wanted().is_none()
    }

    /// What the forecasts of the test windows are worth.
    ///
    /// # Errors
    /// As [`Forecaster::judge`].
    #[cfg(feature = "serve")]
    pub(crate) fn judgement(&self) -> Result<Judgement, Error> {
        Judgement::of(&self.prices, &self.past)
    }

    /// The windows of the table.
    #[cfg(feature = "serve")]
    pub(crate) fn prices(&self) -> &Prices {
        &self.prices
    }

    /// The forecasts of the test windows.
    #[cfg(feature = "serve")]
    pub(crate) fn past(&self) -> &[f64] {
        &self.past
    }
}

impl Forecaster {
    /// Makes a forecast by itself, so many windows at once.
    pub(crate) fn finish(&self, forecast: &mut Stepwise, at_once: usize) -> Result<(), Error> {
        while let Some(batch) = forecast.wanted(at_once) {
            forecast.take(&self.network().predict_ahead(&batch))?;
        }
        Ok(())
    }
}
