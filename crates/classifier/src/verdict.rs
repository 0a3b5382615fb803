//! What is said of texts from a file, each with its place and, where it is asked for, what its words did.

use std::collections::BTreeMap;

use recurrent_data::reviews::RowUnit;
use serde::Serialize;

use crate::classifier::{Classifier, Said};
use crate::error::Error;
use crate::occlusion::WordEffect;

/// A text to be classified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// What its place counts, and the place, from 1; none for one that stands alone.
    pub place: Option<(RowUnit, usize)>,
    /// The text.
    pub text: String,
}

/// Whether words are explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explain {
    /// What each word did to the score is found, which takes as many scores as there are words.
    Words,
    /// It is not.
    Nothing,
}

/// What is said of a text, as a line of JSON has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Verdict {
    /// Its line; absent for one that was given as an argument, or stands in a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Its row in a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The likeliest class.
    pub label: String,
    /// The probability that it is positive; of several classes, that of the likeliest one.
    pub probability: f64,
    /// The probability of each of several classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probabilities: Option<BTreeMap<String, f64>>,
    /// The class that the probability and the effects of words are of.
    #[serde(skip)]
    pub class: String,
    /// How many words it has.
    pub words: usize,
    /// How many of them the model knows.
    pub known: usize,
    /// What each word did to the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Vec<WordEffect>>,
}

impl Classifier {
    /// What it says of texts, in their order.
    ///
    /// # Errors
    /// As [`classify_all`](Self::classify_all).
    pub fn verdicts(&self, passages: &[Passage], explain: Explain) -> Result<Vec<Verdict>, Error> {
        let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
        let said = self.classify_all(&texts)?;
        passages.iter().zip(said).map(|(passage, said)| self.verdict(passage, said, explain)).collect()
    }

    fn verdict(&self, passage: &Passage, said: Said, explain: Explain) -> Result<Verdict, Error> {
        let names = self.settings().classes.names();
        let binary = names.len() == 2;
        let place = |unit| passage.place.filter(|place| place.0 == unit).map(|place| place.1);
        let all = || names.iter().cloned().zip(said.probabilities.iter().copied()).collect();
        let explained = (explain == Explain::Words).then(|| self.explain(&passage.text));
        Ok(Verdict {
            line: place(RowUnit::Line),
            row: place(RowUnit::Row),
            probability: if binary { said.positive() } else { said.probability },
            class: if binary { names[1].clone() } else { said.label.clone() },
            probabilities: (!binary).then(all),
            label: said.label,
            words: said.words,
            known: said.known,
            explanation: explained.transpose()?,
        })
    }
}
