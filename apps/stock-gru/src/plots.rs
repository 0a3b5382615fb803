//! The plots of a run, as SVG files and in its report.

use std::ops::Range;
use std::path::Path;

use recurrent_train::{
    EpochRecord, Error, counted,
    files::create_folder,
    plot::{LineChart, Series, loss_curves},
};

use crate::data::{Prices, day};

/// The forecasts of all windows before and in the test part, in price units.
pub struct Forecasts {
    /// Of the windows before the test part.
    pub before: Vec<f64>,
    /// Of the test windows.
    pub test: Vec<f64>,
}

/// The charts of a run.
pub struct Plots {
    /// The price by day.
    pub price: LineChart,
    /// Forecast and truth by day.
    pub forecast: LineChart,
    /// The same over the last test windows, where single days can be told apart.
    pub close_up: LineChart,
    /// The losses by epoch.
    pub loss: LineChart,
    /// Forecast and truth after the first few epochs.
    pub early: Option<LineChart>,
}

/// Days in the close-up.
const CLOSE_UP: usize = 90;

impl Plots {
    /// Draws what a run found; `early` are the forecasts after that many epochs.
    pub fn new(
        prices: &Prices,
        name: &str,
        history: &[EpochRecord],
        forecasts: &Forecasts,
        early: Option<(usize, Forecasts)>,
    ) -> Self {
        let test = prices.split.test.clone();
        let close_up = test.end.saturating_sub(CLOSE_UP).max(test.start)..test.end;
        let shown = &forecasts.test[close_up.start - test.start..];
        let close_up = LineChart::new(format!("{name}: the last {} days", close_up.len()), "", "price")
            .dates()
            .series(Series::line("truth", truth(prices, close_up.clone())))
            .series(Series::dashed("forecast", by_day(prices, close_up, shown)));
        Self {
            price: price(prices, name),
            forecast: forecast(prices, format!("{name}: forecast and truth"), forecasts),
            close_up,
            loss: loss_curves(history, "mean squared error of scaled prices"),
            early: early.map(|(epoch, forecasts)| {
                forecast(
                    prices,
                    format!("{name}: forecast and truth after {}", counted(epoch, "epoch")),
                    &forecasts,
                )
            }),
        }
    }

    /// Writes every chart into a folder.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        create_folder(folder)?;
        let write = |name: &str, chart: &LineChart| chart.write(&folder.join(name));
        write("price.svg", &self.price)?;
        write("forecast.svg", &self.forecast)?;
        write("close_up.svg", &self.close_up)?;
        write("loss.svg", &self.loss)?;
        self.early.as_ref().map_or(Ok(()), |chart| write("early.svg", chart))
    }
}

fn price(prices: &Prices, name: &str) -> LineChart {
    let windows = &prices.windows;
    LineChart::new(format!("{name}: price"), "", "price")
        .dates()
        .series(Series::line("price", truth(prices, 0..windows.len())))
        .mark(day(windows.target_date(prices.split.test.start)), "test")
}

fn forecast(prices: &Prices, title: String, forecasts: &Forecasts) -> LineChart {
    let test = prices.split.test.clone();
    LineChart::new(title, "", "price")
        .dates()
        .series(Series::line("truth", truth(prices, 0..test.end)))
        .series(Series::dashed("forecast, training", by_day(prices, 0..test.start, &forecasts.before)))
        .series(Series::dashed("forecast, test", by_day(prices, test.clone(), &forecasts.test)))
        .mark(day(prices.windows.target_date(test.start)), "test")
}

fn truth(prices: &Prices, range: Range<usize>) -> Vec<(f64, f64)> {
    let windows = &prices.windows;
    range.map(|i| (day(windows.target_date(i)), windows.target_price(i))).collect()
}

fn by_day(prices: &Prices, range: Range<usize>, forecast: &[f64]) -> Vec<(f64, f64)> {
    range.zip(forecast).map(|(i, price)| (day(prices.windows.target_date(i)), *price)).collect()
}
