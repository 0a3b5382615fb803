//! Risk as it was: the mean variance of as many days back as the forecast goes ahead.

use std::ops::Range;

use crate::{
    days::Days,
    error::VolatilityError,
    features::means,
    horizons::{Ahead, LONGEST},
    model::{FittedVariance, VarianceModel, check_origins},
};

/// The random walk: the next `h` days will be as the last `h` were. It has nothing to fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RandomWalk;

impl VarianceModel for RandomWalk {
    fn name(&self) -> &'static str {
        "random walk"
    }

    fn fit(&self, _training: Days<'_>) -> Result<Box<dyn FittedVariance>, VolatilityError> {
        Ok(Box::new(*self))
    }
}

impl FittedVariance for RandomWalk {
    fn least_days(&self) -> usize {
        LONGEST
    }

    fn forecasts(&self, days: Days<'_>, origins: Range<usize>) -> Result<Vec<Ahead>, VolatilityError> {
        check_origins(days, LONGEST, &origins)?;
        Ok(origins.map(|origin| means(days.variances(), origin)).collect())
    }
}
