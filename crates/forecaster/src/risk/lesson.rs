//! From days to a trained network and back: what is learnt from prices, and the model of variance that comes of it.

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::Device;
use rayon::prelude::*;
use recurrent_backend::Seed;
use recurrent_train::{TrainConfig, Training};
use recurrent_volatility::models::{FittedRidge, Ridge};
use recurrent_volatility::{
    Ahead, Days, FittedVariance, HORIZONS, LONGEST, VarianceModel, VolatilityError, realised,
};
use serde::{Deserialize, Serialize};

use super::batches::{RiskBatch, Samples, ShuffledDays};
use super::centre::Centre;
use super::ensemble::Ensemble;
use super::settings::EnsembleSettings;

/// The name of the model in tables.
pub const NETWORK: &str = "network";

/// Windows that are forecast from at once.
const AT_ONCE: usize = 512;

/// Training days that become samples: the windows of all prices, and what the linear model leaves to learn.
#[derive(Debug)]
pub struct Lesson {
    settings: EnsembleSettings,
    skips: Vec<Skip>,
    samples: Vec<Samples>,
}

/// The days of one price, and what is known of those after each.
#[derive(Clone, Copy, Debug)]
pub struct KnownDays<'a> {
    /// The days.
    pub days: Days<'a>,
    /// `[days, known]`, or of more days than those: see [`KnownInputs::rows`](recurrent_data::prices::KnownInputs::rows).
    pub known: &'a [f32],
}

impl<'a> From<Days<'a>> for KnownDays<'a> {
    /// Days of which nothing is known beforehand.
    fn from(days: Days<'a>) -> Self {
        Self { days, known: &[] }
    }
}

/// What the network's forecast of one price stands on: how its days are read, and the ridge regression whose forecast is
/// corrected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// How its days are read.
    pub centre: Centre,
    /// The linear model.
    pub ridge: FittedRidge,
}

impl Lesson {
    /// Takes the training days of one price, or of several that one network is to learn from. An origin whose target
    /// reaches past the last day is left out.
    ///
    /// # Errors
    /// A price has too few days, or never moves.
    ///
    /// # Panics
    /// There is no price, or less is known of a price's days than the settings have.
    pub fn new(settings: &EnsembleSettings, prices: &[KnownDays<'_>]) -> Result<Self, VolatilityError> {
        assert!(!prices.is_empty(), "a network learns from at least one price");
        let learnt: Result<Vec<_>, _> = prices.par_iter().map(|of| learn(settings, *of)).collect();
        let (skips, samples) = learnt?.into_iter().unzip();
        Ok(Self { settings: settings.clone(), skips, samples })
    }

    /// The samples in batches, at most so many of them an epoch: of more prices than that, an epoch sees a part of the
    /// days, drawn anew each time.
    ///
    /// # Panics
    /// `batch_size` or `most_steps` is 0.
    pub fn batches(&self, batch_size: usize, most_steps: usize, seed: Seed) -> ShuffledDays<'_> {
        assert!(batch_size > 0 && most_steps > 0, "an epoch has a batch, and a batch a window");
        let shape = [self.settings.window, self.settings.features()];
        ShuffledDays::new(&self.samples, shape, batch_size, most_steps, seed)
    }

    /// The models of a trained network, one for each price.
    ///
    /// # Panics
    /// The network is of other settings.
    pub fn fitted(self, ensemble: Ensemble) -> Vec<FittedNetwork> {
        let ensemble = Arc::new(ensemble);
        let of = |skip| FittedNetwork::new(self.settings.clone(), ensemble.clone(), skip);
        self.skips.into_iter().map(of).collect()
    }
}

fn learn(
    settings: &EnsembleSettings,
    KnownDays { days: training, known }: KnownDays<'_>,
) -> Result<(Skip, Samples), VolatilityError> {
    let first = settings.window.max(LONGEST);
    let least = first + LONGEST;
    if training.len() < least {
        return Err(VolatilityError::TooFewDays { what: NETWORK, least, days: training.len() });
    }
    let skip = Skip { centre: Centre::of(training)?, ridge: Ridge::default().fit_to(training)? };
    let truths = HORIZONS.map(|horizon| realised(training, first, horizon));
    let origins = first..first + truths[HORIZONS.len() - 1].len();
    let forecasts = skip.ridge.forecasts(training, origins)?;
    let target = |(place, forecast): (usize, Ahead)| {
        std::array::from_fn(|horizon| (truths[horizon][place] / forecast[horizon]).ln())
    };
    let targets = forecasts.into_iter().enumerate().map(target).collect();
    let samples = Samples { rows: skip.centre.rows(training, known, settings.known), first, targets };
    Ok((skip, samples))
}

/// A network for risk before it learns: its shape, and how it learns.
#[derive(Clone, Debug)]
pub struct RiskNetwork {
    /// The shape.
    pub ensemble: EnsembleSettings,
    /// Windows in a batch.
    pub batch_size: usize,
    /// The most batches of an epoch.
    pub most_steps: usize,
    /// The training.
    pub train: TrainConfig,
    /// Where it computes.
    pub device: Device,
}

impl RiskNetwork {
    /// Learns from the training days of one price, or of several together: one model for each. Nothing is known of days to come.
    ///
    /// # Errors
    /// A price has too few days or never moves, or the loss diverges.
    ///
    /// # Panics
    /// There is no price, a size is 0, or the network reads what is known.
    pub fn fit_all(&self, prices: &[Days<'_>]) -> Result<Vec<FittedNetwork>, VolatilityError> {
        let prices: Vec<KnownDays<'_>> = prices.iter().copied().map(KnownDays::from).collect();
        let lesson = Lesson::new(&self.ensemble, &prices)?;
        let learning = |error: recurrent_train::Error| VolatilityError::Learning {
            model: NETWORK,
            reason: error.to_string(),
        };
        let ensemble = self.learn(&lesson).map_err(learning)?;
        Ok(lesson.fitted(ensemble))
    }

    /// Learns a lesson, of which no checkpoint is kept.
    pub(crate) fn learn(&self, lesson: &Lesson) -> Result<Ensemble, recurrent_train::Error> {
        let batches = lesson.batches(self.batch_size, self.most_steps, self.train.seed);
        let ensemble = Ensemble::new(&self.ensemble, self.train.seed, &self.device.clone().autodiff());
        Ok(Training::new(&self.train, &batches).run(ensemble)?.model)
    }
}

impl VarianceModel for RiskNetwork {
    fn name(&self) -> &'static str {
        NETWORK
    }

    fn fit(&self, training: Days<'_>) -> Result<Box<dyn FittedVariance>, VolatilityError> {
        let mut fitted = self.fit_all(&[training])?;
        Ok(Box::new(fitted.swap_remove(0)))
    }
}

/// A trained network as the model of one price's variance. A clone is cheap and shares the weights.
#[derive(Clone, Debug)]
pub struct FittedNetwork {
    settings: EnsembleSettings,
    ensemble: Arc<Ensemble>,
    skip: Skip,
    known: Arc<[f32]>,
}

impl FittedNetwork {
    /// A network that was trained, on what it stands on.
    ///
    /// # Panics
    /// The network is of other settings.
    pub fn new(settings: EnsembleSettings, ensemble: Arc<Ensemble>, skip: Skip) -> Self {
        assert!(ensemble.fits(&settings), "the network is of other settings: {settings:?}");
        Self { settings, ensemble, skip, known: Arc::default() }
    }

    /// The same for a price of which something is known beforehand, `[days, known]`.
    pub fn with_known(self, known: Vec<f32>) -> Self {
        Self { known: known.into(), ..self }
    }

    /// The network, which the models of several prices share.
    pub fn shared(&self) -> &Arc<Ensemble> {
        &self.ensemble
    }

    /// What its forecasts stand on.
    pub fn skip(&self) -> &Skip {
        &self.skip
    }
}

impl FittedVariance for FittedNetwork {
    fn least_days(&self) -> usize {
        self.settings.window.max(LONGEST)
    }

    fn forecasts(&self, days: Days<'_>, origins: Range<usize>) -> Result<Vec<Ahead>, VolatilityError> {
        let (first, least) = (origins.start, self.least_days());
        if !origins.is_empty() && first < least {
            return Err(VolatilityError::Origin { origin: first, least, days: days.len() });
        }
        let (width, what) = (self.settings.known, "a network that reads what is known of days to come");
        if self.known.len() < days.len() * width {
            return Err(VolatilityError::TooFewDays {
                what,
                least: days.len(),
                days: self.known.len() / width,
            });
        }
        // The linear model refuses origins past the end.
        let mut forecasts = self.skip.ridge.forecasts(days, origins)?;
        let rows = self.skip.centre.rows(days, &self.known, width);
        let shape = [self.settings.window, self.settings.features()];
        for (chunk, start) in forecasts.chunks_mut(AT_ONCE).zip((first..).step_by(AT_ONCE)) {
            let batch = RiskBatch::before(&rows, shape, start..start + chunk.len());
            for (forecast, correction) in chunk.iter_mut().zip(self.ensemble.predict(&batch)) {
                forecast.iter_mut().zip(correction).for_each(|(forecast, log)| *forecast *= log.exp());
            }
        }
        let fault = |(forecast, origin): (&Ahead, usize)| {
            let value = forecast.iter().copied().find(|value| !(value.is_finite() && *value > 0.0))?;
            Some(VolatilityError::Forecast { model: NETWORK, origin, value })
        };
        forecasts.iter().zip(first..).find_map(fault).map_or(Ok(()), Err)?;
        Ok(forecasts)
    }
}
