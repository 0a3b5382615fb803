//! What is said of reviews.

use std::collections::BTreeMap;

use recurrent_classifier::{Classifier, Error, Said, WordEffect};
use recurrent_data::reviews::RowUnit;
use serde::Serialize;

use super::input::Review;

/// What is said of a review: a line of JSON.
#[derive(Serialize)]
pub(super) struct Verdict {
    /// Its line; absent for one that was given as an argument, or stands in a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<usize>,
    /// Its row in a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) row: Option<usize>,
    /// The likeliest class.
    pub(super) label: String,
    /// The probability that it is positive; of several classes, that of the likeliest one.
    pub(super) probability: f64,
    /// The probability of each of several classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) probabilities: Option<BTreeMap<String, f64>>,
    /// The class that the probability and the effects of words are of.
    #[serde(skip)]
    pub(super) class: String,
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
    let names = model.settings().classes.names();
    let verdict = |(review, said): (&Review, Said)| {
        let binary = names.len() == 2;
        let place = |unit| review.place.filter(|place| place.0 == unit).map(|place| place.1);
        let all = || names.iter().cloned().zip(said.probabilities.iter().copied()).collect();
        Ok(Verdict {
            line: place(RowUnit::Line),
            row: place(RowUnit::Row),
            probability: if binary { said.positive() } else { said.probability },
            class: if binary { names[1].clone() } else { said.label.clone() },
            probabilities: (!binary).then(all),
            label: said.label,
            words: said.words,
            known: said.known,
            explanation: explain.then(|| model.explain(&review.text)).transpose()?,
        })
    };
    reviews.iter().zip(said).map(verdict).collect()
}
