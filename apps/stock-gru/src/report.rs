//! The result in words and tables: for the terminal, and as the run's `report.html`.

use recurrent_program::Source;
use recurrent_train::{
    RunFolder, counted, duration,
    report::{Cell, Column, Report, Section, Table},
    significant, thousands,
};

use crate::data::Prices;
use crate::judge::{DieboldMariano, Judgement, Scores};
use crate::model::Forecaster;
use crate::plots::Plots;
use crate::settings::Settings;
use crate::summary::{Summary, Watched};

/// A row of the comparison: who forecasts, how well, and the model's test against it.
type Row<'a> = (&'static str, &'a Scores, Option<DieboldMariano>);

fn rows(judgement: &Judgement) -> Vec<Row<'_>> {
    let (baselines, tests) = (&judgement.baselines, &judgement.diebold_mariano);
    let mut rows = vec![
        ("model", &judgement.metrics, None),
        ("naive: tomorrow = today", &baselines.naive, tests.naive),
        ("drift: mean growth", &baselines.drift, tests.drift),
    ];
    rows.extend(baselines.ridge.as_ref().map(|ridge| ("ridge regression", ridge, tests.ridge)));
    rows
}

fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{:.1}%", 100.0 * value))
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}

/// The result of a run for the terminal.
pub fn text(summary: &Summary) -> String {
    let kept = summary.run.best_epoch.map_or_else(String::new, |epoch| format!(", kept: epoch {epoch}"));
    let head = format!(
        "{}: {}, {} each{kept}; {}\n\n",
        summary.data.words(),
        counted(summary.run.epochs_run, "epoch"),
        duration(summary.run.seconds_per_epoch),
        summary.choice()
    );
    head + &judgement_text(&summary.judgement)
}

/// The judgement for the terminal.
pub fn judgement_text(judgement: &Judgement) -> String {
    let mut text = format!(
        "{:26} {:>12} {:>9} {:>7} {:>10} {:>8} {:>8}\n",
        format!("{} test windows", thousands(judgement.windows as u64)),
        "scaled MSE",
        "MAE",
        "MASE",
        "direction",
        "skill",
        "DM p"
    );
    for (name, scores, test) in rows(judgement) {
        text += &format!(
            "{name:26} {:>12} {:>9} {:>7} {:>10} {:>8} {:>8}\n",
            format!("{:.4e}", scores.scaled_mse),
            significant(scores.mae, 4),
            number(scores.mase, 3),
            share(scores.directional_accuracy),
            number(scores.skill, 4),
            number(test.map(|test| test.p_value), 3)
        );
    }
    text + &format!("\n{} of the days rose. Verdict: {}\n", share(Some(judgement.up_days)), judgement.verdict)
}

/// Writes the report of a run.
///
/// # Errors
/// The file cannot be written.
pub fn write(
    settings: &Settings,
    prices: &Prices,
    run: &RunFolder,
    summary: &Summary,
    plots: &Plots,
) -> Result<(), crate::Failure> {
    let mut result = Section::new("Result");
    if settings.origin.source == Source::Demo {
        result = result.note("Demo data: a generated series, no real prices.");
    }
    if summary.watched == Watched::Test {
        result = result.note(
            "Early stopping watched the test windows, as the textbook chapter does, so the scores below were picked \
             on the windows that they are given for. The preset “best” gives scores that were not.",
        );
    }
    let result = result
        .table(table(&summary.judgement))
        .paragraph(format!(
            "{} of the test days rose: always saying “up” is right that often. DM p is the two-sided p-value of the \
             Diebold-Mariano test of the model against that row, on squared scaled errors.",
            share(Some(summary.judgement.up_days))
        ))
        .chart(&plots.close_up, "The test windows that end the series; a forecast close to a shifted truth is the naive one.");
    let mut pictures = Section::new("Forecast and truth")
        .chart(&plots.price, "The price, one point a day; the mark is where the test windows begin.")
        .chart(
            &plots.forecast,
            "Forecasts one day ahead. At this scale any forecast near yesterday's price looks right.",
        );
    if let Some(early) = &plots.early {
        pictures = pictures.chart(early, "The same after the first epochs.");
    }
    let features = prices.windows.features();
    let training = Section::new("Training")
        .chart(&plots.loss, "The mean squared error of scaled prices, by epoch.")
        .preformatted("The model", Forecaster::summary(&settings.model, features).to_string())
        .facts("The run", facts(settings, summary));
    Report::new(format!("{}: {} forecast by a GRU", summary.run.program, summary.data.name))
        .lead(capitalised(&summary.judgement.verdict))
        .section(result)
        .section(pictures)
        .section(training)
        .write(&run.report_file())?;
    Ok(())
}

/// A sentence that stands alone.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).chain(['.']).collect())
}

fn table(judgement: &Judgement) -> Table {
    let mut table = Table::new(format!("{} test windows", thousands(judgement.windows as u64)))
        .column(Column::text("forecast"))
        .column(Column::lowest_best("scaled MSE"))
        .column(Column::lowest_best("MAE"))
        .column(Column::lowest_best("MASE"))
        .column(Column::highest_best("direction"))
        .column(Column::highest_best("skill"))
        .column(Column::number("DM p"));
    let cell = |value: Option<f64>, text: String| match value {
        Some(value) => Cell::number(value, text),
        None => Cell::text("–"),
    };
    for (name, scores, test) in rows(judgement) {
        let p_value = test.map(|test| test.p_value);
        table = table.row([
            Cell::text(name),
            Cell::number(scores.scaled_mse, format!("{:.4e}", scores.scaled_mse)),
            Cell::number(scores.mae, significant(scores.mae, 4)),
            cell(scores.mase, number(scores.mase, 3)),
            cell(scores.directional_accuracy, share(scores.directional_accuracy)),
            cell(scores.skill, number(scores.skill, 4)),
            cell(p_value, number(p_value, 3)),
        ]);
    }
    table
}

fn facts(settings: &Settings, summary: &Summary) -> Vec<(&'static str, String)> {
    let data = &summary.data;
    vec![
        ("preset", format!("{:?}", summary.run.preset).to_lowercase()),
        ("seed", summary.run.seed.to_string()),
        ("backend", summary.run.backend.to_string()),
        ("data", data.path.as_ref().map_or_else(|| data.name.clone(), |path| path.display().to_string())),
        ("data, SHA-256", data.sha256.clone()),
        ("days", thousands(data.rows as u64)),
        (
            "windows",
            format!(
                "{} to learn from, {} to choose by, {} to judge on",
                data.train, data.validation, data.test
            ),
        ),
        ("window", format!("{} days", settings.windows.window)),
        ("features", settings.windows.columns().join(", ")),
        ("batch", settings.batch_size.to_string()),
        ("optimiser", format!("{:?}", settings.train.optimiser)),
        ("learning rate", settings.train.learning_rate.to_string()),
        ("epochs", summary.run.epochs_run.to_string()),
        ("kept epoch", summary.run.best_epoch.map_or_else(|| "–".to_owned(), |epoch| epoch.to_string())),
        ("stopped by", format!("{:?}", summary.run.stopped).to_lowercase()),
        ("time of an epoch", duration(summary.run.seconds_per_epoch)),
        ("peak memory", summary.run.peak_memory()),
    ]
}
