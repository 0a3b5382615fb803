//! The models whose forecasts of risk stand side by side, by name.

use recurrent_volatility::models::{Ewma, Garch, GarchKind, Har, RandomWalk};
use recurrent_volatility::{FittedVariance, VarianceModel};
use serde::{Deserialize, Serialize};

/// A model of variance, by the name that records have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskModel {
    /// The network on top of the ridge regression.
    Network,
    /// Ridge regression on a month of days.
    Ridge,
    /// The heterogeneous autoregression in logarithms, with leverage.
    HarLeverage,
    /// The same without leverage.
    Har,
    /// GJR-GARCH with Student's t.
    Gjr,
    /// GARCH(1,1) with Student's t.
    Garch,
    /// The moving average of RiskMetrics.
    Ewma,
    /// As the last days were.
    RandomWalk,
}

impl RiskModel {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 8] = [
        Self::Network,
        Self::Ridge,
        Self::HarLeverage,
        Self::Har,
        Self::Gjr,
        Self::Garch,
        Self::Ewma,
        Self::RandomWalk,
    ];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network on ridge",
            Self::Ridge => "ridge regression",
            Self::HarLeverage => Har::with_leverage().name(),
            Self::Har => Har::default().name(),
            Self::Gjr => Garch::new(GarchKind::Gjr).name(),
            Self::Garch => Garch::new(GarchKind::Garch).name(),
            Self::Ewma => Ewma::default().name(),
            Self::RandomWalk => RandomWalk.name(),
        }
    }

    /// The name in records.
    pub fn key(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Ridge => "ridge",
            Self::HarLeverage => "har_leverage",
            Self::Har => "har",
            Self::Gjr => "gjr",
            Self::Garch => "garch",
            Self::Ewma => "ewma",
            Self::RandomWalk => "random_walk",
        }
    }

    /// The model itself, where it learns nothing.
    pub(super) fn without_fit(self) -> Option<Box<dyn FittedVariance>> {
        match self {
            Self::Ewma => Some(Box::new(Ewma::default())),
            Self::RandomWalk => Some(Box::new(RandomWalk)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_the_names_in_records() {
        for model in RiskModel::ALL {
            assert_eq!(serde_json::to_value(model).unwrap(), model.key());
        }
    }
}
