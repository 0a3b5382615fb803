//! The heterogeneous autoregression (Corsi 2009): tomorrow's variance from those of the last day, week and month.

use std::ops::Range;

use recurrent_linear::RidgeRegression;
use serde::{Deserialize, Serialize};

use crate::{
    days::Days,
    error::VolatilityError,
    features::{averages, leverage},
    horizons::{Ahead, HORIZONS, LONGEST},
    model::{FittedVariance, VarianceModel},
    models::log_regression::{LogRegression, Retransformation, check_saved, fit_horizons, predict_horizons},
};

/// The heterogeneous autoregression, by least squares, one for each horizon. With `v_1`, `v_5`, `v_22` the mean
/// variances of the last 1, 5 and 22 days and `r_1`, `r_5`, `r_22` the mean returns:
///
/// ```text
/// levels: v = b_0 + b_1 v_1 + b_5 v_5 + b_22 v_22, kept within what the training days had
/// logs: ln v = b_0 + b_1 ln v_1 + b_5 ln v_5 + b_22 ln v_22
/// with leverage, also c_1 min(r_1, 0) + c_5 min(r_5, 0) + c_22 min(r_22, 0)   (Corsi and Renò 2012)
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Har {
    /// Whether variances are regressed as they are, or their logarithms.
    pub scale: Scale,
    /// Whether returns are read too.
    pub leverage: bool,
}

/// What is regressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Variances as they are.
    Levels,
    /// Their logarithms, with the way back.
    Logs(Retransformation),
}

impl Default for Scale {
    fn default() -> Self {
        Self::Logs(Retransformation::Normal)
    }
}

impl Har {
    /// In logarithms, with leverage.
    pub fn with_leverage() -> Self {
        Self { leverage: true, ..Self::default() }
    }

    /// Of variances as they are, without leverage.
    pub fn in_levels() -> Self {
        Self { scale: Scale::Levels, leverage: false }
    }

    /// Fits the regressions, as [`fit`](VarianceModel::fit) does, to a model that can be saved.
    ///
    /// # Errors
    ///
    /// When there are too few days, or a regression has no solution.
    pub fn fit_to(&self, training: Days<'_>) -> Result<FittedHar, VolatilityError> {
        let horizons = fit_horizons(self.name(), training, self.weights(), |_, origins, targets| {
            let rows: Vec<_> = origins.map(|origin| self.features(training, origin)).collect();
            OneHorizon::fit(self, &rows, targets)
        })?;
        Ok(FittedHar { har: *self, horizons })
    }

    fn weights(&self) -> usize {
        if self.leverage { 6 } else { 3 }
    }

    fn features(&self, days: Days<'_>, origin: usize) -> Vec<f64> {
        let variances = averages(days, origin);
        let mut row = match self.scale {
            Scale::Levels => variances.to_vec(),
            Scale::Logs(_) => variances.map(f64::ln).to_vec(),
        };
        if self.leverage {
            row.extend(leverage(days, origin));
        }
        row
    }
}

impl VarianceModel for Har {
    fn name(&self) -> &'static str {
        match (self.scale, self.leverage) {
            (Scale::Levels, false) => "HAR",
            (Scale::Levels, true) => "HAR with leverage",
            (Scale::Logs(_), false) => "HAR in logs",
            (Scale::Logs(_), true) => "HAR in logs with leverage",
        }
    }

    fn fit(&self, training: Days<'_>) -> Result<Box<dyn FittedVariance>, VolatilityError> {
        Ok(Box::new(self.fit_to(training)?))
    }
}

/// A fitted [`Har`]. What is read back from a file is checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct FittedHar {
    har: Har,
    horizons: [OneHorizon; HORIZONS.len()],
}

#[derive(Deserialize)]
struct Unchecked {
    har: Har,
    horizons: [OneHorizon; HORIZONS.len()],
}

impl TryFrom<Unchecked> for FittedHar {
    type Error = VolatilityError;

    fn try_from(Unchecked { har, horizons }: Unchecked) -> Result<Self, VolatilityError> {
        for horizon in &horizons {
            let found = match horizon {
                OneHorizon::Levels { regression, .. } => regression.weights().len(),
                OneHorizon::Logs(regression) => regression.weights(),
            };
            check_saved(har.name(), found, har.weights())?;
        }
        Ok(Self { har, horizons })
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OneHorizon {
    Levels { regression: RidgeRegression, least: f64, most: f64 },
    Logs(LogRegression),
}

impl OneHorizon {
    fn fit(har: &Har, rows: &[Vec<f64>], targets: &[f64]) -> Result<Self, VolatilityError> {
        let model = har.name();
        match har.scale {
            Scale::Logs(back) => LogRegression::fit(model, rows, targets, 0.0, back).map(Self::Logs),
            Scale::Levels => {
                let regression = RidgeRegression::fit(rows, targets, 0.0)
                    .map_err(|source| VolatilityError::Regression { model, days: rows.len(), source })?;
                let least = targets.iter().copied().fold(f64::INFINITY, f64::min);
                let most = targets.iter().copied().fold(0.0, f64::max);
                Ok(Self::Levels { regression, least, most })
            }
        }
    }

    fn predict(&self, row: &[f64]) -> f64 {
        match self {
            // A regression of levels can forecast less than nothing.
            Self::Levels { regression, least, most } => regression.predict(row).max(*least).min(*most),
            Self::Logs(regression) => regression.predict(row),
        }
    }
}

impl FittedVariance for FittedHar {
    fn least_days(&self) -> usize {
        LONGEST
    }

    fn forecasts(&self, days: Days<'_>, origins: Range<usize>) -> Result<Vec<Ahead>, VolatilityError> {
        let features = |origin| self.har.features(days, origin);
        predict_horizons(self.har.name(), days, origins, features, |horizon, row| {
            self.horizons[horizon].predict(row)
        })
    }
}
