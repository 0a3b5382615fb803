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
    /// The likeliest class; absent where a text may have any number of labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The probability that it is positive; of several classes, that of the likeliest one; absent as the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The labels that are said of it, where a text may have any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// The probability of each of several classes or labels.
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
    /// What each word did to the scores of the labels that are said, or of the likeliest where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanations: Option<BTreeMap<String, Vec<WordEffect>>>,
}

impl Classifier {
    /// What it says of texts, in their order.
    ///
    /// # Errors
    /// As [`classify_all`](Self::classify_all).
    pub fn verdicts(&self, passages: &[Passage], explain: Explain) -> Result<Vec<Verdict>, Error> {
        let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
        let said = self.classify_all(&texts)?;
        let verdicts = passages.iter().zip(said).map(|(passage, said)| {
            let effects = match explain {
                Explain::Words => Some(self.explain_said(&passage.text)?),
                Explain::Nothing => None,
            };
            Ok(self.verdict(passage.place, said, effects))
        });
        verdicts.collect()
    }

    /// What is said of a text, with the effects of its words on each class that is said.
    pub(crate) fn verdict(
        &self,
        place: Option<(RowUnit, usize)>,
        said: Said,
        effects: Option<Vec<(String, Vec<WordEffect>)>>,
    ) -> Verdict {
        let classes = &self.settings().classes;
        let (names, binary, any) = (classes.names(), classes.names().len() == 2, classes.are_labels());
        let place = |unit| place.filter(|place| place.0 == unit).map(|place| place.1);
        let all = || names.iter().cloned().zip(said.probabilities.iter().copied()).collect();
        let (of_one, of_labels) = match effects {
            Some(effects) if any => (None, Some(effects.into_iter().collect())),
            Some(mut effects) => (effects.pop().map(|(_, effects)| effects), None),
            None => (None, None),
        };
        let probability = if binary && !any { said.positive() } else { said.probability };
        Verdict {
            line: place(RowUnit::Line),
            row: place(RowUnit::Row),
            class: if binary && !any { names[1].clone() } else { said.label.clone() },
            probabilities: (!binary || any).then(all),
            probability: (!any).then_some(probability),
            label: (!any).then_some(said.label),
            labels: any.then_some(said.labels),
            words: said.words,
            known: said.known,
            explanation: of_one,
            explanations: of_labels,
        }
    }
}
