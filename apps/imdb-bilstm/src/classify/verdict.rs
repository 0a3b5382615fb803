//! What is said of reviews.

use recurrent_classifier::{Classifier, Error, Said, WordEffect};
use serde::Serialize;

use super::input::Review;

/// What is said of a review: a line of JSON.
#[derive(Serialize)]
pub(super) struct Verdict {
    /// Its line; absent for one that was given as an argument.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<usize>,
    /// The likelier class.
    pub(super) label: &'static str,
    /// The probability that it is positive.
    pub(super) probability: f64,
    /// How many words it has.
    pub(super) words: usize,
    /// How many of them the model knows.
    pub(super) known: usize,
    /// What each word did to the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) explanation: Option<Vec<WordEffect>>,
}

/// What a model says of reviews; with what each word did to their scores, where they are to be explained.
pub(super) fn verdicts(model: &Classifier, reviews: &[Review], explain: bool) -> Result<Vec<Verdict>, Error> {
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
