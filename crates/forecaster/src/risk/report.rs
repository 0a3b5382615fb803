//! A judgement of risk in words and tables: as text for a terminal, and as parts of a report page.

use std::collections::BTreeMap;

use recurrent_report::{Cell, Column, Section, Table, capitalised, significant, thousands};
use recurrent_volatility::HORIZONS;

use super::fans::Fan;
use super::intervals::{IntervalPair, IntervalScore, IntervalScores};
use super::judgement::RiskJudgement;
use super::model::RiskModel;
use super::path::Held;
use super::plots::{self, RiskPlots};
use super::prices::RiskPrices;
use super::scores::RiskScores;
use super::several::SeveralJudgement;
use crate::error::Error;
use crate::forecaster::Day;

/// The columns of the comparison, and whether the least figure is the best.
const COLUMNS: [(&str, Best); 9] = [
    ("QLIKE 1", Best::Lowest),
    ("5", Best::Lowest),
    ("22", Best::Lowest),
    ("R^2", Best::Highest),
    ("CRPS", Best::Lowest),
    ("pinball", Best::Lowest),
    ("<1%", Best::None),
    ("<5%", Best::None),
    ("outside 90%", Best::None),
];

enum Best {
    Lowest,
    Highest,
    None,
}

/// The judgement as a text: a table of all models, and the verdict.
pub fn text(judgement: &RiskJudgement) -> String {
    let mut text = heading(&caption(judgement));
    for (model, scores) in rows(judgement) {
        text += &row(model, scores, p_value(judgement, model));
    }
    text += &judgement.intervals.as_ref().map_or_else(String::new, intervals_text);
    text + &format!("\nVerdict on risk: {}\n", judgement.risk.verdict)
}

/// How often conformal intervals held, beside the models' own.
fn intervals_text(intervals: &IntervalScores) -> String {
    let IntervalScores { kind, level, calibration, days, models } = intervals;
    let level = crate::plots::percent(*level);
    let kind = format!("{kind:?}").to_lowercase();
    let mut text = format!(
        "\n{level}% intervals of the last {}, {kind} ones calibrated on the {} before\n{:26} {:>9} {:>8} {:>12} {:>8}\n",
        thousands(*days as u64),
        thousands(*calibration as u64),
        "outside, and median width",
        kind,
        "",
        "the model's",
        ""
    );
    for (model, pair) in models {
        let figures = |IntervalScore { outside, width }: IntervalScore| {
            let width = width.map_or_else(|| "–".to_owned(), |width| format!("{width:.2}%"));
            (format!("{:.1}%", 100.0 * outside.rate), width)
        };
        let ((rate, width), (own_rate, own_width)) = (figures(pair.conformal), figures(pair.model));
        text += &format!("{:26} {rate:>9} {width:>8} {own_rate:>12} {own_width:>8}\n", model.name());
    }
    text
}

/// Several prices as a text: the QLIKE of the network, the ridge regression and HAR on each, and of all models on all together.
pub fn several_text(judgement: &SeveralJudgement) -> String {
    const SHOWN: [RiskModel; 3] = [RiskModel::Network, RiskModel::Ridge, RiskModel::Har];
    let mut text = format!("{:20} {:>7}", "QLIKE", "days");
    for days in HORIZONS {
        text += &SHOWN.map(|model| format!(" {:>10}", format!("{} {days}", model.key()))).concat();
    }
    for (name, judged) in &judgement.prices {
        text += &format!("\n{name:20} {:>7}", judged.risk.days);
        for days in HORIZONS {
            let loss =
                |model| judged.scores(model)?.horizons.get(&days.to_string()).map(|scores| scores.qlike);
            text += &SHOWN.map(|model| format!(" {:>10}", four(loss(model)))).concat();
        }
    }
    text += &format!("\n\n{:26} {:>7} {:>7} {:>7}  network ahead on\n", "all together", "1", "5", "22");
    for (model, losses) in &judgement.pooled.qlike {
        let loss = |days: usize| format!(" {:>7}", four(losses.get(&days.to_string()).copied()));
        let leads = judgement.pooled.network_leads.get(model);
        let leads = |days: usize| leads.and_then(|leads| leads.get(&days.to_string()));
        let leads =
            HORIZONS.map(|days| leads(days).map_or_else(String::new, |leads| format!(" {leads}"))).concat();
        text += &format!("{:26}{} {leads}\n", model.name(), HORIZONS.map(loss).concat());
    }
    text += &pooled_intervals(judgement);
    for (name, reason) in &judgement.unjudged {
        text += &format!("{name} is not judged: {reason}\n");
    }
    text
}

/// The days to come of several prices as a text.
pub fn fans_text(fans: &BTreeMap<String, Fan>) -> String {
    let mut text = format!("{:20} {:>12} {:>12} {:>12} {:>12}\n", "price", "last", "day", "from", "to");
    for (name, Fan { last_price, days, .. }) in fans {
        for Day { date, low, high, .. } in days {
            let date = date.to_string();
            text += &format!("{name:20} {last_price:>12.2} {date:>12} {low:>12.2} {high:>12.2}\n");
        }
    }
    text
}

/// A section with the days to come around the last price of that name, and their intervals of probability `level`, or why there are none.
pub fn ahead(prices: &RiskPrices, name: &str, days: Result<Vec<Day>, Error>, level: f64) -> Section {
    let unit = prices.unit();
    let section = Section::new(format!("The {unit}s to come"));
    match days {
        Ok(days) => section
            .chart(
                &plots::fan(prices, name, &days, level),
                "The band widens as fast as the risk that is forecast says.",
            )
            .table(crate::report::days_table(&days, level, unit)),
        Err(reason) => {
            section.paragraph(capitalised(&format!("the {unit}s to come cannot be forecast: {reason}")))
        }
    }
}

/// How often conformal intervals of all prices together held, where they were asked for.
fn pooled_intervals(judgement: &SeveralJudgement) -> String {
    let all = || judgement.prices.values().filter_map(|judged| judged.intervals.as_ref());
    let Some(IntervalScores { kind, level, .. }) = all().next() else { return String::new() };
    let of = |score: fn(&IntervalPair) -> IntervalScore| {
        let pairs = all().filter_map(|intervals| intervals.models.get(&RiskModel::Network)).map(score);
        let (hits, days) = pairs.fold((0, 0), |(hits, days), IntervalScore { outside, .. }| {
            (hits + outside.hits, days + outside.days)
        });
        100.0 * hits as f64 / days as f64
    };
    format!(
        "\n{}% intervals by the network: {:.1}% of returns outside the {} ones, {:.1}% outside the model's own\n",
        crate::plots::percent(*level),
        of(|pair| pair.conformal),
        format!("{kind:?}").to_lowercase(),
        of(|pair| pair.model)
    )
}

fn four(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"))
}

/// The headings of a comparison of models, as a line of text.
pub(crate) fn heading(caption: &str) -> String {
    let headings = COLUMNS.iter().map(|(heading, _)| format!(" {heading:>width$}", width = width(heading)));
    format!("{caption:26}{} {:>7}\n", headings.collect::<String>(), "DM p")
}

/// The figures of a model, as a line of text under [`heading`].
pub(crate) fn row(model: RiskModel, scores: &RiskScores, p_value: Option<f64>) -> String {
    let figures = COLUMNS.iter().zip(figures(scores));
    let figures =
        figures.map(|((heading, _), (_, figure))| format!(" {figure:>width$}", width = width(heading)));
    let p = p_value.map_or_else(|| "–".to_owned(), |p| format!("{p:.3}"));
    format!("{:26}{} {p:>7}\n", model.name(), figures.collect::<String>())
}

fn width(heading: &str) -> usize {
    heading.len().max(7)
}

/// The same table for a page.
pub fn table(judgement: &RiskJudgement) -> Table {
    let mut table = Table::new(caption(judgement)).column(Column::text("model"));
    for (heading, best) in &COLUMNS {
        table = table.column(match best {
            Best::Lowest => Column::lowest_best(*heading),
            Best::Highest => Column::highest_best(*heading),
            Best::None => Column::number(*heading),
        });
    }
    table = table.column(Column::number("DM p"));
    let cell = |(value, text): (Option<f64>, String)| match value {
        Some(value) => Cell::number(value, text),
        None => Cell::text(text),
    };
    for (model, scores) in rows(judgement) {
        let p = p_value(judgement, model);
        let p = (p, p.map_or_else(|| "–".to_owned(), |p| format!("{p:.3}")));
        let cells = figures(scores).into_iter().chain([p]).map(cell);
        table = table.row([Cell::text(model.name())].into_iter().chain(cells));
    }
    table
}

/// A section with the judgement and its pictures, and how often the intervals of forecast prices held.
pub fn judged(judgement: &RiskJudgement, plots: &RiskPlots, held: Option<Held>) -> Section {
    let unit = &judgement.risk.unit;
    let mut section = Section::new("How far it will move")
        .paragraph(capitalised(&judgement.risk.verdict))
        .table(table(judgement))
        .paragraph(format!(
            "Variances by {}. QLIKE is the loss of the mean variance forecast for the next 1, 5 and 22 {unit}s, R^2 that of \
             the next in logarithms. CRPS, in per cent, and pinball, in hundredths of a per cent, judge the distribution of \
             the next return. The last columns say how often it was below its quantile at 1% and 5%, and outside its \
             interval of 90%. DM p is the two-sided p-value of the Diebold-Mariano test of the network against that row.",
            judgement.risk.proxy
        ));
    if let Some(held) = held {
        section = section.paragraph(capitalised(&held_words(&held, unit)));
    }
    section
        .chart(
            &plots.volatility,
            "A point is what a day's prices say of its risk, which is much noise around the truth.",
        )
        .chart(
            &plots.quantiles,
            "The band should hold nine in ten, and each dashed line all but one in a hundred.",
        )
        .chart(&plots.reliability, "On the dashed line every quantile is passed as often as it says.")
}

/// How often intervals held, in a sentence.
pub fn held_words(held: &Held, unit: &str) -> String {
    let Held { level, days, inside } = held;
    format!(
        "of {} judged {unit}s the {}% interval made the {unit} before held {:.1}%",
        thousands(*days as u64),
        crate::plots::percent(*level),
        100.0 * inside
    )
}

fn caption(judgement: &RiskJudgement) -> String {
    let risk = &judgement.risk;
    format!("risk of {} {}s", thousands(risk.days as u64), risk.unit)
}

fn rows(judgement: &RiskJudgement) -> impl Iterator<Item = (RiskModel, &RiskScores)> {
    RiskModel::ALL.into_iter().filter_map(|model| Some((model, judgement.scores(model)?)))
}

fn p_value(judgement: &RiskJudgement, model: RiskModel) -> Option<f64> {
    Some(judgement.diebold_mariano.risk.get(&model)?.get("1")?.p_value)
}

/// The figures of a row, in the order of [`COLUMNS`].
fn figures(scores: &RiskScores) -> Vec<(Option<f64>, String)> {
    let number = |value: Option<f64>, digits: usize| {
        (value, value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}")))
    };
    let horizon = |horizon: usize| scores.horizons.get(&horizon.to_string());
    let rate = |name: &str| {
        let rate = scores.coverage.get(name).map(|coverage| coverage.rate);
        (rate, rate.map_or_else(|| "–".to_owned(), |rate| format!("{:.1}%", 100.0 * rate)))
    };
    let mut figures: Vec<_> =
        HORIZONS.into_iter().map(|days| number(horizon(days).map(|scores| scores.qlike), 4)).collect();
    figures.push(number(horizon(HORIZONS[0]).and_then(|scores| scores.r2), 3));
    figures.push((Some(scores.crps), significant(scores.crps, 4)));
    figures.push((Some(scores.pinball), significant(scores.pinball, 4)));
    figures.extend(["0.01", "0.05", "outside_90"].map(rate));
    figures
}
