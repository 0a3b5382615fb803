//! Judges every model on the last three tenths of a table of prices, fitted once and fitted anew every month:
//! `cargo run -p recurrent-volatility --example baselines -- PRICES.csv`.
//!
//! The table needs columns Close, High and Low; without the last two, variances are squared returns.
#![allow(clippy::print_stdout)] // an example shows what it does

use std::{error::Error, ops::Range};

use recurrent_data::prices::{PriceTable, read_csv};
use recurrent_metrics::{
    forecast::{DieboldMariano, diebold_mariano_of_losses},
    risk::{Coverage, VarianceScores, crps_of_quantiles, mean_pinball, qlike_losses},
};
use recurrent_volatility::{
    Ahead, Bars, Days, HORIZONS, Measured, Proxy, Refits, VarianceModel,
    conformal::{Adaptive, misses, split},
    models::{Ewma, Garch, GarchKind, Har, RandomWalk, Ridge},
    quantiles::{self, FilteredHistory, HistoricalSimulation, LEVELS, QuantileModel},
    realised, walk,
};

/// The share of windows that is tested on, and how many days a window has: the test days are then those of `stock-gru`.
const TEST: f64 = 0.3;
const WINDOW: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a table of prices, such as datasets/^DJI.csv")?;
    let table = read_csv(&path, &["Close", "High", "Low"]).or_else(|_| read_csv(&path, &["Close"]))?;
    let windows = table.len().saturating_sub(WINDOW);
    let test = (windows as f64 * TEST).round() as usize;
    // The first price has no return.
    let training = (table.len() - 1).saturating_sub(test);
    let measured = measured(&table, training)?;
    let days = measured.days();
    println!(
        "{table}; {training} returns to fit to, {test} to test on; variances times {:.4}",
        measured.scale()
    );
    measured.doubts().iter().for_each(|doubt| println!("note: {doubt}"));
    for (title, refits) in [
        ("fitted once before the test days", Refits::Once),
        ("fitted anew every 21 days, to all days before", Refits::Expanding { every: 21 }),
    ] {
        println!("\n{title}\n");
        variances(days, training, refits)?;
        distributions(days, training, refits)?;
    }
    Ok(())
}

fn measured(table: &PriceTable, training: usize) -> Result<Measured, Box<dyn Error>> {
    let mut bars = Bars::new(table.column("Close")?)?;
    if let (Ok(high), Ok(low)) = (table.column("High"), table.column("Low")) {
        bars = bars.with_range(high, low)?;
    }
    Ok(Measured::of(&bars, Proxy::best_for(&bars), training)?)
}

fn variances(days: Days<'_>, training: usize, refits: Refits) -> Result<(), Box<dyn Error>> {
    let ridge = Ridge::default().chosen_on(days.until(training))?;
    let models: [&dyn VarianceModel; 9] = [
        &RandomWalk,
        &Ewma::default(),
        &Garch::new(GarchKind::Garch),
        &Garch::new(GarchKind::Gjr),
        &Garch::new(GarchKind::Egarch),
        &Har::in_levels(),
        &Har::default(),
        &Har::with_leverage(),
        &ridge,
    ];
    let forecasts = models.map(|model| walk(model, days, training..days.len(), refits));
    for (place, horizon) in HORIZONS.into_iter().enumerate() {
        println!(
            "h = {horizon:<22} {:>7} {:>7} {:>8} {:>6} {:>6} {:>9} {:>9}",
            "QLIKE", "-5 days", "log MSE", "R^2", "ratio", "p of HAR", "p of GJR"
        );
        let truth = realised(days, training, horizon);
        let of = |forecasts: &[Ahead]| {
            forecasts[..truth.len()].iter().map(|ahead| ahead[place]).collect::<Vec<_>>()
        };
        let mut losses = Vec::new();
        let mut rows = Vec::new();
        for (model, forecasts) in models.iter().zip(&forecasts) {
            let forecast = of(forecasts.as_ref().map_err(Clone::clone)?);
            losses.push(qlike_losses(&truth, &forecast)?);
            rows.push((model.name(), VarianceScores::of(&truth, &forecast)?));
        }
        for ((name, scores), own) in rows.iter().zip(&losses) {
            let against = |other: usize| p_value(diebold_mariano_of_losses(own, &losses[other], horizon));
            println!(
                "{name:<26} {:>7.4} {:>7.4} {:>8.4} {:>6.3} {:>6.3} {:>9} {:>9}",
                scores.qlike,
                scores.qlike_without_worst.unwrap_or(f64::NAN),
                scores.log_mse,
                scores.in_logs.map_or(f64::NAN, |found| found.r2),
                scores.ratio,
                against(6),
                against(3),
            );
        }
        println!();
    }
    Ok(())
}

fn p_value(test: Option<DieboldMariano>) -> String {
    test.map_or_else(|| "-".to_owned(), |test| format!("{:.4}", test.p_value))
}

fn distributions(days: Days<'_>, training: usize, refits: Refits) -> Result<(), Box<dyn Error>> {
    let ridge = Ridge::default().chosen_on(days.until(training))?;
    let models: [&dyn QuantileModel; 4] = [
        &HistoricalSimulation::default(),
        &FilteredHistory::over(Garch::new(GarchKind::Gjr)),
        &FilteredHistory::over(Har::with_leverage()),
        &FilteredHistory::over(ridge),
    ];
    let (origins, grid) = (training..days.len(), quantiles::grid());
    let returns = &days.returns()[training..];
    println!(
        "{:<38} {:>7} {:>7}  hits of 1, 5, 95, 99% (least p of three tests)",
        "the next return, %", "pinball", "CRPS"
    );
    for model in models {
        let all = quantiles::walk(model, days, origins.clone(), refits, &grid)?;
        let mut pinball = 0.0;
        let mut hits = String::new();
        for level in LEVELS {
            let place =
                grid.iter().position(|other| *other == level).ok_or("a level that is not in the grid")?;
            let column: Vec<f64> = all.iter().map(|quantiles| quantiles[place]).collect();
            pinball += 1e4 * mean_pinball(returns, &column, level)? / LEVELS.len() as f64;
            let outside: Vec<bool> =
                returns.iter().zip(&column).map(|(r, q)| if level < 0.5 { r < q } else { r >= q }).collect();
            hits += &shown(&Coverage::of(&outside, level.min(1.0 - level))?);
        }
        let scores = returns.iter().zip(&all).map(|(r, quantiles)| crps_of_quantiles(*r, quantiles));
        let crps = 100.0 * scores.sum::<Result<f64, _>>()? / returns.len() as f64;
        println!("{:<38} {pinball:>7.3} {crps:>7.4} {hits}", model.name());
    }
    conformal(days, training, refits)
}

/// 90% intervals of the next return, by the ridge's forecasts of the last two years of training days, made with the
/// days before those.
fn conformal(days: Days<'_>, training: usize, refits: Refits) -> Result<(), Box<dyn Error>> {
    const HELD: usize = 500;
    const MISS: f64 = 0.1;
    let first = training.saturating_sub(HELD);
    let ridge = Ridge::default().chosen_on(days.until(first))?;
    let scores = |origins: Range<usize>| -> Result<Vec<f64>, Box<dyn Error>> {
        let forecasts = walk(&ridge, days, origins.clone(), refits)?;
        let returns = &days.returns()[origins];
        Ok(returns.iter().zip(forecasts).map(|(r, ahead)| r.abs() / ahead[0].sqrt()).collect())
    };
    let (before, test) = (scores(first..training)?, scores(training..days.len())?);
    let fixed = vec![split(&before, MISS)?; test.len()];
    let adaptive = Adaptive::new(&before, MISS, 0.005)?.walk(&test);
    for (name, radii) in
        [("split conformal, 90%, by ridge", fixed), ("adaptive conformal, 90%, by ridge", adaptive)]
    {
        println!("{name:<38} outside:{}", shown(&Coverage::of(&misses(&test, &radii), MISS)?));
    }
    Ok(())
}

fn shown(coverage: &Coverage) -> String {
    let tests = [coverage.unconditional, coverage.independence, coverage.conditional];
    let least = tests.iter().map(|test| test.p_value).fold(1.0, f64::min);
    format!(" {:>5.2}% ({least:.3})", 100.0 * coverage.rate)
}
