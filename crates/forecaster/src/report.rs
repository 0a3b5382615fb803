//! A judgement and forecasts in words and tables: as text for a terminal, and as parts of a report page.

use recurrent_metrics::forecast::{DieboldMariano, Scores};
use recurrent_report::{Cell, Column, Section, Table, capitalised, significant, thousands};

use crate::ahead::{AheadScores, DayScores, PathScores, Way};
use crate::error::Error;
use crate::forecaster::Day;
use crate::judgement::{Judged, Judgement, no_change};
use crate::plots::{self, Plots, percent};
use crate::prices::Prices;

/// A row of the comparison: who forecasts, how well, and the model's test against it.
type Row<'a> = (String, &'a Scores, Option<DieboldMariano>);

/// The judgement as a text: a table of the model and the baselines, and the verdict.
pub fn text(judgement: &Judgement) -> String {
    let mut text = format!(
        "{:26} {:>12} {:>9} {:>7} {:>10} {:>8} {:>8}\n",
        caption(judgement),
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
    text += &judgement.ahead.as_ref().map_or_else(String::new, |ahead| ahead_text(ahead, &judgement.unit));
    text + &format!(
        "\n{} of the {}s rose. Verdict: {}\n",
        share(Some(judgement.up_days)),
        judgement.unit,
        judgement.verdict
    )
}

/// How well each of several days ahead is forecast in both ways.
fn ahead_text(ahead: &AheadScores, unit: &str) -> String {
    let mut text = format!("\n{:26}", format!("{unit}s ahead, {}", in_words(ahead.way)));
    text += &["direct", "fed back", "no change"].map(|way| format!(" {way:>12} {:>9}", "MAE")).concat();
    for (day, DayScores { direct, fed_back, no_change }) in (1..).zip(&ahead.days) {
        text += &format!("\n{day:<26}");
        for PathScores { scaled_mse, mae } in [direct, fed_back, no_change] {
            text += &format!(" {:>12} {:>9}", format!("{scaled_mse:.4e}"), significant(*mae, 4));
        }
    }
    text + "\n"
}

/// The same table for a page.
fn ahead_table(ahead: &AheadScores, unit: &str) -> Table {
    let caption = format!("Scaled MSE by {unit}s ahead; forecasts are {}", in_words(ahead.way));
    let table = Table::new(caption).column(Column::number(format!("{unit}s ahead")));
    let columns = ["direct", "fed back", "no change"].map(Column::number);
    let table = columns.into_iter().fold(table, Table::column);
    (1..).zip(&ahead.days).fold(table, |table, (day, DayScores { direct, fed_back, no_change })| {
        let cell = |of: &PathScores| Cell::number(of.scaled_mse, format!("{:.4e}", of.scaled_mse));
        table.row([
            Cell::number(f64::from(day), day.to_string()),
            cell(direct),
            cell(fed_back),
            cell(no_change),
        ])
    })
}

fn in_words(way: Way) -> &'static str {
    match way {
        Way::FedBack => "fed back",
        Way::Direct => "direct",
    }
}

/// The same table for a page.
pub fn table(judgement: &Judgement) -> Table {
    let mut table = Table::new(caption(judgement))
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

/// How to read that table, in a paragraph.
fn remark(judgement: &Judgement) -> String {
    format!(
        "{} of the test {}s rose: always saying “up” is right that often. DM p is the two-sided p-value of the \
         Diebold-Mariano test of the model against that row, on squared scaled errors.",
        share(Some(judgement.up_days)),
        judgement.unit
    )
}

/// The judgement with the last test windows, at the end of a section that may begin with notes.
pub fn judged(section: Section, judgement: &Judgement, plots: &Plots) -> Section {
    let section = section.table(table(judgement)).paragraph(remark(judgement));
    let ahead = judgement.ahead.as_ref().map(|ahead| ahead_table(ahead, &judgement.unit));
    ahead.into_iter().fold(section, Section::table).chart(
        &plots.close_up,
        "The test windows that end the series; a forecast close to a shifted truth is the naive one.",
    )
}

/// Where the intervals of the days to come are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intervals {
    /// The forecaster's own errors on the test windows: see [`Forecaster::forecast`](crate::Forecaster::forecast).
    PastErrors,
    /// The risk that is forecast: see [`Forecaster::forecast_within`](crate::Forecaster::forecast_within).
    Risk,
}

/// A section with the days to come and their intervals of probability `level`, or why there are none.
pub fn ahead(
    prices: &Prices,
    name: &str,
    days: Result<Vec<Day>, Error>,
    level: f64,
    intervals: Intervals,
) -> Section {
    let unit = prices.unit;
    let section = Section::new(format!("The {unit}s to come"));
    match days {
        Ok(days) => section
            .chart(
                &plots::ahead(prices, name, &days, level),
                match intervals {
                    Intervals::PastErrors => "The band is drawn from the errors on the test windows; it leaves out that calm and \
                         stormy times follow one another, so real intervals are wider.",
                    Intervals::Risk => "The band follows the risk that is forecast: it is narrow in calm times and wide in stormy ones.",
                },
            )
            .table(days_table(&days, level, unit)),
        Err(reason) => section.paragraph(capitalised(&format!("the {unit}s to come cannot be forecast: {reason}"))),
    }
}

/// A section with forecast and truth of the whole series.
pub fn pictures(plots: &Plots, unit: &str) -> Section {
    let section = Section::new("Forecast and truth")
        .chart(
            &plots.price,
            format!("The price, one point a {unit}; the mark is where the test windows begin."),
        )
        .chart(
            &plots.forecast,
            format!(
                "Forecasts one {unit} ahead. At this scale any forecast near the last price looks right."
            ),
        );
    match &plots.early {
        Some(early) => section.chart(early, "The same after the first epochs."),
        None => section,
    }
}

/// The days to come as a text: a table of forecasts and intervals of probability `level`.
pub fn days_text(days: &[Day], level: f64) -> String {
    let interval = format!("{}% interval", percent(level));
    let mut text = format!("{:12} {:>12} {interval:>25}\n", "date", "forecast");
    for Day { date, value, low, high } in days {
        text += &format!("{:12} {value:>12.2} {low:>12.2} {high:>12.2}\n", date.to_string());
    }
    text
}

/// The same table for a page.
pub fn days_table(days: &[Day], level: f64, unit: &str) -> Table {
    let table = Table::new(format!("The {unit}s to come, with {}% intervals", percent(level)))
        .column(Column::text("date"))
        .column(Column::number("forecast"))
        .column(Column::number("from"))
        .column(Column::number("to"));
    let cell = |price: f64| Cell::number(price, format!("{price:.2}"));
    days.iter().fold(table, |table, Day { date, value, low, high }| {
        table.row([Cell::text(date.to_string()), cell(*value), cell(*low), cell(*high)])
    })
}

fn caption(judgement: &Judgement) -> String {
    let windows = thousands(judgement.windows as u64);
    match judgement.judged {
        Judged::TestPart => format!("{windows} test windows"),
        Judged::LaterPrices => format!("{windows} later windows"),
    }
}

fn rows(judgement: &Judgement) -> Vec<Row<'_>> {
    let (baselines, tests) = (&judgement.baselines, &judgement.diebold_mariano);
    let mut rows = vec![
        ("model".to_owned(), &judgement.metrics, None),
        (format!("naive: {}", no_change(&judgement.unit)), &baselines.naive, tests.naive),
        ("drift: mean growth".to_owned(), &baselines.drift, tests.drift),
    ];
    rows.extend(baselines.ridge.as_ref().map(|ridge| ("ridge regression".to_owned(), ridge, tests.ridge)));
    rows
}

fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{:.1}%", 100.0 * value))
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}
