//! The handle of a trained model of risk: load it, forecast and judge with it from any thread, save it as one file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use recurrent_backend::{BackendKind, Seed};
use recurrent_data::prices::{Events, KnownInputs, UnknownEvent};
use recurrent_train::{OutOfRange, check_range};
use recurrent_volatility::{Ahead, FittedVariance, HORIZONS, Measured, forecast};
use serde::{Deserialize, Serialize};

use super::ensemble::Ensemble;
use super::judgement::{JudgedDays, RiskJudgement};
use super::learnt::LearntPrice;
use super::model::RiskModel;
use super::prices::RiskPrices;
use super::saved;
use super::scores::RiskForecasts;
use super::settings::EnsembleSettings;
use crate::error::Error;

/// What using a model of risk takes, as plain data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskSettings {
    /// The shape of the network.
    pub ensemble: EnsembleSettings,
    /// The column of prices.
    pub column: String,
    /// The seed that futures are drawn with.
    pub seed: Seed,
    /// The SHA-256 of the prices that were learnt from, where it is known.
    pub data_sha256: Option<String>,
    /// What is read of the days to come.
    #[serde(default, skip_serializing_if = "KnownInputs::is_empty")]
    pub known: KnownInputs,
}

impl RiskSettings {
    /// Checks settings that `file` holds before anything is built by them.
    ///
    /// # Errors
    /// A size or a share is out of its range.
    pub fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        self.ensemble.check(file)?;
        let width = self.known.width(HORIZONS.len());
        check_range(file, "known", self.ensemble.known, width..=width)
    }
}

/// A trained forecaster of risk, with all models that it stands beside.
///
/// A clone is cheap and shares the weights; one value, or clones of it, can be asked from many threads at once.
#[derive(Clone, Debug)]
pub struct RiskForecaster {
    settings: Arc<RiskSettings>,
    ensemble: Arc<Ensemble>,
    prices: Arc<[LearntPrice]>,
}

/// The forecasts of all models on the days that a model did not learn from.
#[derive(Clone, Debug)]
pub struct RiskJudged {
    /// What they come to.
    pub judgement: RiskJudgement,
    /// The forecasts, from the origin `first` on.
    pub forecasts: BTreeMap<RiskModel, RiskForecasts>,
    /// The first origin: a number of measured days.
    pub first: usize,
    /// The measured days.
    pub measured: Measured,
}

impl RiskForecaster {
    /// A forecaster of a network that was trained, and of what was learnt of each price.
    ///
    /// # Panics
    /// The network is not one of these settings, or there is no price.
    pub fn new(settings: RiskSettings, ensemble: Arc<Ensemble>, prices: Vec<LearntPrice>) -> Self {
        assert!(ensemble.fits(&settings.ensemble), "the network is of other settings: {settings:?}");
        assert!(!prices.is_empty(), "a model of at least one price");
        Self { settings: Arc::new(settings), ensemble, prices: prices.into() }
    }

    /// Loads the folder of a run of the preset `risk`, or the one file that its model ships as, to compute on the processor.
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
        saved::read(path.as_ref(), device)
    }

    /// Writes the model as one file, whole or not at all: weights, settings, what was learnt of each price, and a checksum.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        saved::write(path.as_ref(), &self.settings, &self.prices, &self.ensemble)
    }

    /// The settings.
    pub fn settings(&self) -> &RiskSettings {
        &self.settings
    }

    /// What was learnt of each price, in order.
    pub fn prices(&self) -> &[LearntPrice] {
        &self.prices
    }

    /// The place of a price by its name; the only one where the model learnt from one.
    ///
    /// # Errors
    /// It learnt from several, and from none of this name.
    pub fn place(&self, name: &str) -> Result<usize, Error> {
        if self.prices.len() == 1 {
            return Ok(0);
        }
        let place = self.prices.iter().position(|price| price.name == name);
        place.ok_or_else(|| Error::NoPrice {
            name: name.to_owned(),
            known: self.prices.iter().map(|price| price.name.clone()).collect::<Vec<_>>().join(", "),
        })
    }

    /// The same that knows of other events, of the kinds that it learnt from.
    ///
    /// # Errors
    /// It learnt nothing of a kind.
    pub fn with_events(&self, events: Events) -> Result<Self, UnknownEvent> {
        let mut settings = RiskSettings::clone(&self.settings);
        settings.known.events = settings.known.events.renewed(events)?;
        Ok(Self { settings: settings.into(), ..self.clone() })
    }

    /// A fitted model for prices of one of the names.
    ///
    /// # Panics
    /// There is no such place.
    pub fn model(&self, place: usize, model: RiskModel, prices: &RiskPrices) -> Box<dyn FittedVariance> {
        let learnt = &self.prices[place];
        match model {
            RiskModel::Network => {
                let network = learnt.network(&self.settings.ensemble, &self.ensemble);
                Box::new(network.with_known(prices.known(&self.settings.known)))
            }
            model => learnt.baseline(model),
        }
    }

    /// Judges all models on the days of a price that come after those that it learnt from: of the table of its training the
    /// test days, of later prices all that have enough days before them.
    ///
    /// # Errors
    /// There is no such day, or a forecast fails.
    ///
    /// # Panics
    /// There is no such place.
    pub fn judge(&self, place: usize, prices: &RiskPrices) -> Result<RiskJudged, Error> {
        let learnt = &self.prices[place];
        let measured = prices.measure_by(learnt.gauge)?;
        let days = measured.days();
        let network = self.model(place, RiskModel::Network, prices);
        let first = prices.first_after(&learnt.until, network.least_days())?;
        let mut forecasts = BTreeMap::new();
        for model in RiskModel::ALL {
            let shape = learnt.shape(model).ok_or(Error::NoShape(model.name()))?.clone();
            let fitted = self.model(place, model, prices);
            let ahead = fitted.forecasts(days, first..days.len())?;
            forecasts.insert(model, RiskForecasts { ahead, mean: fitted.mean_return(), shape });
        }
        let judged = JudgedDays {
            days,
            first,
            from: prices.dates()[first + 1].to_string(),
            unit: prices.unit(),
            proxy: learnt.gauge.proxy.name(),
        };
        let judgement = RiskJudgement::of(&judged, &forecasts)?;
        Ok(RiskJudged { judgement, forecasts, first, measured })
    }

    /// Forecasts the mean variance of the next 1, 5 and 22 days after the last of a price.
    ///
    /// # Errors
    /// There are too few days, or a forecast is no positive number.
    ///
    /// # Panics
    /// There is no such place.
    pub fn ahead(&self, place: usize, prices: &RiskPrices, model: RiskModel) -> Result<Ahead, Error> {
        let measured = prices.measure_by(self.prices[place].gauge)?;
        Ok(forecast(&*self.model(place, model, prices), measured.days())?)
    }
}
