//! `classify`: tells of reviews whether they praise, and which words say so.

mod input;
mod look;

use std::io::IsTerminal;

use recurrent_classifier::{Classifier, Error, Said, WordEffect};
use recurrent_program::{Screen, Trained, flags::Format, show};
use serde::Serialize;

use crate::PROGRAM;
use crate::flags::ClassifyFlags;

use input::Review;
use look::Look;

/// What is said of a review: a line of JSON.
#[derive(Serialize)]
struct Verdict {
    /// Its line; absent for one that was given as an argument.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The likelier class.
    label: &'static str,
    /// The probability that it is positive.
    probability: f64,
    /// How many words it has.
    words: usize,
    /// How many of them the model knows.
    known: usize,
    /// What each word did to the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Vec<WordEffect>>,
}

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
    let reviews = input::read(flags)?;
    let single = reviews.iter().all(|review| review.line.is_none());
    if flags.common.format == Format::Text && !single && std::io::stdout().is_terminal() {
        screen.note("label, probability of being positive, review");
    }
    let look = Look::new(flags.common.format, single);
    for reviews in reviews.chunks(CHUNK) {
        let verdicts = verdicts(&model, reviews, flags.explain || single)?;
        let said = reviews.iter().zip(verdicts).map(|(review, verdict)| look.of(&verdict, &review.text));
        if !show(&said.collect::<Result<String, _>>()?)? {
            break;
        }
    }
    Ok(())
}

fn verdicts(model: &Classifier, reviews: &[Review], explain: bool) -> Result<Vec<Verdict>, Error> {
    let texts: Vec<&str> = reviews.iter().map(|review| review.text.as_str()).collect();
    let said = model.classify_all(&texts)?;
    let verdict = |(review, said): (&Review, Said)| {
        Ok(Verdict {
            line: review.line,
            label: said.label,
            probability: said.positive(),
            words: said.words,
            known: said.known,
            explanation: explain.then(|| model.explain(&review.text)).transpose()?,
        })
    };
    reviews.iter().zip(said).map(verdict).collect()
}
