//! Three forecasters of the risk of a generated market, of which one knows the truth, judged beside each other:
//! `cargo run -p recurrent-metrics --example risk`.

use rand::RngExt;
use recurrent_metrics::{
    Seed,
    forecast::diebold_mariano_of_losses,
    risk::{Coverage, VarianceScores, crps_of_sample, mean_pinball, qlike_losses},
};

/// Days to learn from, and days to be judged on.
const BEFORE: usize = 1000;
const DAYS: usize = 1000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (returns, variances) = market(BEFORE + DAYS);
    let judged = &returns[BEFORE..];
    // What is seen of a variance: the true one, with noise.
    let mut random = Seed(2).stream(&[]);
    let seen: Vec<f64> = variances[BEFORE..].iter().map(|v| v * (0.5 + random.random::<f64>())).collect();
    let mean_square = |returns: &[f64]| returns.iter().map(|r| r * r).sum::<f64>() / returns.len() as f64;
    let month = |day: usize| mean_square(&returns[day - 22..day]);
    let forecasts = [
        ("the truth", variances[BEFORE..].to_vec()),
        ("the last month", (BEFORE..BEFORE + DAYS).map(month).collect()),
        ("always the same", vec![mean_square(&returns[..BEFORE]); DAYS]),
    ];
    let truth = qlike_losses(&seen, &forecasts[0].1)?;
    for (name, forecast) in &forecasts {
        // The distribution of the next return: past returns over their deviation, times the forecast one.
        let past = mean_square(&returns[..BEFORE]).sqrt();
        let shape: Vec<f64> = returns[..BEFORE].iter().step_by(10).map(|r| r / past).collect();
        let scaled = |v: &f64| shape.iter().map(|z| z * v.sqrt()).collect::<Vec<_>>();
        let crps = judged.iter().zip(forecast).map(|(r, v)| crps_of_sample(*r, &scaled(v)));
        let crps = crps.sum::<Result<f64, _>>()? / DAYS as f64;
        let bound: Vec<f64> = forecast.iter().map(|v| -1.645 * v.sqrt()).collect();
        let hits: Vec<bool> = judged.iter().zip(&bound).map(|(r, bound)| r < bound).collect();
        let scores = VarianceScores::of(&seen, forecast)?;
        let coverage = Coverage::of(&hits, 0.05)?;
        let lead = diebold_mariano_of_losses(&qlike_losses(&seen, forecast)?, &truth, 1);

        #[allow(clippy::print_stdout)] // an example shows what it does
        {
            println!("{name}: QLIKE {:.4}, log MSE {:.3}, CRPS {crps:.4}", scores.qlike, scores.log_mse);
            println!("  against the truth: {lead:?}");
            println!(
                "  below the 5% bound: {:.1}%, pinball {:.4}",
                100.0 * coverage.rate,
                mean_pinball(judged, &bound, 0.05)?
            );
            println!(
                "  too often or seldom? {:?}, in clusters? {:?}",
                coverage.unconditional, coverage.independence
            );
        }
    }
    Ok(())
}

/// Returns, in per cent, and their variances, which follow the returns before (Bollerslev 1986).
fn market(days: usize) -> (Vec<f64>, Vec<f64>) {
    let mut random = Seed(1).stream(&[]);
    let (mut returns, mut variances) = (Vec::new(), Vec::new());
    let mut variance = 1.0;
    for _ in 0..days {
        // The sum of twelve uniform numbers is all but normal.
        let z = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
        let r = f64::sqrt(variance) * z;
        returns.push(r);
        variances.push(variance);
        variance = 0.03 + 0.12 * r * r + 0.85 * variance;
    }
    (returns, variances)
}
