//! The result of a run in words: for the terminal, and as its `report.html`.

use recurrent_forecaster::{ChosenBy, Day, Error, Network, Plots, Prices, report, report::Intervals};
use recurrent_program::update_facts;
use recurrent_report::{Report, Section, capitalised, counted, duration, thousands};

use crate::risk::{self, report::Beside};
use crate::settings::Settings;
use crate::summary::Summary;

/// Days that the report forecasts.
pub const DAYS: usize = 10;
/// The probability of their intervals.
pub const LEVEL: f64 = 0.9;

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
    head + &report::text(&summary.judgement)
}

/// The report of a run; `days` are those after its prices.
pub fn page(
    settings: &Settings,
    prices: &Prices,
    summary: &Summary,
    plots: &Plots,
    days: Result<Vec<Day>, Error>,
    risk: Option<&Beside<'_>>,
) -> Report {
    let mut result = Section::new("Result");
    if summary.data.read.is_demo() {
        result = result.note("Demo data: a generated series, no real prices.");
    }
    if summary.watched == ChosenBy::Test {
        result = result.note(
            "Early stopping watched the test windows, as the textbook chapter does, so the scores below were picked \
             on the windows that they are given for. The preset “best” gives scores that were not.",
        );
    }
    let intervals = if risk.is_some() { Intervals::Risk } else { Intervals::PastErrors };
    let page = Report::new(format!("{}: {} forecast by a GRU", summary.run.program, summary.data.read.name))
        .lead(capitalised(&summary.judgement.verdict))
        .section(report::judged(result, &summary.judgement, plots))
        .section(report::ahead(prices, &summary.data.read.name, days, LEVEL, intervals));
    let page = risk.map(Beside::section).into_iter().fold(page, Report::section);
    let page = page.section(report::pictures(plots, prices.unit)).section(training(settings, summary, plots));
    risk.map(|risk| risk::report::training(risk.trained)).into_iter().fold(page, Report::section)
}

fn training(settings: &Settings, summary: &Summary, plots: &Plots) -> Section {
    let data = &summary.data;
    let windows =
        format!("{} to learn from, {} to choose by, {} to judge on", data.train, data.validation, data.test);
    let mut facts = summary.run.facts();
    facts.extend(data.read.facts());
    facts.extend([
        ("rows", thousands(data.rows as u64)),
        ("windows", windows),
        ("window", counted(settings.windows.window, &summary.judgement.unit)),
        ("features", settings.windows.columns().join(", ")),
        ("batch", settings.batch_size.to_string()),
    ]);
    facts.extend(settings.windows.known.fact());
    facts.extend(update_facts(&settings.train));
    facts.extend(summary.run.course());
    let features = settings.windows.width();
    Section::new("Training")
        .chart(&plots.loss, "The mean squared error of scaled prices, by epoch.")
        .preformatted("The model", Network::summary(&settings.model, features).to_string())
        .facts("The run", facts)
}
