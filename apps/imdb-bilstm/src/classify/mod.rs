//! `classify`: tells of reviews whether they praise, and which words say so.

mod input;

use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};
use recurrent_classifier::report::{Colours, Look};
use recurrent_classifier::{Classifier, Explain, Passage, Verdict};
use recurrent_program::{Screen, Trained, flags::Format, show};

use crate::PROGRAM;
use crate::flags::ClassifyFlags;

/// Reviews that are classified at once: enough to sort by length, few enough to see results soon.
const CHUNK: usize = 4096;

/// Classifies and prints, in the order of the reviews.
///
/// # Errors
/// The model or a review cannot be read, or standard output cannot be written. Nothing is printed of reviews of which one
/// cannot be read.
pub fn classify(flags: &ClassifyFlags, screen: &Screen) -> Result<(), crate::Failure> {
    Trained::open(PROGRAM, &flags.run, screen)?;
    let model = Classifier::load_on(&flags.run, &flags.common.backend.unwrap_or_default().open()?)?;
    let reviews = input::read(flags, screen)?;
    let (format, single) = (flags.common.format, reviews.iter().all(|review| review.place.is_none()));
    if format == Format::Text && !single && io::stdout().is_terminal() {
        screen.note(&heading(&model));
    }
    let colourless = AutoStream::choice(&io::stdout()) == ColorChoice::Never;
    let colours = if colourless { Colours::Plain } else { Colours::Shown };
    let look = Look { tokens: model.vocabulary().tokens(), colours };
    let shown = |(review, verdict): (&Passage, Verdict)| {
        Ok(match (format, single) {
            (Format::Json, _) => serde_json::to_string(&verdict)?,
            (Format::Text, true) => look.alone(&verdict, &review.text),
            (Format::Text, false) => look.line(&verdict, &review.text),
        } + "\n")
    };
    let explain = if flags.explain || single { Explain::Words } else { Explain::Nothing };
    for reviews in reviews.chunks(CHUNK) {
        let verdicts = model.verdicts(reviews, explain)?;
        let said = reviews.iter().zip(verdicts).map(shown).collect::<Result<String, serde_json::Error>>()?;
        if !show(&said)? {
            break;
        }
    }
    Ok(())
}

/// What stands in each column of what is printed.
fn heading(model: &Classifier) -> String {
    match model.settings().classes.names() {
        _ if model.settings().classes.are_labels() => "labels with their probabilities, review".to_owned(),
        [_, positive] => format!("label, probability of being {positive}, review"),
        _ => "label, its probability, review".to_owned(),
    }
}
