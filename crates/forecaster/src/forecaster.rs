//! The handle of a trained model: load it, forecast with it from any thread, save it as one file.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use recurrent_backend::BackendKind;
use recurrent_data::prices::{Events, Moment, PriceTable, UnknownEvent};
use serde::{Serialize, Serializer};

use crate::batches::JUDGED_AT_ONCE;
use crate::error::Error;
use crate::forecasts::{Forecasts, one_step};
use crate::judgement::Judgement;
use crate::network::Network;
use crate::prices::Prices;
use crate::risk::RiskPath;
use crate::saved;
use crate::settings::Settings;
use crate::stepwise::{DaysAhead, Stepwise};

/// A trained forecaster of daily prices.
///
/// A clone is cheap and shares the weights; one value, or clones of it, can be asked from many threads at once.
#[derive(Clone, Debug)]
pub struct Forecaster {
    model: Arc<Model>,
}

#[derive(Debug)]
struct Model {
    settings: Settings,
    network: Network,
}

/// The forecast of one step: a day, or an hour, week or month, as the table has them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Day {
    /// When: the next moments at which the table's series has prices, without weekends and holidays that it leaves out.
    #[serde(serialize_with = "as_text")]
    pub date: Moment,
    /// The price that is forecast.
    #[serde(rename = "price")]
    pub value: f64,
    /// The lower bound of the interval.
    pub low: f64,
    /// The upper bound of the interval.
    pub high: f64,
}

fn as_text<S: Serializer>(moment: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(moment)
}

impl Forecaster {
    /// A forecaster of a network that was trained, without automatic differentiation.
    ///
    /// # Panics
    /// The network is not one of these settings.
    pub fn new(settings: Settings, network: Network) -> Self {
        assert!(
            network.fits(&settings.model, settings.features()),
            "the network is of other settings: {settings:?}"
        );
        Self { model: Arc::new(Model { settings, network }) }
    }

    /// Loads the folder of a run, or the one file that its model ships as, to compute on the processor. Of a run, the weights are
    /// those that it kept.
    ///
    /// # Errors
    /// There is no model of this kind, it is damaged, or a setting is out of its range; the message names the file.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::load_on(path, &BackendKind::default().open()?)
    }

    /// The same on a device.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_on(path: impl AsRef<Path>, device: &Device) -> Result<Self, Error> {
        let path = path.as_ref();
        let read = if path.is_dir() { saved::read_run } else { saved::read_file };
        let (settings, network) = read(path, device)?;
        Ok(Self::new(settings, network))
    }

    /// Writes the model as one file, whole or not at all: weights, settings and a checksum, and nothing of this machine.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        saved::write_file(path.as_ref(), self.settings(), self.network())
    }

    /// The same that knows of other events, of the kinds that it learnt from.
    ///
    /// # Errors
    /// It learnt nothing of a kind.
    pub fn with_events(&self, events: Events) -> Result<Self, UnknownEvent> {
        let mut settings = self.settings().clone();
        settings.windows.known.events = settings.windows.known.events.renewed(events)?;
        Ok(Self::new(settings, self.network().clone()))
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.model.settings
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.model.network
    }

    /// The columns that a table of prices needs, the one that is forecast first.
    pub fn columns(&self) -> Vec<&str> {
        self.settings().windows.columns()
    }

    /// Cuts a table into the windows that the network reads, and these into parts. All windows of a table that begins after what
    /// the network was trained on are to judge on.
    ///
    /// # Errors
    /// The table is too short, or lacks a column.
    pub fn prices(&self, table: &PriceTable) -> Result<Prices, Error> {
        let settings = self.settings();
        match &settings.learnt {
            Some(learnt) if learnt.is_before(table) => {
                Prices::later(table, &settings.windows, learnt.baselines.clone())
            }
            _ => Prices::new(table, &settings.windows, settings.fractions),
        }
    }

    /// Forecasts the price after each window of a table.
    pub fn forecasts(&self, prices: &Prices) -> Forecasts {
        Forecasts::new(self.network(), prices)
    }

    /// The forecasts of a table's test windows: when, with the price that came and the price forecast the step before.
    pub fn one_step_by_moment(&self, prices: &Prices) -> Vec<(Moment, f64, f64)> {
        let (windows, test) = (&prices.windows, prices.split.test.clone());
        let forecasts = one_step(self.network(), windows, test.clone());
        test.zip(forecasts)
            .map(|(i, price)| (windows.target_date(i), windows.target_price(i), price))
            .collect()
    }

    /// Judges the forecasts of a table's test windows beside the baselines: of all its windows, beside the baselines of the
    /// training, where the table begins after what the network was trained on.
    ///
    /// # Errors
    /// The table is too short or lacks a column, or a forecast is no finite number.
    pub fn judge(&self, table: &PriceTable) -> Result<Judgement, Error> {
        let prices = self.prices(table)?;
        self.judgement(table, &prices, &one_step(self.network(), &prices.windows, prices.split.test.clone()))
    }

    /// Judges forecasts of its own of the test windows of a table that is cut already, and those of the days after the next.
    ///
    /// # Errors
    /// As [`judge`](Self::judge).
    pub fn judgement(&self, table: &PriceTable, prices: &Prices, test: &[f64]) -> Result<Judgement, Error> {
        let ahead = self.ahead(table, prices, prices.split.test.clone())?;
        Ok(Judgement { ahead, ..Judgement::of(prices, test)? })
    }

    /// Forecasts so many days after the last one of a table, each with an interval that is meant to hold its price with
    /// probability `level`.
    ///
    /// Each day's forecast is fed back as the input of the next, or the first days have an output each, as the settings say. The intervals come from the errors that the network makes a day
    /// ahead on the table's own test windows, which it was not trained on where the table is the one of its training; see
    /// [`fan`](recurrent_metrics::forecast::fan) for how they grow and what they leave out. The same table, level and model
    /// give the same figures.
    ///
    /// # Errors
    /// The table is too short or lacks a column, the level is not above 0 and below 1, or a forecast is no price.
    pub fn forecast(&self, table: &PriceTable, days: usize, level: f64) -> Result<Vec<Day>, Error> {
        let prices = Arc::new(self.prices(table)?);
        let mut forecast = Stepwise::new(self.settings(), table, prices, Vec::new(), days)?;
        self.finish(&mut forecast, JUDGED_AT_ONCE)?;
        forecast.days(self.settings(), level)
    }

    /// The same with intervals of the risk that is forecast for the days, which must be as many as its path is long: narrow in
    /// calm times and wide in stormy ones.
    ///
    /// # Errors
    /// As [`forecast`](Self::forecast).
    pub fn forecast_within(
        &self,
        table: &PriceTable,
        risk: &RiskPath,
        level: f64,
    ) -> Result<Vec<Day>, Error> {
        let mut path = DaysAhead::new(self.settings(), table, risk.deviations.len())?;
        while let Some(batch) = path.wanted() {
            path.take(&self.network().predict_ahead(&batch))?;
        }
        path.within(|values| risk.ranges(values, level, self.settings().seed))
    }
}
