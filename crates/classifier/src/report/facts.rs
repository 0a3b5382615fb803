//! What a classifier is and what it has learnt from, as names with values.

use recurrent_report::thousands;

use crate::learn::Before;
use crate::parts::Counts;
use crate::settings::Settings;

/// What a classifier is, and what it has learnt from.
pub fn facts(settings: &Settings, counts: &Counts, before: &Before) -> Vec<(&'static str, String)> {
    let dash = || "–".to_owned();
    let coding = settings.coding;
    let count = |count: usize| thousands(count as u64);
    let Counts { words, train, validation, test } = *counts;
    let [words, train, validation, test] = [words, train, validation, test].map(count);
    vec![
        ("reviews", format!("{train} to learn from, {validation} to choose by, {test} to judge on")),
        (
            "words",
            format!("{words} distinct; indices from {} below {}", coding.skip_top(), coding.num_words()),
        ),
        ("read of a review", settings.reading.to_string()),
        ("learnt before the labels", before.pretraining.as_ref().map_or_else(dash, ToString::to_string)),
        ("teacher", before.teacher.as_ref().map_or_else(dash, ToString::to_string)),
        ("networks", settings.model.members.to_string()),
        ("adversarial step", format!("{} of the norm", settings.model.adversarial)),
    ]
}
