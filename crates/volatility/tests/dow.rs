//! The figures of docs/risk.md on the Dow Jones series, where it was fetched (`cargo xtask fetch-data --only prices`).
#![allow(clippy::print_stderr)] // says why it was skipped

use std::path::Path;

use recurrent_data::prices::{PriceTable, read_csv};
use recurrent_metrics::risk::{VarianceScores, crps_of_quantiles, mean_pinball};
use recurrent_volatility::{
    Bars, Doubt, HORIZONS, Measured, Proxy, Refits, VarianceModel,
    models::{Ewma, Garch, GarchKind, Har, Penalty, RandomWalk, Ridge},
    quantiles::{self, FilteredHistory, HistoricalSimulation, LEVELS, QuantileModel},
    realised, walk,
};

/// The file whose figures are known.
const KNOWN: &str = "00edc0586c107f51b24821226e0e98163115c86ef9759a7bd28d9c81808a1e23";

/// The returns before the first test day, 2012-11-30.
const TRAINING: usize = 2995;

fn dow() -> Option<PriceTable> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/^DJI.csv");
    let table = path.exists().then(|| read_csv(&path, &["Close", "High", "Low"]).expect("a table of prices"));
    let known = table.filter(|table| table.sha256() == KNOWN);
    if known.is_none() {
        eprintln!("skipped: the file of Dow Jones prices with known figures is not in datasets/");
    }
    known
}

fn measured(table: &PriceTable) -> Measured {
    let column = |name: &str| table.column(name).unwrap();
    let bars = Bars::new(column("Close")).unwrap().with_range(column("High"), column("Low")).unwrap();
    Measured::of(&bars, Proxy::TrueRange, TRAINING).unwrap()
}

/// The expected digits of a number, as a table prints it.
fn assert_printed(found: f64, expected: &str, what: &str) {
    let digits = expected.split('.').nth(1).unwrap_or_default().len();
    assert_eq!(format!("{found:.digits$}"), expected, "{what}");
}

#[test]
fn fitted_once_the_models_have_their_known_scores() {
    let Some(table) = dow() else { return };
    let measured = measured(&table);
    assert_printed(measured.scale(), "1.52253", "what variances are multiplied by");
    assert_eq!(measured.doubts(), [Doubt::HighBelowLow { days: 1 }]);
    let days = measured.days();
    let garch = |kind| Garch::new(kind);
    // QLIKE at the three horizons, then the log MSE and R^2 in logs of the next day. Python simulates EGARCH beyond the
    // next day.
    let known: [(&dyn VarianceModel, [&str; 3], &str, &str); 9] = [
        (&RandomWalk, ["0.7344", "0.2912", "0.2219"], "1.0437", "0.2635"),
        (&Ewma::default(), ["0.4161", "0.2624", "0.2131"], "0.9825", "0.2375"),
        (&garch(GarchKind::Garch), ["0.4045", "0.2465", "0.2002"], "1.1119", "0.256"),
        (&garch(GarchKind::Gjr), ["0.3838", "0.2246", "0.1860"], "1.0059", "0.311"),
        (&garch(GarchKind::Egarch), ["0.3945", "0.227", "0.187"], "0.9461", "0.335"),
        (&Har::in_levels(), ["0.4283", "0.2857", "0.3119"], "1.2349", "0.315"),
        (&Har::default(), ["0.3749", "0.2097", "0.1742"], "0.8989", "0.325"),
        (&Har::with_leverage(), ["0.3556", "0.1964", "0.1700"], "0.8954", "0.349"),
        (&Ridge::default(), ["0.3428", "0.1905", "0.1667"], "0.8175", "0.379"),
    ];
    for (model, qlike, log_mse, r2) in known {
        let forecasts = walk(model, days, TRAINING..days.len(), Refits::Once).unwrap();
        assert_eq!(forecasts.len(), 1280);
        for (place, horizon) in HORIZONS.into_iter().enumerate() {
            let truth = realised(days, TRAINING, horizon);
            let forecast: Vec<f64> = forecasts[..truth.len()].iter().map(|ahead| ahead[place]).collect();
            let scores = VarianceScores::of(&truth, &forecast).unwrap();
            let what = format!("{}, {horizon} days", model.name());
            assert_printed(scores.qlike, qlike[place], &what);
            if horizon == 1 {
                assert_printed(scores.log_mse, log_mse, &what);
                assert_printed(scores.in_logs.unwrap().r2, r2, &what);
            }
        }
    }
    let ridge = Ridge::default().chosen_on(days.until(TRAINING)).unwrap();
    assert_eq!(ridge.penalty, Penalty::Fixed([10.0, 300.0, 1000.0]));
}

#[test]
fn refitted_every_month_quantiles_have_their_known_scores() {
    let Some(table) = dow() else { return };
    let measured = measured(&table);
    let days = measured.days();
    let ridge = Ridge { penalty: Penalty::Fixed([10.0, 300.0, 1000.0]), ..Ridge::default() };
    let known: [(&dyn QuantileModel, &str, &str); 3] = [
        (&HistoricalSimulation::default(), "5.2414", "0.3842"),
        (&FilteredHistory::over(Garch::new(GarchKind::Gjr)), "4.767", "0.3753"),
        (&FilteredHistory::over(ridge), "4.6227", "0.3738"),
    ];
    let returns = &days.returns()[TRAINING..];
    let grid = quantiles::grid();
    for (model, pinball, crps) in known {
        let refits = Refits::Expanding { every: 21 };
        let found = quantiles::walk(model, days, TRAINING..days.len(), refits, &grid).unwrap();
        let losses = LEVELS.map(|level| {
            let place = (level * 200.0).round() as usize - 1;
            let column: Vec<f64> = found.iter().map(|quantiles| quantiles[place]).collect();
            mean_pinball(returns, &column, level).unwrap()
        });
        assert_printed(1e4 * losses.iter().sum::<f64>() / 4.0, pinball, &model.name());
        let scores =
            returns.iter().zip(&found).map(|(r, quantiles)| crps_of_quantiles(*r, quantiles).unwrap());
        assert_printed(100.0 * scores.sum::<f64>() / returns.len() as f64, crps, &model.name());
    }
}
