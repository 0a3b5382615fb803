//! The handle that programs hold: a trained classifier with its words, which classifies and explains texts.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use recurrent_backend::BackendKind;
use recurrent_data::reviews::{Label, MAX_REVIEW_BYTES, UNKNOWN, Vocabulary};

use crate::ensemble::Ensemble;
use crate::error::{Error, TextFault};
use crate::occlusion::{WordEffect, of_words};
use crate::saved::{Saved, read, write};
use crate::scorer::Scorer;
use crate::settings::Settings;
use crate::vocabulary::known;

/// A trained classifier. Clones are the same one; it can be used from many threads at once.
#[derive(Clone, Debug)]
pub struct Classifier {
    saved: Arc<Saved>,
}

/// What is said of a text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Said {
    /// The likeliest class, such as `positive` or `negative`; of labels the likeliest one, whether it is said or not.
    pub label: String,
    /// What is said of it: that class, or, of labels, those above their thresholds, of which there may be none.
    pub labels: Vec<String>,
    /// The probability of that class; of two, at least 0.5.
    pub probability: f64,
    /// The probability of each class or label, in the order of the settings' names.
    pub probabilities: Vec<f64>,
    /// The logit of the probability that the text is positive; of several classes or labels, of the likeliest one.
    pub score: f32,
    /// How many words the text has.
    pub words: usize,
    /// How many of them the model knows.
    pub known: usize,
}

impl Classifier {
    /// Puts a classifier together, of a network and what it is stacked with, on a device without automatic differentiation.
    /// Of the words, those are kept that the coding can have an index for; of the settings, partner and thresholds are those of
    /// `scorer`.
    pub fn new(mut settings: Settings, vocabulary: &Vocabulary, scorer: Scorer) -> Self {
        let vocabulary = known(vocabulary, settings.coding);
        settings.stacking = scorer.partner();
        settings.thresholds.clone_from(&scorer.thresholds);
        Self { saved: Arc::new(Saved { settings, vocabulary, scorer }) }
    }

    /// Reads a classifier from a run's folder, or from the one file that [`save`](Self::save) writes, to compute on the
    /// default backend.
    ///
    /// # Errors
    /// Nothing is there, it is damaged or of something else, or the backend is not part of this build. The message names the
    /// file and what is wrong with it.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::load_on(path, &BackendKind::default().open()?)
    }

    /// The same on a device without automatic differentiation.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_on(path: impl AsRef<Path>, device: &Device) -> Result<Self, Error> {
        Ok(Self { saved: Arc::new(read(path.as_ref(), device)?) })
    }

    /// Writes the classifier as one file, whole or not at all: settings, words and weights, with a checksum over them. Its
    /// name ought to end with `.safetensors`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        write(path.as_ref(), &self.saved)
    }

    /// What it is.
    pub fn settings(&self) -> &Settings {
        &self.saved.settings
    }

    /// The words that it knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.saved.vocabulary
    }

    /// What scores the indices of texts.
    pub fn scorer(&self) -> &Scorer {
        &self.saved.scorer
    }

    /// Its networks.
    pub fn network(&self) -> &Ensemble {
        &self.saved.scorer.network
    }

    /// Says which class a text is of.
    ///
    /// # Errors
    /// The text is empty, or longer than any review.
    pub fn classify(&self, text: &str) -> Result<Said, Error> {
        check(text).map_err(|fault| Error::Text { number: None, fault })?;
        Ok(self.all(&[text]).remove(0))
    }

    /// The same of many texts, in their order; they are computed in batches of similar length, which is faster than one by
    /// one. The last digits of a probability depend on the texts beside.
    ///
    /// # Errors
    /// A text is empty, or longer than any review; the message says which.
    pub fn classify_all(&self, texts: &[&str]) -> Result<Vec<Said>, Error> {
        for (number, text) in (1..).zip(texts) {
            check(text).map_err(|fault| Error::Text { number: Some(number), fault })?;
        }
        Ok(self.all(texts))
    }

    /// Says what each word of a text did to its score, in the order of the text; of labels, to that of the likeliest. It takes as long
    /// as scoring as many texts as there are words that the model knows.
    ///
    /// # Errors
    /// As [`classify`](Self::classify).
    pub fn explain(&self, text: &str) -> Result<Vec<WordEffect>, Error> {
        let outputs = self.saved.scorer.outputs();
        Ok(self.effects(text, |scores| vec![outputs.said(scores)])?.remove(0).1)
    }

    /// The same of each class that is said of it, by name; where no label is said, of the likeliest.
    ///
    /// # Errors
    /// As [`classify`](Self::classify).
    pub fn explain_said(&self, text: &str) -> Result<Vec<(String, Vec<WordEffect>)>, Error> {
        let effects = self.effects(text, |scores| self.saved.scorer.explained(scores))?;
        let names = &self.settings().classes;
        Ok(effects.into_iter().map(|(label, effects)| (names.name(label).to_owned(), effects)).collect())
    }

    fn effects(
        &self,
        text: &str,
        of: impl FnOnce(&[f32]) -> Vec<Label>,
    ) -> Result<Vec<(Label, Vec<WordEffect>)>, Error> {
        check(text).map_err(|fault| Error::Text { number: None, fault })?;
        let effects = self.scorer().effects(&self.indices(text), of).into_iter();
        let tokens = self.vocabulary().tokens();
        Ok(effects.map(|(label, effects)| (label, of_words(effects, text, tokens))).collect())
    }

    fn all(&self, texts: &[&str]) -> Vec<Said> {
        let indices: Vec<Vec<u32>> = texts.iter().map(|text| self.indices(text)).collect();
        let rows: Vec<&[u32]> = indices.iter().map(Vec::as_slice).collect();
        let scores = self.saved.scorer.scores(&rows);
        let scores = scores.chunks(self.saved.scorer.outputs().width());
        indices.iter().zip(scores).map(|(indices, scores)| self.said(indices, scores)).collect()
    }

    /// What is said of a text, from its indices and its scores.
    pub(crate) fn said(&self, indices: &[u32], scores: &[f32]) -> Said {
        // The first index is the start's.
        let words = &indices[1..];
        let (scorer, names) = (&self.saved.scorer, &self.settings().classes);
        let outputs = scorer.outputs();
        let (label, probabilities) = (outputs.said(scores), outputs.probabilities(scores));
        Said {
            label: names.name(label).to_owned(),
            labels: scorer.said(scores).into_iter().map(|label| names.name(label).to_owned()).collect(),
            probability: probabilities[label.class()],
            score: outputs.logit(scores, label),
            probabilities,
            words: words.len(),
            known: words.iter().filter(|index| **index != UNKNOWN).count(),
        }
    }

    /// The indices of a text's words, with the start before them.
    pub(crate) fn indices(&self, text: &str) -> Vec<u32> {
        self.saved.settings.coding.encode(&self.saved.vocabulary.ranks(text))
    }
}

impl Said {
    /// The probability of the second class, such as positive, whichever the label is.
    pub fn positive(&self) -> f64 {
        self.probabilities[1]
    }
}

/// Refuses what cannot be classified.
pub(crate) fn check(text: &str) -> Result<(), TextFault> {
    match text.len() {
        _ if text.trim().is_empty() => Err(TextFault::Empty),
        bytes if bytes as u64 > MAX_REVIEW_BYTES => Err(TextFault::TooLong(bytes)),
        _ => Ok(()),
    }
}
