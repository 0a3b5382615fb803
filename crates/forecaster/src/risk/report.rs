//! A judgement of risk in words and tables: as text for a terminal, and as parts of a report page.

use recurrent_report::{Cell, Column, Section, Table, capitalised, significant, thousands};
use recurrent_volatility::HORIZONS;

use super::judgement::RiskJudgement;
use super::model::RiskModel;
use super::path::Held;
use super::plots::RiskPlots;
use super::scores::RiskScores;
use super::several::SeveralJudgement;

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
    text + &format!("\nVerdict on risk: {}\n", judgement.risk.verdict)
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
    for (name, reason) in &judgement.unjudged {
        text += &format!("{name} is not judged: {reason}\n");
    }
    text
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
