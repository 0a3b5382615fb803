//! The report's page: its skeleton, that nothing it is given becomes markup, and that it needs nothing else.

use recurrent_report::{Cell, Column, LineChart, Report, Section, Series, Table};

/// The page without its head's style and without the drawings.
fn skeleton(html: &str) -> String {
    let mut text = html.to_owned();
    for (from, to) in [("<style>", "</style>"), ("<svg", "</svg>")] {
        while let Some(start) = text.find(from) {
            let end = start + text[start..].find(to).unwrap() + to.len();
            text.replace_range(start..end, &format!("[{}]", from.trim_matches(['<', '>'])));
        }
    }
    text
}

/// The page is XML but for its first line and the elements without an end tag, so that a strict parser can check it.
fn as_xml(html: &str) -> String {
    let mut xml = html.replace("<!DOCTYPE html>\n", "");
    while let Some(start) = xml.find("<meta") {
        let end = start + xml[start..].find('>').unwrap() + 1;
        xml.replace_range(start..end, "");
    }
    xml
}

fn chart() -> LineChart {
    LineChart::new("Loss", "epoch", "error").series(Series::line("training", vec![(1.0, 0.1), (2.0, 0.05)]))
}

#[test]
fn every_block_has_its_form() {
    let table = Table::new("Errors")
        .column(Column::text("model"))
        .column(Column::lowest_best("error"))
        .column(Column::highest_best("direction"))
        .column(Column::number("p"))
        .row([Cell::text("naive"), Cell::number(5.2641e-5, "5.264e-5"), Cell::text("—")])
        .row([
            Cell::text("GRU"),
            Cell::number(7.98e-5, "7.980e-5"),
            Cell::number(0.51, "51 %"),
            Cell::number(0.2, "0.2"),
        ]);
    let report = Report::new("Forecaster")
        .lead("It does not beat the naive forecast.")
        .section(Section::new("Result").note("Demo data.").table(table).paragraph("What it means."))
        .section(Section::new("Training").chart(&chart(), "The loss falls."))
        .section(
            Section::new("Run")
                .facts("Settings", [("seed", "1"), ("backend", "flex")])
                .preformatted("Layers", "gru   198,912\n")
                .sample("Epoch 10", "\nthe prince")
                .shaded("Weights", [("not ", -0.5), ("a ", 0.05), ("<good>", 1.5), (" film", f64::NAN)]),
        );
    insta::assert_snapshot!(skeleton(&report.html().unwrap()), @r#"
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Forecaster</title>
    [style]
    </head>
    <body>
    <main>
    <header>
    <h1>Forecaster</h1>
    <p class="lead">It does not beat the naive forecast.</p>
    </header>
    <section aria-labelledby="s1">
    <h2 id="s1">Result</h2>
    <p class="note" role="note"><strong>Note</strong> Demo data.</p>
    <div class="scroll" role="region" aria-label="Errors" tabindex="0">
    <table class="figures">
    <caption>Errors</caption>
    <thead>
    <tr><th scope="col">model</th><th scope="col" class="number">error</th><th scope="col" class="number">direction</th><th scope="col" class="number">p</th></tr>
    </thead>
    <tbody>
    <tr><th scope="row">naive</th><td class="number best">5.264e-5<span class="spoken"> (best)</span></td><td class="number">—</td><td class="number"></td></tr>
    <tr><th scope="row">GRU</th><td class="number">7.980e-5</td><td class="number best">51 %<span class="spoken"> (best)</span></td><td class="number">0.2</td></tr>
    </tbody>
    </table>
    </div>
    <p dir="auto">What it means.</p>
    </section>
    <section aria-labelledby="s2">
    <h2 id="s2">Training</h2>
    <figure class="chart">
    <div class="wide">
    [svg]
    </div>
    <div class="narrow">
    [svg]
    </div>
    <figcaption>The loss falls.</figcaption>
    </figure>
    </section>
    <section aria-labelledby="s3">
    <h2 id="s3">Run</h2>
    <div class="scroll" role="region" aria-label="Settings" tabindex="0">
    <table class="facts">
    <caption>Settings</caption>
    <tbody>
    <tr><th scope="row">seed</th><td>1</td></tr>
    <tr><th scope="row">backend</th><td>flex</td></tr>
    </tbody>
    </table>
    </div>
    <figure>
    <figcaption>Layers</figcaption>
    <pre tabindex="0">
    gru   198,912
    </pre>
    </figure>
    <figure>
    <figcaption>Epoch 10</figcaption>
    <pre class="sample" dir="auto">

    the prince</pre>
    </figure>
    <figure>
    <figcaption>Weights</figcaption>
    <p class="shaded" dir="auto"><mark class="against2" title="against">not </mark>a <mark class="for4" title="for">&lt;good&gt;</mark> film</p>
    </figure>
    </section>
    </main>
    </body>
    </html>
    "#);
}

#[test]
fn nothing_it_is_given_becomes_markup() {
    let evil = "<script>alert('1')</script>\"><img src=x onerror=alert(1)>";
    let table = Table::new(evil)
        .column(Column::text(evil))
        .column(Column::lowest_best(evil))
        .row([Cell::text(evil), Cell::number(1.0, evil)]);
    let chart = LineChart::new(evil, evil, evil).series(Series::line(evil, vec![(1.0, 1.0)])).mark(1.0, evil);
    let section = Section::new(evil)
        .facts(evil, [(evil, evil)])
        .table(table)
        .paragraph(evil)
        .note(evil)
        .chart(&chart, evil)
        .preformatted(evil, evil)
        .sample(evil, evil)
        .shaded(evil, [(evil, 1.0), (evil, 0.0)]);
    let html = Report::new(evil).lead(evil).section(section).html().unwrap();
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    let xml = as_xml(&html);
    let document = roxmltree::Document::parse(&xml).unwrap();
    for node in document.descendants().filter(|node| node.is_element()) {
        assert!(!["script", "img"].contains(&node.tag_name().name()));
        assert_eq!(node.attribute("onerror"), None);
    }
}

#[test]
fn tags_are_balanced_and_nothing_is_loaded() {
    let section = Section::new("All")
        .chart(&chart(), "")
        .facts("Facts", [("a", "b")])
        .note("n")
        .sample("s", "t")
        .shaded("w", [("t", 1.0)]);
    let html = Report::new("Page").section(section).html().unwrap();
    let xml = as_xml(&html);
    let document = roxmltree::Document::parse(&xml).unwrap();
    for node in document.descendants().filter(|node| node.is_element()) {
        for attribute in ["src", "href", "srcset", "style"] {
            assert_eq!(node.attribute(attribute), None, "{}", node.tag_name().name());
        }
    }
    assert!(!html.contains("url(") && !html.contains("@import"));
    let ids: Vec<_> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids, ["s1"]);
}

#[test]
fn equal_best_values_are_all_marked_and_numbers_that_are_none_never() {
    let mut table = Table::new("t").column(Column::text("m")).column(Column::lowest_best("e"));
    for value in [2.0, 1.0, f64::NAN, 1.0] {
        table = table.row([Cell::text("x"), Cell::number(value, format!("v{value}"))]);
    }
    let html = Report::new("r").section(Section::new("s").table(table)).html().unwrap();
    assert_eq!(html.matches("number best\">v1<").count(), 2);
    assert_eq!(html.matches("number best\">").count(), 2);
}
