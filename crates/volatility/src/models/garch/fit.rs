//! The search for the likeliest parameters.

use serde::{Deserialize, Serialize};

use super::{
    fitted::FittedGarch,
    kind::GarchKind,
    likelihood::{log_likelihood, variance_before},
    parameters::GarchParameters,
};
use crate::{
    days::Days,
    error::{VolatilityError, check_days},
    model::{FittedVariance, VarianceModel},
    optimise::minimise,
};

/// The fewest days that the parameters are looked for on.
const LEAST_DAYS: usize = 100;

/// A model of the variance that follows returns, with errors by Student's t and a constant mean return. It reads
/// returns alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Garch {
    kind: GarchKind,
}

impl Garch {
    /// A model of a kind.
    pub fn new(kind: GarchKind) -> Self {
        Self { kind }
    }

    /// The parameters with the highest likelihood on training days: from the best of a few first guesses, downhill.
    /// `start`, where there is one, is another such guess: the parameters of an earlier fit save most of the search.
    ///
    /// # Errors
    ///
    /// When there are fewer than 100 days, the returns never change, or their likelihood is not finite.
    pub fn fit_from(
        &self,
        training: Days<'_>,
        start: Option<GarchParameters>,
    ) -> Result<FittedGarch, VolatilityError> {
        let kind = self.kind;
        check_days(kind.name(), training.len(), LEAST_DAYS)?;
        let returns = training.returns();
        let deviation = deviation(returns);
        // Returns that never change leave rounding behind, not exactly nothing.
        let largest = returns.iter().fold(0.0, |most: f64, r| most.max(r.abs()));
        if !(deviation.is_finite() && deviation > 1e-12 * largest) {
            return Err(VolatilityError::Motionless { training: returns.len() });
        }
        // In units of their deviation, so that the search meets numbers of one size.
        let scaled: Vec<f64> = returns.iter().map(|r| r / deviation).collect();
        let before = variance_before(&scaled);
        let loss =
            |point: &[f64]| -log_likelihood(kind, &GarchParameters::from_point(kind, point), &scaled, before);
        let mean = scaled.iter().sum::<f64>() / scaled.len() as f64;
        let start = start.map(|start| start.rescaled(kind, 1.0 / deviation));
        let search = |guesses: Vec<GarchParameters>| {
            let points = guesses.into_iter().map(|guess| guess.to_point(kind));
            let losses = points.map(|point| (loss(&point), point)).filter(|(loss, _)| loss.is_finite());
            losses.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, point)| minimise(loss, &point))
        };
        let ends: Vec<_> = match start {
            Some(start) => vec![search(guesses(kind, mean).into_iter().chain([start]).collect())],
            None => valleys(kind, mean).into_iter().map(search).collect(),
        };
        let end = ends.into_iter().flatten().min_by(|a, b| a.value.total_cmp(&b.value));
        let end = end.ok_or(VolatilityError::NoLikelihood { model: kind.name(), days: returns.len() })?;
        let found = GarchParameters::from_point(kind, &end.at);
        Ok(FittedGarch::new(kind, found.rescaled(kind, deviation), training))
    }
}

/// First guesses in groups; each search begins with the best of one. The likelihood of EGARCH has a valley on either
/// side of an `alpha` of 0, since calm may follow large moves, and a search seldom crosses from one to the other. Below
/// 0 it has a kink that holds a search wherever the mean is a day's return, so that on a few hundred days there may be
/// a likelier place nearby.
fn valleys(kind: GarchKind, mean: f64) -> Vec<Vec<GarchParameters>> {
    let guesses = guesses(kind, mean);
    if kind != GarchKind::Egarch {
        return vec![guesses];
    }
    let others = guesses.iter().map(|guess| GarchParameters { alpha: -guess.alpha, ..*guess }).collect();
    vec![guesses, others]
}

/// First guesses for returns with a variance of 1.
fn guesses(kind: GarchKind, mean: f64) -> Vec<GarchParameters> {
    const FREEDOM: f64 = 8.0;
    let mut guesses = Vec::new();
    for alpha in [0.02, 0.05, 0.1, 0.2] {
        for beta in [0.5, 0.7, 0.9, 0.95, 0.98] {
            let guess = |omega, alpha, gamma, beta| GarchParameters {
                mean,
                omega,
                alpha,
                gamma,
                beta,
                freedom: FREEDOM,
            };
            if kind == GarchKind::Egarch {
                // The mean logarithm is that of a variance of 1.
                guesses.extend([-0.1, 0.0, 0.1].map(|gamma| guess(0.0, alpha, gamma, beta)));
                continue;
            }
            let rest = 1.0 - alpha - beta;
            if rest > 0.0 {
                guesses.push(guess(rest, alpha, 0.0, beta));
                if kind == GarchKind::Gjr {
                    guesses.push(guess(rest, alpha / 4.0, 1.5 * alpha, beta));
                }
            }
        }
    }
    guesses
}

fn deviation(returns: &[f64]) -> f64 {
    let count = returns.len() as f64;
    let mean = returns.iter().sum::<f64>() / count;
    (returns.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / count).sqrt()
}

impl VarianceModel for Garch {
    fn name(&self) -> &'static str {
        self.kind.name()
    }

    fn fit(&self, training: Days<'_>) -> Result<Box<dyn FittedVariance>, VolatilityError> {
        Ok(Box::new(self.fit_from(training, None)?))
    }

    fn refit(
        &self,
        training: Days<'_>,
        before: &dyn FittedVariance,
    ) -> Result<Box<dyn FittedVariance>, VolatilityError> {
        let start = GarchParameters::of_named(&before.parameters());
        Ok(Box::new(self.fit_from(training, start)?))
    }
}
