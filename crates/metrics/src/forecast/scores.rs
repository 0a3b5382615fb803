//! How far forecasts fall from what came: errors in several units, direction, and skill.

use serde::{Deserialize, Serialize};

use super::windows::{ForecastError, PriceWindows};
use crate::regression::{mae, mean, mean_square};

/// The scores of one-step forecasts. What cannot be computed (a ratio to a perfect or motionless baseline) is
/// absent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Mean of `((forecast - truth) / last)^2`, where `last` is the window's last price.
    pub scaled_mse: f64,
    /// Mean of `|forecast - truth|`, in units of the price.
    pub mae: f64,
    /// Mean of `|forecast - truth| / truth`, as a fraction.
    pub mape: f64,
    /// `mae` divided by the mean absolute error of "tomorrow = today" on the training windows (Hyndman and
    /// Koehler 2006). Below 1 is better than that.
    pub mase: Option<f64>,
    /// Share of windows where forecast and truth lie on the same side of the last price. A forecast of no
    /// change is right only where the price did not change. Absent when every forecast is of no change, as
    /// such forecasts name no direction.
    pub directional_accuracy: Option<f64>,
    /// `1 - scaled_mse / (scaled_mse of "tomorrow = today")` on the same windows. Above 0 is better than that.
    pub skill: Option<f64>,
}

impl Scores {
    /// Scores one forecast for each window. `naive_mae` is what [`naive_mae`] gives for the training windows.
    ///
    /// # Errors
    ///
    /// When there is not one finite forecast for each window.
    pub fn of(windows: &PriceWindows<'_>, forecast: &[f64], naive_mae: f64) -> Result<Self, ForecastError> {
        let scaled_mse = mean_square(windows.scaled_errors(forecast)?.into_iter());
        let mae = mae(forecast, windows.truth());
        let mape = mean(
            forecast.iter().zip(windows.truth()).map(|(forecast, truth)| (forecast - truth).abs() / truth),
        );
        // By the same arithmetic, so that forecasts equal to the naive ones score equal to the last bit.
        let naive: Vec<f64> = windows.last().collect();
        let naive_mse = mean_square(windows.scaled_errors(&naive)?.into_iter());
        Ok(Self {
            scaled_mse,
            mae,
            mape,
            mase: (naive_mae > 0.0).then(|| mae / naive_mae),
            directional_accuracy: directional_accuracy(windows, forecast),
            skill: skill(scaled_mse, naive_mse),
        })
    }
}

/// The mean absolute error of "tomorrow = today" on windows, in units of the price.
pub fn naive_mae(windows: &PriceWindows<'_>) -> f64 {
    mean(windows.last().zip(windows.truth()).map(|(last, truth)| (truth - last).abs()))
}

/// The part of a baseline's mean squared error that forecasts save: `1 - mse / baseline`. Absent when the
/// baseline is without error.
pub fn skill(mse: f64, baseline: f64) -> Option<f64> {
    (baseline > 0.0).then(|| 1.0 - mse / baseline)
}

/// The share of windows after which the price rose: the directional accuracy of always saying "up".
pub fn up_days(windows: &PriceWindows<'_>) -> f64 {
    mean(windows.growths().map(|growth| f64::from(u8::from(growth > 0.0))))
}

fn directional_accuracy(windows: &PriceWindows<'_>, forecast: &[f64]) -> Option<f64> {
    if windows.last().zip(forecast).all(|(last, forecast)| last == *forecast) {
        return None;
    }
    let pairs = windows.truth().iter().zip(forecast);
    let hits = windows.last().zip(pairs).map(|(last, (truth, forecast))| {
        f64::from(u8::from(truth.partial_cmp(&last) == forecast.partial_cmp(&last)))
    });
    Some(mean(hits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    // Windows of one price: 100, 100, 200, 50; then 110, 95, 200, 40.
    const PRICES: [f64; 4] = [100.0, 100.0, 200.0, 50.0];
    const TRUTH: [f64; 4] = [110.0, 95.0, 200.0, 40.0];

    fn scores(forecast: &[f64]) -> Scores {
        Scores::of(&PriceWindows::new(&PRICES, &TRUTH).unwrap(), forecast, 5.0).unwrap()
    }

    #[test]
    fn each_score_follows_its_definition() {
        let scores = scores(&[105.0, 105.0, 202.0, 45.0]);
        // Scaled errors -0.05, 0.1, 0.01, 0.1; those of "tomorrow = today" -0.1, 0.05, 0, 0.2.
        assert_relative_eq!(scores.scaled_mse, 0.0226 / 4.0);
        assert_relative_eq!(scores.skill.unwrap(), 1.0 - 0.0226 / 0.0525);
        // Errors 5, 10, 2 and 5.
        assert_relative_eq!(scores.mae, 5.5);
        assert_relative_eq!(scores.mase.unwrap(), 1.1);
        assert_relative_eq!(scores.mape, (5.0 / 110.0 + 10.0 / 95.0 + 0.01 + 0.125) / 4.0);
        // Up and up, up and down, up and no change, down and down.
        assert_eq!(scores.directional_accuracy, Some(0.5));
    }

    #[test]
    fn repeating_the_last_price_has_no_skill_and_no_direction() {
        let scores = scores(&PRICES);
        assert_eq!(scores.skill, Some(0.0));
        assert_eq!(scores.directional_accuracy, None);
        let windows = PriceWindows::new(&PRICES, &TRUTH).unwrap();
        assert_eq!(naive_mae(&windows), 25.0 / 4.0);
        assert_eq!(up_days(&windows), 0.25);
    }

    #[test]
    fn a_forecast_of_no_change_is_right_where_nothing_changed() {
        assert_eq!(scores(&[100.0, 100.0, 200.0, 45.0]).directional_accuracy, Some(0.5));
    }

    #[test]
    fn a_motionless_price_has_no_ratios() {
        let windows = PriceWindows::new(&[5.0, 5.0], &[5.0, 5.0]).unwrap();
        let scores = Scores::of(&windows, &[5.0, 6.0], naive_mae(&windows)).unwrap();
        assert_eq!((scores.mase, scores.skill), (None, None));
        let json = serde_json::to_string(&scores).unwrap();
        insta::assert_snapshot!(json, @r#"{"scaled_mse":0.020000000000000004,"mae":0.5,"mape":0.1,"mase":null,"directional_accuracy":0.5,"skill":null}"#);
    }
}
