//! Turns a report into HTML.
//!
//! Headings are in order, tables have captions and scopes, charts have a role and a label, and what scrolls
//! sideways can be reached with the keyboard.

use super::report::{Block, Report, Section};
use super::table::{Kind, Table};
use crate::chart::{Size, stylesheet};
use crate::error::DrawError;
use crate::markup::escape;

const STYLE: &str = include_str!("style.css");

impl Report {
    /// Builds the page.
    ///
    /// # Errors
    /// A chart cannot be drawn.
    pub fn html(&self) -> Result<String, DrawError> {
        page(self)
    }
}

/// The whole page. The policy in its head forbids whatever a page could load.
fn page(report: &Report) -> Result<String, DrawError> {
    let title = escape(&report.title);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>\n{STYLE}{}</style>\n</head>\n<body>\n<main>\n<header>\n<h1>{title}</h1>\n",
        stylesheet()
    );
    if !report.lead.is_empty() {
        html += &format!("<p class=\"lead\">{}</p>\n", escape(&report.lead));
    }
    html += "</header>\n";
    for (number, part) in report.sections.iter().enumerate() {
        html += &section(part, number + 1)?;
    }
    html += "</main>\n</body>\n</html>\n";
    Ok(html)
}

fn section(section: &Section, number: usize) -> Result<String, DrawError> {
    let heading = escape(&section.heading);
    let mut html = format!("<section aria-labelledby=\"s{number}\">\n<h2 id=\"s{number}\">{heading}</h2>\n");
    for block in &section.blocks {
        html += &match block {
            Block::Facts { caption, facts } => fact_table(caption, facts),
            Block::Table(table) => figure_table(table),
            Block::Paragraph(text) => format!("<p dir=\"auto\">{}</p>\n", escape(text)),
            Block::Note(text) => {
                format!("<p class=\"note\" role=\"note\"><strong>Note</strong> {}</p>\n", escape(text))
            }
            Block::Chart { chart, caption } => format!(
                "<figure class=\"chart\">\n<div class=\"wide\">\n{}</div>\n<div class=\"narrow\">\n{}</div>\n{}</figure>\n",
                chart.svg(Size::Wide)?,
                chart.svg(Size::Narrow)?,
                figure_caption(caption),
            ),
            Block::Preformatted { caption, text } => format!(
                "<figure>\n{}<pre tabindex=\"0\">{}</pre>\n</figure>\n",
                figure_caption(caption),
                preformatted(text)
            ),
            Block::Sample { caption, text } => format!(
                "<figure>\n{}<pre class=\"sample\" dir=\"auto\">{}</pre>\n</figure>\n",
                figure_caption(caption),
                preformatted(text)
            ),
            Block::Shaded { caption, pieces } => format!(
                "<figure>\n{}<p class=\"shaded\" dir=\"auto\">{}</p>\n</figure>\n",
                figure_caption(caption),
                pieces.iter().map(|(text, weight)| shaded(text, *weight)).collect::<String>()
            ),
        };
    }
    html += "</section>\n";
    Ok(html)
}

/// A piece with one of four shades for or against; its title says which, for those who do not see colours.
fn shaded(text: &str, weight: f64) -> String {
    const SHADES: f64 = 4.0;
    let text = escape(text);
    let shade = (weight.clamp(-1.0, 1.0).abs() * SHADES).round();
    if shade.is_nan() || shade == 0.0 {
        return text;
    }
    let side = if weight > 0.0 { "for" } else { "against" };
    format!("<mark class=\"{side}{shade}\" title=\"{side}\">{text}</mark>")
}

fn fact_table(caption: &str, facts: &[(String, String)]) -> String {
    let mut html = table_start(caption, "facts");
    html += "<tbody>\n";
    for (name, value) in facts {
        html += &format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escape(name), escape(value));
    }
    html += "</tbody>\n</table>\n</div>\n";
    html
}

fn figure_table(table: &Table) -> String {
    let mut html = table_start(&table.caption, "figures");
    html += "<thead>\n<tr>";
    for column in &table.columns {
        html += &format!("<th scope=\"col\"{}>{}</th>", alignment(column.kind), escape(&column.heading));
    }
    html += "</tr>\n</thead>\n<tbody>\n";
    let best: Vec<Option<f64>> = (0..table.columns.len()).map(|place| table.best(place)).collect();
    for row in &table.rows {
        html += "<tr>";
        for (place, column) in table.columns.iter().enumerate() {
            let (text, value) = row.get(place).map_or(("", None), |cell| (cell.text.as_str(), cell.value));
            let text = escape(text);
            html += &match (place, column.kind) {
                // The first column names the row.
                (0, Kind::Text) => format!("<th scope=\"row\">{text}</th>"),
                _ if value.is_some() && value == best[place] => {
                    format!("<td class=\"number best\">{text}<span class=\"spoken\"> (best)</span></td>")
                }
                (_, kind) => format!("<td{}>{text}</td>", alignment(kind)),
            };
        }
        html += "</tr>\n";
    }
    html += "</tbody>\n</table>\n</div>\n";
    html
}

fn table_start(caption: &str, class: &str) -> String {
    if caption.is_empty() {
        return format!("<div class=\"scroll\" tabindex=\"0\">\n<table class=\"{class}\">\n");
    }
    let caption = escape(caption);
    format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n\
         <table class=\"{class}\">\n<caption>{caption}</caption>\n"
    )
}

fn alignment(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "",
        Kind::Number | Kind::LowestBest | Kind::HighestBest => " class=\"number\"",
    }
}

fn figure_caption(caption: &str) -> String {
    if caption.is_empty() { String::new() } else { format!("<figcaption>{}</figcaption>\n", escape(caption)) }
}

/// A browser drops a line end right after `<pre>`, so one more is put before it.
fn preformatted(text: &str) -> String {
    format!("\n{}", escape(text))
}
