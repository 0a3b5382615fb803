//! Prints a page with every kind of block: `cargo run -p recurrent-report --example page > page.html`.

use recurrent_report::{
    Cell, Column, LayerRow, LineChart, ModelSummary, Report, Section, Series, Table, capitalised, counted,
    duration, loss_curves, significant, thousands,
};

#[path = "forecast.rs"]
#[allow(dead_code)] // its main function
mod forecast;

#[allow(clippy::print_stdout)] // an example shows its result
fn main() -> Result<(), recurrent_report::DrawError> {
    let report = Report::new("Price forecaster")
        .lead(capitalised("the forecasts do not beat “tomorrow = today”"))
        .section(result())
        .section(training())
        .section(words());
    print!("{}", report.html()?);
    Ok(())
}

fn result() -> Section {
    let rows = [
        ("tomorrow = today", 5.2641e-5, 0.0),
        ("GRU", 5.3102e-5, 0.512),
        ("ridge regression", 5.2783e-5, 0.507),
    ];
    let mut table = Table::new(format!("{} test windows", thousands(1276)))
        .column(Column::text("forecast"))
        .column(Column::lowest_best("scaled MSE"))
        .column(Column::highest_best("direction"));
    for (model, error, direction) in rows {
        let direction = match direction {
            0.0 => Cell::text("–"),
            share => Cell::number(share, format!("{:.1} %", 100.0 * share)),
        };
        table = table.row([Cell::text(model), Cell::number(error, significant(error, 4)), direction]);
    }
    let curve = |power: f64| (0..=1000).map(|n| f64::from(n) / 1000.0).map(|x| (x, x.powf(power))).collect();
    let found = LineChart::new(
        "Receiver operating characteristic",
        "share of false alarms",
        "share of positives found",
    )
    .series(Series::line("bidirectional LSTM", curve(0.1)))
    .series(Series::line("NB-SVM", curve(0.2)))
    .series(Series::dashed("guessing", vec![(0.0, 0.0), (1.0, 1.0)]));
    Section::new("Result")
        .note("The prices are made up.")
        .table(table)
        .chart(&forecast::chart(), "The last sixty days, and the next five.")
        .chart(&found, "A curve further up and left is better.")
}

fn training() -> Section {
    let losses =
        |floor: f64| (0..30).map(move |n| floor + 4e-5 * (-f64::from(n) / 6.0).exp()).collect::<Vec<_>>();
    let summary = ModelSummary {
        title: "price forecaster".to_owned(),
        rows: vec![
            LayerRow::new("gru", "GRU, reset after", "[batch, 256]", 198_912),
            LayerRow::new("head", "dense", "[batch, 1]", 257),
        ],
    };
    Section::new("Training")
        .chart(
            &loss_curves(&losses(8.1e-5), &losses(7.6e-5), Some(24), "mean squared error"),
            "The losses by epoch.",
        )
        .preformatted("The model", summary.to_string())
        .facts(
            "The run",
            [("length", counted(30, "epoch")), ("time", duration(185.0)), ("seed", "42".to_owned())],
        )
}

fn words() -> Section {
    Section::new("Words")
        .paragraph("A run that makes text shows samples, and one that judges texts shows what it judged by.")
        .sample("Epoch 10", "“Well, Prince, so Genoa and Lucca are now just family estates of the Buonapartes.\n\nBut I warn you.”")
        .shaded("Words for and against", [("not ", -0.9), ("the ", 0.0), ("worst ", 0.4), ("of ", 0.0), ("his ", 0.1), ("films", 0.2)])
}
