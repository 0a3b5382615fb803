//! What is kept of one price beside the network's weights: how it is measured, and every model fitted to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use recurrent_volatility::models::{FittedGarch, FittedHar, Garch, GarchKind, Har};
use recurrent_volatility::quantiles::{Empirical, residuals};
use recurrent_volatility::{FittedVariance, Gauge, Measured, VolatilityError};
use serde::{Deserialize, Serialize};

use super::ensemble::Ensemble;
use super::lesson::{FittedNetwork, Skip};
use super::model::RiskModel;
use super::settings::EnsembleSettings;

/// Quantiles that are kept of the residuals of each model.
const QUANTILES: usize = 999;

/// What was learnt from the training days of one price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearntPrice {
    /// The price's name.
    pub name: String,
    /// The last moment that was learnt from, as `2012-11-29`.
    pub until: String,
    /// How its variances are measured.
    pub gauge: Gauge,
    /// What the network stands on.
    pub skip: Skip,
    har: FittedHar,
    har_leverage: FittedHar,
    garch: FittedGarch,
    gjr: FittedGarch,
    /// The distribution of each model's residuals on the training days.
    shapes: BTreeMap<RiskModel, Empirical>,
}

impl LearntPrice {
    /// Fits all models to the first `training` days of a price, beside a network that was fitted to them.
    ///
    /// # Errors
    /// A model cannot be fitted.
    pub fn fit(
        name: impl Into<String>,
        until: impl Into<String>,
        measured: &Measured,
        training: usize,
        network: &FittedNetwork,
    ) -> Result<Self, VolatilityError> {
        let days = measured.days().until(training);
        let mut learnt = Self {
            name: name.into(),
            until: until.into(),
            gauge: measured.gauge(),
            skip: network.skip().clone(),
            har: Har::default().fit_to(days)?,
            har_leverage: Har::with_leverage().fit_to(days)?,
            garch: Garch::new(GarchKind::Garch).fit_from(days, None)?,
            gjr: Garch::new(GarchKind::Gjr).fit_from(days, None)?,
            shapes: BTreeMap::new(),
        };
        for model in RiskModel::ALL {
            let shape = match model {
                RiskModel::Network => residuals(network, days)?,
                model => residuals(&*learnt.baseline(model), days)?,
            };
            learnt.shapes.insert(model, shape.thinned(QUANTILES));
        }
        Ok(learnt)
    }

    /// The network on what it stands on.
    ///
    /// # Panics
    /// The network is of other settings.
    pub fn network(&self, settings: &EnsembleSettings, ensemble: &Arc<Ensemble>) -> FittedNetwork {
        FittedNetwork::new(settings.clone(), ensemble.clone(), self.skip.clone())
    }

    /// A fitted model that is no network; in place of the network, what it stands on.
    pub fn baseline(&self, model: RiskModel) -> Box<dyn FittedVariance> {
        match model {
            RiskModel::HarLeverage => Box::new(self.har_leverage.clone()),
            RiskModel::Har => Box::new(self.har.clone()),
            RiskModel::Garch => Box::new(self.garch.clone()),
            RiskModel::Gjr => Box::new(self.gjr.clone()),
            model => model.without_fit().unwrap_or_else(|| Box::new(self.skip.ridge.clone())),
        }
    }

    /// The distribution of a model's residuals on the training days; none in a file that lacks it.
    pub fn shape(&self, model: RiskModel) -> Option<&Empirical> {
        self.shapes.get(&model)
    }
}
