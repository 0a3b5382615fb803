//! Two forecasters of a random walk, which nobody can forecast, judged beside "tomorrow = today":
//! `cargo run -p recurrent-metrics --example forecasters`.

use rand::RngExt;
use recurrent_metrics::Seed;
use recurrent_metrics::forecast::{PriceWindows, Scores, diebold_mariano, fan, naive_mae, residuals};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Seed(7).stream(&[]);
    let mut prices = vec![100.0];
    for _ in 0..500 {
        let growth = 0.01 * (random.random::<f64>() - 0.5);
        prices.push(prices[prices.len() - 1] * (1.0 + growth));
    }
    // Windows of one price, each with the price of the next day.
    let windows = PriceWindows::new(&prices[..500], &prices[1..])?;
    let naive = prices[..500].to_vec();
    let trend: Vec<f64> =
        (0..500).map(|day| if day == 0 { prices[0] } else { 2.0 * prices[day] - prices[day - 1] }).collect();

    let scores = |forecast: &[f64]| Scores::of(&windows, forecast, naive_mae(&windows));
    let test = diebold_mariano(&windows.scaled_errors(&trend)?, &windows.scaled_errors(&naive)?, 1);
    let days = fan(&[prices[500]; 5], &residuals(&prices[1..], &naive)?, 0.9, Seed(1))?;

    #[allow(clippy::print_stdout)] // an example shows what it does
    {
        println!("tomorrow = today:      {:?}", scores(&naive)?);
        println!("tomorrow = the trend:  {:?}", scores(&trend)?);
        println!("the trend against today: {test:?}");
        println!("five days ahead, 90%: {days:.2?}");
    }
    Ok(())
}
