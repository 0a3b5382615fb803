//! Ridge regression on a month of days: the strongest of the models without a network.

use std::ops::Range;

use recurrent_metrics::risk::qlike;
use serde::{Deserialize, Serialize};

use crate::{
    days::Days,
    error::{VolatilityError, check_days},
    features::lags,
    horizons::{Ahead, HORIZONS, LONGEST},
    model::{FittedVariance, VarianceModel},
    models::log_regression::{LogRegression, Retransformation, check_saved, fit_horizons, predict_horizons},
};

/// The penalties that [`Penalty::Chosen`] tries.
pub const PENALTIES: [f64; 7] = [1.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0];

/// How many features a row has.
const FEATURES: usize = 36;

/// Ridge regression of the logarithm of the variance, one for each horizon, on 36 features: the logarithms of the last
/// 22 variances and of the means of 5 and 22, the negative part and the size of the last 5 returns, and the negative
/// parts of the mean returns of 5 and 22 days. Each feature is taken less its mean and over its deviation on the
/// training days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ridge {
    /// The penalty on the weights.
    pub penalty: Penalty,
    /// The way back from logarithms.
    pub back: Retransformation,
}

/// The penalty of a ridge regression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Penalty {
    /// At each fit the one of [`PENALTIES`] with the least QLIKE on the last fifth of the training days, fitted to
    /// those before.
    #[default]
    Chosen,
    /// One for each of [`HORIZONS`].
    Fixed(Ahead),
}

impl Ridge {
    /// The same with the penalties that [`Penalty::Chosen`] finds on training days, so that later fits need not choose
    /// again.
    ///
    /// # Errors
    ///
    /// When there are too few days, or the regression has no solution.
    pub fn chosen_on(self, training: Days<'_>) -> Result<Self, VolatilityError> {
        let penalties = self.penalties(training, &rows(training))?;
        Ok(Self { penalty: Penalty::Fixed(penalties), ..self })
    }

    /// Fits the regressions, as [`fit`](VarianceModel::fit) does, to a model that can be saved.
    ///
    /// # Errors
    ///
    /// When there are too few days, or a regression has no solution.
    pub fn fit_to(&self, training: Days<'_>) -> Result<FittedRidge, VolatilityError> {
        let rows = rows(training);
        let penalties = self.penalties(training, &rows)?;
        let horizons = fit_horizons(self.name(), training, FEATURES, |place, origins, targets| {
            OneHorizon::fit(&rows[..origins.len()], targets, penalties[place], self.back)
        })?;
        Ok(FittedRidge { horizons })
    }

    fn penalties(&self, training: Days<'_>, rows: &[Vec<f64>]) -> Result<Ahead, VolatilityError> {
        match self.penalty {
            Penalty::Fixed(penalties) => Ok(penalties),
            Penalty::Chosen => fit_horizons(self.name(), training, FEATURES, |place, origins, targets| {
                self.choose(&rows[..origins.len()], targets, HORIZONS[place])
            }),
        }
    }

    fn choose(&self, rows: &[Vec<f64>], targets: &[f64], horizon: usize) -> Result<f64, VolatilityError> {
        // Four fifths, as a float has them, less the days whose targets reach into the last fifth.
        let held = (rows.len() as f64 * 0.8) as usize;
        let fitted_to = held.saturating_sub(horizon);
        check_days("choosing the penalty of the ridge regression", fitted_to, FEATURES)?;
        let mut best = (f64::INFINITY, PENALTIES[0]);
        for penalty in PENALTIES {
            let one = OneHorizon::fit(&rows[..fitted_to], &targets[..fitted_to], penalty, self.back)?;
            let losses =
                rows[held..].iter().zip(&targets[held..]).map(|(row, truth)| qlike(*truth, one.predict(row)));
            let loss = losses.sum::<f64>();
            if loss < best.0 {
                best = (loss, penalty);
            }
        }
        Ok(best.1)
    }
}

impl VarianceModel for Ridge {
    fn name(&self) -> &'static str {
        "ridge"
    }

    fn fit(&self, training: Days<'_>) -> Result<Box<dyn FittedVariance>, VolatilityError> {
        Ok(Box::new(self.fit_to(training)?))
    }
}

/// The features at each training origin of the shortest horizon; those of longer ones are the first of them.
fn rows(training: Days<'_>) -> Vec<Vec<f64>> {
    (LONGEST..training.len()).map(|origin| lags(training, origin)).collect()
}

/// A fitted [`Ridge`]. What is read back from a file is checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct FittedRidge {
    horizons: [OneHorizon; HORIZONS.len()],
}

#[derive(Deserialize)]
struct Unchecked {
    horizons: [OneHorizon; HORIZONS.len()],
}

impl TryFrom<Unchecked> for FittedRidge {
    type Error = VolatilityError;

    fn try_from(Unchecked { horizons }: Unchecked) -> Result<Self, VolatilityError> {
        for OneHorizon { means, deviations, regression } in &horizons {
            for found in [means.len(), deviations.len(), regression.weights()] {
                check_saved("ridge", found, FEATURES)?;
            }
        }
        Ok(Self { horizons })
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct OneHorizon {
    means: Vec<f64>,
    deviations: Vec<f64>,
    regression: LogRegression,
}

impl OneHorizon {
    fn fit(
        rows: &[Vec<f64>],
        targets: &[f64],
        penalty: f64,
        back: Retransformation,
    ) -> Result<Self, VolatilityError> {
        let count = rows.len() as f64;
        let columns = 0..FEATURES;
        let means: Vec<f64> =
            columns.clone().map(|column| rows.iter().map(|row| row[column]).sum::<f64>() / count).collect();
        let deviation = |column: usize| {
            let squares = rows.iter().map(|row| (row[column] - means[column]).powi(2));
            let deviation = (squares.sum::<f64>() / count).sqrt();
            // A feature that never changes has no weight.
            if deviation > 0.0 { deviation } else { 1.0 }
        };
        let deviations: Vec<f64> = columns.map(deviation).collect();
        let scaled: Vec<_> = rows.iter().map(|row| scaled(row, &means, &deviations)).collect();
        let regression = LogRegression::fit("ridge", &scaled, targets, penalty, back)?;
        Ok(Self { means, deviations, regression })
    }

    fn predict(&self, row: &[f64]) -> f64 {
        self.regression.predict(&scaled(row, &self.means, &self.deviations))
    }
}

fn scaled(row: &[f64], means: &[f64], deviations: &[f64]) -> Vec<f64> {
    row.iter().zip(means).zip(deviations).map(|((x, mean), deviation)| (x - mean) / deviation).collect()
}

impl FittedVariance for FittedRidge {
    fn least_days(&self) -> usize {
        LONGEST
    }

    fn forecasts(&self, days: Days<'_>, origins: Range<usize>) -> Result<Vec<Ahead>, VolatilityError> {
        let features = |origin| lags(days, origin);
        predict_horizons("ridge", days, origins, features, |horizon, row| self.horizons[horizon].predict(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_all_features() {
        let days = Days::new(&[0.01; 22], &[0.0001; 22]).unwrap();
        assert_eq!(lags(days, 22).len(), FEATURES);
    }
}
