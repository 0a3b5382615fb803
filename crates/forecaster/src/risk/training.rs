//! From prices to a forecaster: what is measured and learnt before a network is trained, and what is fitted beside it after.

use std::sync::Arc;

use recurrent_backend::Seed;
use recurrent_data::{Fractions, Split, prices::WindowSpec};
use recurrent_volatility::Measured;

use super::batches::ShuffledDays;
use super::ensemble::Ensemble;
use super::forecaster::{RiskForecaster, RiskSettings};
use super::learnt::LearntPrice;
use super::lesson::{KnownDays, Lesson};
use super::prices::RiskPrices;
use crate::error::Error;

/// The prices of one name, and how many of their days are learnt from.
#[derive(Clone, Debug)]
pub struct TrainingPrices {
    /// The name.
    pub name: String,
    /// The prices.
    pub prices: RiskPrices,
    /// How many measured days are learnt from, the first ones.
    pub training: usize,
}

impl TrainingPrices {
    /// Prices whose test part begins where that of the price forecaster's windows does, so that both are judged on the same
    /// days.
    ///
    /// # Errors
    /// There are too few days.
    pub fn split(
        name: impl Into<String>,
        prices: RiskPrices,
        windows: &WindowSpec,
        fractions: Fractions,
    ) -> Result<Self, Error> {
        let count = prices.dates().len().saturating_sub(windows.window);
        let first = Split::by_position(count, fractions)?.test.start + windows.window;
        // The first price has no return.
        Ok(Self { name: name.into(), prices, training: first - 1 })
    }

    /// The last moment that is learnt from.
    fn until(&self) -> String {
        self.prices.dates()[self.training].to_string()
    }
}

/// What a network is about to learn from prices.
#[derive(Debug)]
pub struct RiskTraining<'a> {
    settings: RiskSettings,
    prices: &'a [TrainingPrices],
    measured: Vec<Measured>,
    known: Vec<Vec<f32>>,
    pub(crate) lesson: Lesson,
}

impl<'a> RiskTraining<'a> {
    /// Measures prices and fits the linear models that the network stands on.
    ///
    /// # Errors
    /// A price has too few days, or never moves.
    ///
    /// # Panics
    /// There is no price.
    pub fn new(settings: RiskSettings, prices: &'a [TrainingPrices]) -> Result<Self, Error> {
        let measured: Vec<Measured> =
            prices.iter().map(|of| of.prices.measure(of.training)).collect::<Result<_, _>>()?;
        let known: Vec<Vec<f32>> = prices.iter().map(|of| of.prices.known(&settings.known)).collect();
        let days = measured.iter().zip(prices).zip(&known);
        let days: Vec<KnownDays<'_>> = days
            .map(|((measured, of), known)| KnownDays { days: measured.days().until(of.training), known })
            .collect();
        let lesson = Lesson::new(&settings.ensemble, &days)?;
        Ok(Self { settings, prices, measured, known, lesson })
    }

    /// What is measured of each price.
    pub fn measured(&self) -> &[Measured] {
        &self.measured
    }

    /// The samples in batches: see [`Lesson::batches`].
    ///
    /// # Panics
    /// A size is 0.
    pub fn batches(&self, batch_size: usize, most_steps: usize, seed: Seed) -> ShuffledDays<'_> {
        self.lesson.batches(batch_size, most_steps, seed)
    }

    /// The forecaster of a trained network, with all models that it stands beside.
    ///
    /// # Errors
    /// A model cannot be fitted.
    ///
    /// # Panics
    /// The network is of other settings.
    pub fn finish(self, ensemble: Ensemble) -> Result<RiskForecaster, Error> {
        let Self { settings, prices, measured, known, lesson } = self;
        let networks = lesson.fitted(ensemble).into_iter().zip(known);
        let networks: Vec<_> = networks.map(|(network, known)| network.with_known(known)).collect();
        let ensemble = networks[0].shared();
        let learnt = prices.iter().zip(&measured).zip(&networks).map(|((of, measured), network)| {
            LearntPrice::fit(&of.name, of.until(), measured, of.training, network)
        });
        let learnt = learnt.collect::<Result<_, _>>()?;
        Ok(RiskForecaster::new(settings, Arc::clone(ensemble), learnt))
    }
}
