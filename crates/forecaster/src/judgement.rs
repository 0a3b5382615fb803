//! All that is said of a model's one-step forecasts, in the shape in which a run's summary holds it.

use std::borrow::Cow;

use recurrent_metrics::forecast::{PriceWindows, Scores, diebold_mariano, skill, up_days};
use serde::{Deserialize, Serialize};

use crate::ahead::AheadScores;
use crate::baselines::Baselines;
use crate::comparison::{BaselineScores, Tests};
use crate::error::Error;
use crate::prices::Prices;
use crate::standing::Standing;

/// One-step forecasts, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Judgement {
    /// Which windows.
    #[serde(default)]
    pub judged: Judged,
    /// What a step is called: `day`, or `month`.
    #[serde(default = "day")]
    pub unit: Cow<'static, str>,
    /// On how many windows.
    pub windows: usize,
    /// Share of the windows after which the price rose: what always saying "up" scores in directional accuracy.
    pub up_days: f64,
    /// The model's scores.
    pub metrics: Scores,
    /// The part of the drift baseline's scaled error that the model saves. Absent when that is without error.
    pub skill_against_drift: Option<f64>,
    /// The scores of the baselines on the same windows.
    pub baselines: BaselineScores,
    /// The model tested against each baseline; a negative statistic is in the model's favour.
    pub diebold_mariano: Tests,
    /// Where the model stands, in one word.
    pub standing: Standing,
    /// Where the model stands, in a sentence with its figures.
    pub verdict: String,
    /// The days after the next, where they have outputs of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<AheadScores>,
}

/// Which windows were judged on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Judged {
    /// Those of the test part, beside baselines of the windows before it.
    #[default]
    TestPart,
    /// All windows of prices that begin after the training part, beside the baselines of the training part.
    LaterPrices,
}

/// The naive forecast in words.
pub(crate) fn no_change(unit: &str) -> String {
    if unit == "day" { "tomorrow = today".to_owned() } else { format!("next {unit} = this") }
}

fn day() -> Cow<'static, str> {
    "day".into()
}

impl Judgement {
    /// Judges the forecasts of a table's test windows, beside the baselines fitted to all windows before them.
    ///
    /// # Errors
    /// There is not one finite forecast for each test window.
    pub fn of(prices: &Prices, forecast: &[f64]) -> Result<Self, Error> {
        let test = prices.raw(prices.split.test.clone());
        let judgement = Self::new(&prices.baselines()?, &test.windows()?, forecast)?;
        let judged = if prices.baselines.is_some() { Judged::LaterPrices } else { Judged::TestPart };
        // The sentence speaks of days.
        let verdict = judgement.verdict.replace("tomorrow = today", &no_change(prices.unit));
        let verdict = verdict.replace("on these days", &format!("on these {}s", prices.unit));
        Ok(Self { judged, unit: prices.unit.into(), verdict, ..judgement })
    }

    /// Judges one forecast for each window, beside baselines fitted to the training windows. The windows must
    /// be in order of time.
    ///
    /// # Errors
    ///
    /// When there is not one finite forecast for each window, or the windows are of another length than those
    /// that the baselines were fitted to.
    pub fn new(baselines: &Baselines, windows: &PriceWindows<'_>, forecast: &[f64]) -> Result<Self, Error> {
        let score =
            |forecast: &[f64]| Scores::of(windows, forecast, baselines.naive_mae()).map_err(Error::from);
        let errors = windows.scaled_errors(forecast)?;
        let test = |baseline: &[f64]| -> Result<_, Error> {
            Ok(diebold_mariano(&errors, &windows.scaled_errors(baseline)?, 1))
        };
        let (naive, drift) = (baselines.naive(windows), baselines.drift(windows));
        let ridge = baselines.ridge(windows)?;

        let metrics = score(forecast)?;
        let scores = BaselineScores {
            naive: score(&naive)?,
            drift: score(&drift)?,
            ridge: ridge.as_deref().map(score).transpose()?,
        };
        let tests = Tests {
            naive: test(&naive)?,
            drift: test(&drift)?,
            ridge: ridge.as_deref().map(test).transpose()?.flatten(),
        };
        let standing = Standing::of(&metrics, &scores, &tests);
        Ok(Self {
            judged: Judged::TestPart,
            unit: day(),
            windows: windows.count(),
            up_days: up_days(windows),
            skill_against_drift: skill(metrics.scaled_mse, scores.drift.scaled_mse),
            standing,
            verdict: standing.sentence(&metrics, &scores, &tests),
            metrics,
            baselines: scores,
            diebold_mariano: tests,
            ahead: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(forecast: &[f64]) -> Judgement {
        let training = PriceWindows::new(&[100.0, 104.0, 103.0], &[104.0, 103.0, 106.0]).unwrap();
        let test = PriceWindows::new(&[106.0, 107.0, 105.0, 110.0], &[107.0, 105.0, 110.0, 111.0]).unwrap();
        Judgement::new(&Baselines::fit(&training).unwrap(), &test, forecast).unwrap()
    }

    #[test]
    fn naive_forecasts_are_judged_as_the_naive_baseline() {
        let judgement = judge(&[106.0, 107.0, 105.0, 110.0]);
        assert_eq!(judgement.metrics, judgement.baselines.naive);
        assert_eq!(judgement.standing, Standing::BehindNaive);
        assert_eq!(judgement.diebold_mariano.naive.unwrap().p_value, 1.0);
    }

    #[test]
    fn the_summary_holds_what_its_readers_look_for_and_reads_back() {
        let judgement = judge(&[107.5, 106.0, 108.0, 111.5]);
        let json = serde_json::to_value(&judgement).unwrap();
        for pointer in [
            "/metrics/scaled_mse",
            "/metrics/mae",
            "/metrics/mase",
            "/metrics/directional_accuracy",
            "/metrics/skill",
            "/baselines/naive/scaled_mse",
            "/baselines/drift/scaled_mse",
            "/baselines/ridge/scaled_mse",
            "/diebold_mariano/naive/statistic",
            "/diebold_mariano/naive/p_value",
            "/diebold_mariano/drift/p_value",
        ] {
            assert!(json.pointer(pointer).is_some_and(serde_json::Value::is_f64), "no number at {pointer}");
        }
        assert_eq!(serde_json::from_value::<Judgement>(json).unwrap(), judgement);
    }

    #[test]
    fn a_forecast_that_is_no_number_is_refused() {
        let windows = PriceWindows::new(&[1.0, 2.0], &[2.0, 3.0]).unwrap();
        let error =
            Judgement::new(&Baselines::fit(&windows).unwrap(), &windows, &[2.0, f64::NAN]).unwrap_err();
        insta::assert_snapshot!(error, @"the forecast for window 1 is NaN, not a finite number");
    }
}
