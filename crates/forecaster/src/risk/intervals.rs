//! Where the bounds of intervals come from, and how often those of each kind held: the model's own distribution, or conformal
//! prediction over its variances.

use std::collections::BTreeMap;

use recurrent_metrics::risk::Coverage;
use recurrent_volatility::conformal::{Calibrated, Method, misses};
use serde::{Deserialize, Serialize};

use super::forecaster::RiskJudged;
use super::model::RiskModel;
use super::scores::RiskForecasts;
use crate::error::Error;

/// Where the bounds of an interval come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalKind {
    /// The distribution of the model's residuals on the training days.
    #[default]
    Model,
    /// Split conformal prediction, calibrated on days that were not learnt from.
    Conformal,
    /// Adaptive conformal prediction (Gibbs and Candès 2021), which goes on from there.
    Adaptive,
}

/// Which intervals are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct IntervalSpec {
    /// Where the bounds come from.
    pub kind: IntervalKind,
    /// The probability that an interval is meant to hold what comes.
    pub level: f64,
}

impl IntervalSpec {
    /// Those of the model's own distribution.
    pub fn of_model(level: f64) -> Self {
        Self { kind: IntervalKind::Model, level }
    }
}

impl IntervalKind {
    /// The way of conformal prediction; none where the model's own distribution is taken.
    pub fn method(self) -> Option<Method> {
        match self {
            Self::Model => None,
            Self::Conformal => Some(Method::Split),
            Self::Adaptive => Some(Method::Adaptive),
        }
    }
}

/// How often conformal intervals of the next return held, beside those of the models themselves on the same days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntervalScores {
    /// Where the bounds come from.
    pub kind: IntervalKind,
    /// The probability that an interval is meant to hold its return.
    pub level: f64,
    /// Judged days that calibrate, the first ones, on which nothing is counted.
    pub calibration: usize,
    /// The days after them.
    pub days: usize,
    /// Each model over both kinds.
    pub models: BTreeMap<RiskModel, IntervalPair>,
}

/// The intervals of one model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntervalPair {
    /// Those of the kind that was asked for.
    pub conformal: IntervalScore,
    /// Those of the model's own distribution.
    pub model: IntervalScore,
}

/// How often intervals held, and how wide they were.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntervalScore {
    /// How often returns were outside.
    pub outside: Coverage,
    /// The median width, in per cent; none where most intervals had no bound.
    pub width: Option<f64>,
}

impl RiskJudged {
    /// The same with what conformal intervals of a kind come to; as it is for those of the models themselves, which the
    /// scores have.
    ///
    /// # Errors
    /// There are too few judged days for the level, or it is not between 0 and 1.
    pub fn with_intervals(mut self, spec: IntervalSpec) -> Result<Self, Error> {
        if let Some(method) = spec.kind.method() {
            self.judgement.intervals = Some(self.intervals(spec, method)?);
        }
        Ok(self)
    }

    fn intervals(&self, spec: IntervalSpec, method: Method) -> Result<IntervalScores, Error> {
        let returns = &self.measured.days().returns()[self.first..];
        let (mut models, mut calibration) = (BTreeMap::new(), 0);
        for (model, forecasts) in &self.forecasts {
            let found = method.calibrated(&forecasts.distances(returns), 1.0 - spec.level)?;
            calibration = found.calibration;
            models.insert(
                *model,
                IntervalPair {
                    conformal: forecasts.conformal(returns, &found, spec.level)?,
                    model: forecasts.own(returns, found.calibration, spec.level)?,
                },
            );
        }
        let IntervalSpec { kind, level } = spec;
        Ok(IntervalScores { kind, level, calibration, days: returns.len() - calibration, models })
    }
}

impl RiskForecasts {
    /// How far each return was from the mean, in forecast deviations.
    fn distances(&self, returns: &[f64]) -> Vec<f64> {
        returns.iter().zip(&self.ahead).map(|(r, ahead)| (r - self.mean).abs() / ahead[0].sqrt()).collect()
    }

    fn conformal(&self, returns: &[f64], found: &Calibrated, level: f64) -> Result<IntervalScore, Error> {
        let (tried, ahead) =
            (&self.distances(returns)[found.calibration..], &self.ahead[found.calibration..]);
        let widths = found.radii.iter().zip(ahead).map(|(radius, ahead)| 2.0 * radius * ahead[0].sqrt());
        IntervalScore::of(&misses(tried, &found.radii), widths.collect(), level)
    }

    fn own(&self, returns: &[f64], from: usize, level: f64) -> Result<IntervalScore, Error> {
        let (low, high) = (self.quantiles((1.0 - level) / 2.0)?, self.quantiles((1.0 + level) / 2.0)?);
        let bounds = || low.iter().zip(&high).skip(from);
        let outside = returns[from..].iter().zip(bounds()).map(|(r, (low, high))| r < low || r > high);
        let widths = bounds().map(|(low, high)| high - low).collect();
        IntervalScore::of(&outside.collect::<Vec<_>>(), widths, level)
    }
}

impl IntervalScore {
    fn of(outside: &[bool], mut widths: Vec<f64>, level: f64) -> Result<Self, Error> {
        widths.sort_by(f64::total_cmp);
        let median = widths.get(widths.len() / 2).filter(|width| width.is_finite());
        Ok(Self { outside: Coverage::of(outside, 1.0 - level)?, width: median.map(|width| 100.0 * width) })
    }
}
