//! How well each of several days ahead is forecast.

use std::ops::Range;

use recurrent_data::prices::Windows;
use serde::{Deserialize, Serialize};

use super::Way;

/// The scores of each of the days after a window, the same windows for all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AheadScores {
    /// The way that forecasts take, which may not be the better one here.
    pub way: Way,
    /// Windows that were judged.
    pub windows: usize,
    /// Each day, the next first.
    pub days: Vec<DayScores>,
}

/// The scores of one day ahead.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayScores {
    /// By an output of its own.
    pub direct: PathScores,
    /// By the forecasts of the days before it as inputs.
    pub fed_back: PathScores,
    /// By the last price.
    pub no_change: PathScores,
}

/// The errors of forecasts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathScores {
    /// The mean squared error over the last price's square.
    pub scaled_mse: f64,
    /// The mean absolute error, in units of the price.
    pub mae: f64,
}

impl AheadScores {
    /// Scores the forecasts by an output each, and fed back, `[windows, days]`, as multiples of the last prices.
    pub(super) fn of(way: Way, windows: &Windows, range: Range<usize>, forecasts: [&[f64]; 2]) -> Self {
        let count = range.len();
        let days = forecasts[0].len() / count;
        let scores = |day: usize, forecast: &dyn Fn(usize) -> f64| {
            let (mut square, mut absolute) = (0.0, 0.0);
            for (place, i) in range.clone().enumerate() {
                let last = windows.last_price(i);
                let error = windows.price_after(i, day + 1) / last - forecast(place);
                square += error * error;
                absolute += error.abs() * last;
            }
            PathScores { scaled_mse: square / count as f64, mae: absolute / count as f64 }
        };
        let [direct, fed_back] = forecasts;
        let day = |day: usize| DayScores {
            direct: scores(day, &|place| direct[place * days + day]),
            fed_back: scores(day, &|place| fed_back[place * days + day]),
            no_change: scores(day, &|_| 1.0),
        };
        Self { way, windows: count, days: (0..days).map(day).collect() }
    }

    /// The way with the smaller squared error after the next day, each day's over that of "no change"; where they are alike, the one that feeds
    /// back.
    pub fn better(&self) -> Way {
        let after = || self.days.iter().skip(1);
        let ratios = |of: fn(&DayScores) -> PathScores| {
            after().map(|day| of(day).scaled_mse / day.no_change.scaled_mse).sum::<f64>()
        };
        if ratios(|day| day.direct) < ratios(|day| day.fed_back) { Way::Direct } else { Way::FedBack }
    }
}
