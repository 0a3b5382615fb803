//! Cuts prices into windows and scores "tomorrow = today" on the last 30% of them. Without an argument it
//! takes the demo series: `cargo run -p recurrent-data --example windows -- prices.csv`.
#![allow(clippy::print_stdout)] // an example shows its result

use recurrent_data::{
    Fractions, Split,
    prices::{DEMO_DAYS, LatestWindow, WindowSpec, Windows, demo, demo_floor, demo_naive, read_csv},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spec = WindowSpec::default();
    let path = std::env::args().nth(1);
    let table = match &path {
        Some(path) => read_csv(path, &spec.columns())?,
        None => demo(42, DEMO_DAYS),
    };
    for note in table.notes() {
        println!("note: {note}");
    }
    let dates = table.dates();
    println!(
        "{} rows from {} to {}, SHA-256 {}",
        table.len(),
        dates[0],
        dates[table.len() - 1],
        table.sha256()
    );

    let windows = Windows::new(&table, &spec)?;
    let split = Split::by_position(windows.len(), Fractions::default())?;
    println!(
        "{} windows of {} closes: {} to train with, {} to test on",
        windows.len(),
        windows.window(),
        split.train.len(),
        split.test.len()
    );
    println!("the first window: {:?}, then {}", windows.inputs(0), windows.targets()[0]);

    let errors = split.test.clone().map(|i| (f64::from(windows.targets()[i]) - 1.0).powi(2));
    let naive = errors.sum::<f64>() / split.test.len() as f64;
    println!("\"tomorrow = today\" scores {naive:.4e} on the test windows");
    if path.is_none() {
        println!("(expected of the demo: {:.4e}; the best forecast: {:.4e})", demo_naive(), demo_floor());
    }

    let latest = LatestWindow::new(&table, &spec)?;
    println!("the newest window ends on {} at {}", latest.last_date(), latest.last_price());
    Ok(())
}
