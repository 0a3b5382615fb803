//! The parameters, and how a search without bounds sees them.

use serde::{Deserialize, Serialize};

use super::kind::GarchKind;

/// The parameters of a model of [`GarchKind`]; `gamma` is 0 for GARCH.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GarchParameters {
    /// The mean return.
    pub mean: f64,
    /// What is added each day: a variance, or for EGARCH a logarithm.
    pub omega: f64,
    /// The weight of the last residual.
    pub alpha: f64,
    /// The further weight of a residual below 0 (GJR), or of the residual with its sign (EGARCH).
    pub gamma: f64,
    /// The weight of the last variance.
    pub beta: f64,
    /// The degrees of freedom of Student's t, which is scaled to a variance of 1; above 2.
    pub freedom: f64,
}

/// Degrees of freedom that a fit may find; at the last the distribution is all but normal.
const FREEDOM: std::ops::Range<f64> = 2.05..500.0;

impl GarchParameters {
    /// The parameters by name, those that the kind has.
    pub(super) fn named(&self, kind: GarchKind) -> Vec<(&'static str, f64)> {
        let mut named = vec![("mean", self.mean), ("omega", self.omega), ("alpha", self.alpha)];
        if kind != GarchKind::Garch {
            named.push(("gamma", self.gamma));
        }
        named.extend([("beta", self.beta), ("freedom", self.freedom)]);
        named
    }

    /// The parameters of [`named`](Self::named).
    pub(super) fn of_named(named: &[(&'static str, f64)]) -> Option<Self> {
        let find = |name: &str| named.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
        Some(Self {
            mean: find("mean")?,
            omega: find("omega")?,
            alpha: find("alpha")?,
            gamma: find("gamma").unwrap_or(0.0),
            beta: find("beta")?,
            freedom: find("freedom")?,
        })
    }

    /// The same for returns that are `factor` times as large.
    pub(super) fn rescaled(self, kind: GarchKind, factor: f64) -> Self {
        let omega = match kind {
            GarchKind::Garch | GarchKind::Gjr => self.omega * factor * factor,
            GarchKind::Egarch => self.omega + (1.0 - self.beta) * 2.0 * factor.ln(),
        };
        Self { mean: self.mean * factor, omega, ..self }
    }

    /// As numbers without bounds: a point anywhere stands for parameters that keep a variance positive and, but for
    /// EGARCH's surprises, finite in the mean.
    pub(super) fn to_point(self, kind: GarchKind) -> Vec<f64> {
        let freedom = logit((self.freedom - FREEDOM.start) / (FREEDOM.end - FREEDOM.start));
        match kind {
            GarchKind::Garch => {
                let [alpha, beta] = log_shares([self.alpha, self.beta]);
                vec![self.mean, self.omega.ln(), alpha, beta, freedom]
            }
            GarchKind::Gjr => {
                let below = self.alpha + self.gamma;
                let [alpha, below, beta] = log_shares([self.alpha / 2.0, below / 2.0, self.beta]);
                vec![self.mean, self.omega.ln(), alpha, below, beta, freedom]
            }
            GarchKind::Egarch => {
                vec![self.mean, self.omega, self.alpha, self.gamma, logit(self.beta), freedom]
            }
        }
    }

    /// The parameters of [`to_point`](Self::to_point).
    pub(super) fn from_point(kind: GarchKind, point: &[f64]) -> Self {
        let freedom = |x: f64| FREEDOM.start + (FREEDOM.end - FREEDOM.start) * logistic(x);
        match *point {
            [mean, omega, alpha, beta, x] => {
                let [alpha, beta] = shares([alpha, beta]);
                Self { mean, omega: omega.exp(), alpha, gamma: 0.0, beta, freedom: freedom(x) }
            }
            [mean, omega, alpha, gamma, beta, x] if kind == GarchKind::Egarch => {
                Self { mean, omega, alpha, gamma, beta: logistic(beta), freedom: freedom(x) }
            }
            [mean, omega, alpha, below, beta, x] => {
                let [alpha, below, beta] = shares([alpha, below, beta]);
                let alpha = 2.0 * alpha;
                Self {
                    mean,
                    omega: omega.exp(),
                    alpha,
                    gamma: 2.0 * below - alpha,
                    beta,
                    freedom: freedom(x),
                }
            }
            _ => Self { mean: f64::NAN, omega: 0.0, alpha: 0.0, gamma: 0.0, beta: 0.0, freedom: 3.0 },
        }
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Shares are kept off 0 and 1, where a search could not leave again.
const MARGIN: f64 = 1e-4;

fn logit(share: f64) -> f64 {
    let share = share.clamp(MARGIN, 1.0 - MARGIN);
    (share / (1.0 - share)).ln()
}

/// Positive shares whose sum is below 1.
fn shares<const N: usize>(point: [f64; N]) -> [f64; N] {
    // Against the largest, so that no exponential overflows; what is left for 1 is exp(0).
    let top = point.iter().copied().fold(0.0, f64::max);
    let sum: f64 = (-top).exp() + point.iter().map(|x| (x - top).exp()).sum::<f64>();
    point.map(|x| (x - top).exp() / sum)
}

fn log_shares<const N: usize>(shares: [f64; N]) -> [f64; N] {
    let kept = shares.map(|share| share.max(MARGIN));
    let rest = (1.0 - kept.iter().sum::<f64>()).max(MARGIN);
    kept.map(|share| (share / rest).ln())
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    const PARAMETERS: GarchParameters =
        GarchParameters { mean: 0.03, omega: 0.02, alpha: 0.04, gamma: 0.1, beta: 0.88, freedom: 7.0 };

    #[test]
    fn parameters_come_back_from_their_point() {
        for kind in [GarchKind::Garch, GarchKind::Gjr, GarchKind::Egarch] {
            let gamma = if kind == GarchKind::Garch { 0.0 } else { PARAMETERS.gamma };
            let parameters = GarchParameters { gamma, ..PARAMETERS };
            let back = GarchParameters::from_point(kind, &parameters.to_point(kind));
            for ((name, expected), (_, found)) in parameters.named(kind).iter().zip(back.named(kind)) {
                assert_relative_eq!(*expected, found, max_relative = 1e-9);
                assert!(found.is_finite(), "{name}");
            }
            assert_eq!(GarchParameters::of_named(&parameters.named(kind)), Some(parameters));
        }
    }

    #[test]
    fn any_point_has_parameters_that_keep_variances_finite() {
        for x in [-800.0, -3.0, 0.0, 5.0, 800.0] {
            let garch = GarchParameters::from_point(GarchKind::Garch, &[0.0, 0.0, x, x / 2.0, x]);
            assert!(
                garch.alpha + garch.beta <= 1.0 && garch.alpha >= 0.0 && garch.freedom > 2.0,
                "{garch:?}"
            );
            let gjr = GarchParameters::from_point(GarchKind::Gjr, &[0.0, 0.0, x, 1.0, x, x]);
            assert!(
                GarchKind::Gjr.persistence(&gjr) <= 1.0 + 1e-12 && gjr.alpha + gjr.gamma >= 0.0,
                "{gjr:?}"
            );
        }
    }
}
