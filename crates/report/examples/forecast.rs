//! Prints a chart of a price and of forecasts with their intervals, as SVG: `cargo run -p recurrent-report --example forecast > forecast.svg`.

use recurrent_report::{LineChart, Series, Size};

/// Monday, 2017-09-25, in days since 1970-01-01.
const FIRST: u32 = 17_434;
/// Trading days that are known, and that are forecast.
const KNOWN: u32 = 60;
const AHEAD: u32 = 5;

#[allow(clippy::print_stdout)] // an example shows its result
fn main() -> Result<(), recurrent_report::DrawError> {
    print!("{}", chart().svg(Size::Wide)?);
    Ok(())
}

/// A walk of made-up prices; what comes after it is forecast to stay as it is, less certain by the day.
pub(crate) fn chart() -> LineChart {
    let mut price = 22_300.0;
    let mut known = Vec::new();
    for n in 0..KNOWN {
        // Steps that look like chance.
        let chance = f64::from(n.wrapping_mul(2_654_435_761) % 1000) / 1000.0 - 0.45;
        price += 160.0 * chance;
        known.push((day(n), price));
    }
    // Forecast and interval start from the last known price, so that neither hangs in the air.
    let steps = 0..=AHEAD;
    let at =
        |step: u32| (day(KNOWN - 1 + step), price + 9.0 * f64::from(step), 130.0 * f64::from(step).sqrt());
    let forecast = steps.clone().map(at).map(|(day, price, _)| (day, price)).collect();
    let bounds = steps.map(at).map(|(day, price, off)| (day, price - off, price + off)).collect();
    LineChart::new("The next five days", "", "price")
        .dates()
        .series(Series::line("price", known))
        .series(Series::dashed("forecast", forecast))
        .series(Series::band("90 % interval", bounds))
}

/// The day of the trading day of that number: weekends are left out.
fn day(number: u32) -> f64 {
    f64::from(FIRST + number / 5 * 7 + number % 5)
}
