//! The result of a run in words: for the terminal, and as the page `report.html`.

use recurrent_classifier::report::{self, Charts, Example, judgement_text};
use recurrent_program::{Source, update_facts};
use recurrent_report::{ModelSummary, Report, Section, capitalised, counted, duration};

use crate::settings::Settings;
use crate::summary::Summary;

/// The result for the terminal.
pub(crate) fn text(summary: &Summary) -> String {
    let data = &summary.data;
    let name = if data.read.is_demo() { "DEMO DATA (generated reviews)" } else { &data.read.name };
    let kept = summary.run.best_epoch.map_or_else(String::new, |epoch| format!(", kept: epoch {epoch}"));
    format!(
        "{name}: {}, {} each{kept}; {}\n\n{}",
        counted(summary.run.epochs_run, "epoch"),
        duration(summary.run.seconds_per_epoch),
        summary.chosen_by.sentence(summary.run.best_epoch),
        judgement_text(&summary.judgement),
    )
}

/// The page.
pub(crate) fn page(
    settings: &Settings,
    summary: &Summary,
    layers: &ModelSummary,
    charts: &Charts,
    examples: &[Example],
) -> Report {
    let mut result = Section::new("Result");
    if settings.origin.source == Source::Demo {
        result = result.note("Demo data: generated reviews, whose label hangs on the order of their words.");
    }
    let (program, data) = (&summary.run.program, &summary.data.read.name);
    Report::new(format!("{program}: {data}; {}", settings.classifier().question()))
        .lead(capitalised(&summary.judgement.verdict))
        .section(report::result(result, &summary.judgement, summary.chosen_by, charts))
        .section(report::moved(examples))
        .section(report::training(layers, charts).facts("The run", facts(settings, summary)))
}

fn facts(settings: &Settings, summary: &Summary) -> Vec<(&'static str, String)> {
    let data = &summary.data;
    let mut facts = summary.run.facts();
    facts.extend(data.read.facts());
    facts.extend(report::facts(&settings.classifier(), &data.counts, &summary.before));
    facts.push(("batch", settings.batch_size.to_string()));
    facts.extend(update_facts(&settings.train));
    facts.extend(summary.run.course());
    facts.push(("chosen by", summary.chosen_by.sentence(summary.run.best_epoch).to_owned()));
    facts
}
