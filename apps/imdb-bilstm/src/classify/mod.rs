//! `classify`: tells of reviews whether they praise, and which words say so.

mod input;
mod look;
mod verdict;

use std::io::IsTerminal;

use recurrent_classifier::Classifier;
use recurrent_program::{Screen, Trained, flags::Format, show};

use crate::PROGRAM;
use crate::flags::ClassifyFlags;

use look::Look;
use verdict::verdicts;

/// Reviews that are classified at once: enough to sort by length, few enough to see results soon.
const CHUNK: usize = 4096;

/// Classifies and prints, in the order of the reviews.
///
/// # Errors
/// The model or a review cannot be read, or standard output cannot be written. Nothing is printed of reviews of which one
/// cannot be read.
pub fn classify(flags: &ClassifyFlags, screen: &Screen) -> Result<(), crate::Failure> {
    Trained::open(PROGRAM, &flags.run)?;
    let model = Classifier::load_on(&flags.run, &flags.common.backend.unwrap_or_default().open()?)?;
    let reviews = input::read(flags, screen)?;
    let single = reviews.iter().all(|review| review.place.is_none());
    if flags.common.format == Format::Text && !single && std::io::stdout().is_terminal() {
        screen.note(
            match model.settings().classes.names() {
                [_, positive] => format!("label, probability of being {positive}, review"),
                _ => "label, its probability, review".to_owned(),
            }
            .as_str(),
        );
    }
    let look = Look::new(flags.common.format, single, model.vocabulary().tokens());
    for reviews in reviews.chunks(CHUNK) {
        let verdicts = verdicts(&model, reviews, flags.explain || single)?;
        let said = reviews.iter().zip(verdicts).map(|(review, verdict)| look.of(&verdict, &review.text));
        if !show(&said.collect::<Result<String, _>>()?)? {
            break;
        }
    }
    Ok(())
}
