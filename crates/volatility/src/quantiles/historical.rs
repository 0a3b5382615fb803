//! Historical simulation: the next return is one of the last ones.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Empirical, FittedQuantiles, QuantileModel};
use crate::{days::Days, error::VolatilityError, model::check_origins};

/// The quantiles of the last returns, each as likely as another. It knows nothing of calm and stormy times, and is what
/// banks used longest. It has nothing to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoricalSimulation {
    days: usize,
}

impl Default for HistoricalSimulation {
    /// Over 250 days, a year of trading.
    fn default() -> Self {
        Self { days: 250 }
    }
}

impl HistoricalSimulation {
    /// Over the last `days` returns.
    ///
    /// # Errors
    ///
    /// When there are none.
    pub fn over(days: usize) -> Result<Self, VolatilityError> {
        if days == 0 {
            let setting = "the number of returns of a historical simulation";
            return Err(VolatilityError::Setting { setting, value: 0.0, expected: "at least 1" });
        }
        Ok(Self { days })
    }
}

impl QuantileModel for HistoricalSimulation {
    fn name(&self) -> String {
        format!("historical simulation, {} days", self.days)
    }

    fn fit(&self, _training: Days<'_>) -> Result<Box<dyn FittedQuantiles>, VolatilityError> {
        Ok(Box::new(*self))
    }
}

impl FittedQuantiles for HistoricalSimulation {
    fn quantiles(
        &self,
        days: Days<'_>,
        origins: Range<usize>,
        levels: &[f64],
    ) -> Result<Vec<Vec<f64>>, VolatilityError> {
        check_origins(days, self.days, &origins)?;
        origins
            .map(|origin| {
                let last = Empirical::of(days.returns()[origin - self.days..origin].to_vec())?;
                levels.iter().map(|level| last.quantile(*level)).collect()
            })
            .collect()
    }
}
