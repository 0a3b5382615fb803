//! The recursions, each as one step from a day's variance and its residual to the next day's variance.

use serde::{Deserialize, Serialize};

use super::parameters::GarchParameters;

/// How a day's variance follows from the day before. With `e` the day's return less the mean and `z = e / s`:
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GarchKind {
    /// `s'^2 = omega + alpha e^2 + beta s^2` (Bollerslev 1986).
    Garch,
    /// `s'^2 = omega + (alpha + gamma [e < 0]) e^2 + beta s^2` (Glosten, Jagannathan and Runkle 1993).
    Gjr,
    /// `ln s'^2 = omega + alpha (|z| - sqrt(2 / pi)) + gamma z + beta ln s^2` (Nelson 1991).
    Egarch,
}

/// How far a logarithm of a variance may go, so that its exponential stays a number.
const FARTHEST_LOG: f64 = 200.0;

impl GarchKind {
    /// The model's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Garch => "GARCH(1,1), t",
            Self::Gjr => "GJR-GARCH, t",
            Self::Egarch => "EGARCH, t",
        }
    }

    /// The state of the first day: the variance, or for EGARCH its logarithm. `before` is a guess at the variance of
    /// the day before.
    pub(super) fn first(self, p: &GarchParameters, before: f64) -> f64 {
        match self {
            Self::Garch | Self::Gjr => p.omega + self.persistence(p) * before,
            Self::Egarch => p.omega + p.beta * before.ln(),
        }
    }

    /// The state of the next day from a day's state and residual.
    pub(crate) fn next(self, p: &GarchParameters, state: f64, residual: f64) -> f64 {
        match self {
            Self::Garch => p.omega + p.alpha * residual * residual + p.beta * state,
            Self::Gjr => {
                let weight = if residual < 0.0 { p.alpha + p.gamma } else { p.alpha };
                p.omega + weight * residual * residual + p.beta * state
            }
            Self::Egarch => self.next_log(p, state, residual * (-state / 2.0).exp()),
        }
    }

    /// EGARCH's next logarithm, from that of a day and its standardised residual.
    fn next_log(self, p: &GarchParameters, state: f64, z: f64) -> f64 {
        (p.omega + surprise(p, z) + p.beta * state).clamp(-FARTHEST_LOG, FARTHEST_LOG)
    }

    /// The variance of a state.
    pub(crate) fn variance(self, state: f64) -> f64 {
        match self {
            Self::Garch | Self::Gjr => state,
            Self::Egarch => state.exp(),
        }
    }

    /// The state that the recursion keeps around; that of a variance of 1 where it does not.
    pub(crate) fn at_rest(self, p: &GarchParameters) -> f64 {
        let rest = p.omega / (1.0 - self.persistence(p));
        match self {
            Self::Egarch => {
                if rest.is_finite() {
                    rest
                } else {
                    0.0
                }
            }
            _ => {
                if rest.is_finite() && rest > 0.0 {
                    rest
                } else {
                    1.0
                }
            }
        }
    }

    /// How much of a variance above the mean is left the day after, on average.
    pub(super) fn persistence(self, p: &GarchParameters) -> f64 {
        match self {
            Self::Garch => p.alpha + p.beta,
            Self::Gjr => p.alpha + p.gamma / 2.0 + p.beta,
            Self::Egarch => p.beta,
        }
    }
}

/// What EGARCH adds to the logarithm for a standardised residual.
pub(super) fn surprise(p: &GarchParameters, z: f64) -> f64 {
    // The mean of |z| of a normal distribution, as in Nelson's paper; with Student's t it is part of omega.
    const MEAN_SIZE: f64 = 0.797_884_560_802_865_4;
    p.alpha * (z.abs() - MEAN_SIZE) + p.gamma * z
}
