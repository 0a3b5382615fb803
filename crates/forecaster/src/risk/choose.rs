//! Which settings forecast best, by the years before the test part alone.

use recurrent_metrics::risk::qlike_losses;
use recurrent_volatility::models::Ridge;
use recurrent_volatility::{Ahead, Days, HORIZONS, Refits, VarianceModel, VolatilityError, realised, walk};
use serde::Serialize;

use super::lesson::RiskNetwork;
use crate::error::Error;
use crate::parallel::side_by_side;

/// Expanding folds: each is forecast by models fitted to all days before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folds {
    /// The first origin that is forecast.
    pub first: usize,
    /// Origins of a fold.
    pub every: usize,
}

/// What settings reach on the folds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reached {
    /// The mean QLIKE over all folds, at each horizon.
    pub qlike: Ahead,
    /// The same of the ridge regression.
    pub ridge: Ahead,
    /// Their ratio, the mean over the horizons: below 1 where the network is better.
    pub ratio: f64,
    /// The same of the fold with the largest.
    pub worst: f64,
}

/// Forecasts the folds of training days with each of some settings, side by side. The same settings reach the same on any
/// number of threads.
///
/// # Errors
/// There are too few days before the first fold or after it, or a training fails.
pub fn reached(
    candidates: &[RiskNetwork],
    training: Days<'_>,
    folds: Folds,
    done: impl Fn(usize) + Sync,
) -> Result<Vec<Reached>, Error> {
    let least = folds.first + folds.every;
    if training.len() < least {
        let what = "choosing by expanding folds";
        return Err(VolatilityError::TooFewDays { what, least, days: training.len() }.into());
    }
    let ridge = losses(&Ridge::default(), training, folds)?;
    side_by_side(candidates.len(), |place| {
        let own = losses(&candidates[place], training, folds)?;
        done(place);
        Ok(Reached::of(&own, &ridge, folds))
    })
}

/// The losses at each horizon, of the origins from the first on.
fn losses(model: &dyn VarianceModel, training: Days<'_>, folds: Folds) -> Result<Vec<Vec<f64>>, Error> {
    let refits = Refits::Expanding { every: folds.every };
    let ahead = walk(model, training, folds.first..training.len(), refits)?;
    let horizon = |(place, horizon)| {
        let truth = realised(training, folds.first, horizon);
        let forecast: Vec<f64> = ahead[..truth.len()].iter().map(|ahead: &Ahead| ahead[place]).collect();
        Ok(qlike_losses(&truth, &forecast)?)
    };
    HORIZONS.into_iter().enumerate().map(horizon).collect()
}

impl Reached {
    fn of(own: &[Vec<f64>], ridge: &[Vec<f64>], folds: Folds) -> Self {
        let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
        let ratio = |fold: Option<usize>| {
            let part = |losses: &[f64]| match fold {
                None => mean(losses),
                Some(fold) => losses.chunks(folds.every).nth(fold).map_or(f64::NAN, mean),
            };
            let ratios = own.iter().zip(ridge).map(|(own, ridge)| part(own) / part(ridge));
            ratios.sum::<f64>() / own.len() as f64
        };
        // Of the last fold, the longest horizon may have come on no day.
        let count = own.iter().map(|losses| losses.chunks(folds.every).len()).min().unwrap_or(0);
        Self {
            qlike: std::array::from_fn(|place| mean(&own[place])),
            ridge: std::array::from_fn(|place| mean(&ridge[place])),
            ratio: ratio(None),
            worst: (0..count).map(|fold| ratio(Some(fold))).fold(0.0, f64::max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_losses_have_a_ratio_of_one_in_every_fold() {
        let losses = vec![vec![0.1, 0.4, 0.2, 0.3, 0.7], vec![0.2; 4], vec![0.3; 3]];
        let folds = Folds { first: 0, every: 2 };
        let same = Reached::of(&losses, &losses, folds);
        assert_eq!((same.ratio, same.worst), (1.0, 1.0));
        let mut other = losses.clone();
        other[0][0] = 0.6;
        let found = Reached::of(&other, &losses, folds);
        assert!((found.worst - (2.0 + 1.0 + 1.0) / 3.0).abs() < 1e-12, "{found:?}");
        assert!(found.ratio > 1.0 && found.ratio < found.worst);
    }
}
