//! A trained model: what loads it, keeps it, lets it write and lets it judge.

use std::path::Path;
use std::sync::Arc;

use burn::{module::Module, tensor::Device};
use recurrent_backend::{BackendKind, Seed};
use recurrent_data::text::{Case, Id, UnknownCharacter, Vocabulary, VocabularyFault};

use crate::dynamic::{Adapting, adapted_surprises};
use crate::error::Error;
use crate::generation::Generation;
use crate::network::Network;
use crate::prime::Prime;
use crate::sampling::Sampling;
use crate::saved;
use crate::score::Score;
use crate::scoring::surprises_watched;
use crate::settings::Settings;
use crate::texts::Texts;

/// A trained model of a text, in characters, words or subwords.
///
/// A clone shares everything with the first. All methods may be called at once from many threads.
#[derive(Clone, Debug)]
pub struct LanguageModel {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    settings: Settings,
    network: Network,
}

impl LanguageModel {
    /// Puts a model together from its settings and a trained network.
    ///
    /// # Panics
    /// The network knows another number of tokens than the settings have, or reads them in another way.
    pub fn new(settings: Settings, network: Network) -> Self {
        assert_eq!(network.vocabulary(), settings.vocabulary.len(), "the tokens that the network knows");
        // Recorded for a gradient, a text that is written would keep every step of it.
        let network = if network.device().is_autodiff() { network.valid() } else { network };
        Self { parts: Arc::new(Parts { settings, network }) }
    }

    /// Loads a model from a run's folder, or from the one file that it ships as, on the default backend.
    ///
    /// # Errors
    /// There is none, it is damaged, or the backend is not part of the build.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::load_on(path, &BackendKind::default().open()?)
    }

    /// Loads a model on a device.
    ///
    /// # Errors
    /// There is none, or it is damaged.
    pub fn load_on(path: impl AsRef<Path>, device: &Device) -> Result<Self, Error> {
        let (settings, network) = saved::read(path.as_ref(), device)?;
        Ok(Self::new(settings, network))
    }

    /// Writes the model into one file, whole or not at all: the weights, the settings, and a checksum. It holds nothing of the
    /// machine.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        saved::write(path.as_ref(), self.settings(), self.network())
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.parts.network
    }

    /// The tokens that the model knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.settings().vocabulary
    }

    /// A text as the model's own was read: the line ends of one kind, and small letters where it has no others.
    pub fn as_read(&self, text: &str) -> String {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        match self.settings().read.case {
            Case::Keep => text,
            Case::Lower => text.to_lowercase(),
        }
    }

    /// The ids of a text, read as the model's own was.
    ///
    /// # Errors
    /// The model does not know one of its characters; the message names it and its place.
    pub fn encode(&self, text: &str) -> Result<Vec<Id>, Error> {
        Ok(self.vocabulary().encode(&self.as_read(text))?)
    }

    /// A text to go on with, read as the model's own was.
    ///
    /// # Errors
    /// The model does not know one of its characters.
    ///
    /// # Panics
    /// The text is empty.
    pub fn prime(&self, text: &str) -> Result<Prime, UnknownCharacter> {
        Prime::new(self.vocabulary(), &self.as_read(text))
    }

    /// The same with `replacement` in place of each character that the model does not know.
    ///
    /// # Errors
    /// The model does not know `replacement`.
    ///
    /// # Panics
    /// The text is empty.
    pub fn prime_replacing(&self, text: &str, replacement: char) -> Result<Prime, VocabularyFault> {
        let ids = self.vocabulary().encode_replacing(&self.as_read(text), replacement)?;
        let known = self.vocabulary().decode(&ids);
        Ok(Prime::new(self.vocabulary(), &known).expect("known characters alone"))
    }

    /// Goes on with a text, character by character, for as long as it is asked: `.take(500).collect::<String>()`. The same seed
    /// writes the same text. `prime` itself is not repeated; where it is empty, the text starts as [`Opening`](crate::Opening) says.
    ///
    /// # Errors
    /// The model does not know one of the characters, or a number of `sampling` is out of its range.
    pub fn generate(&self, prime: &str, sampling: &Sampling, seed: u64) -> Result<Generation, Error> {
        let (sampling, seed) = (*sampling, Seed(seed));
        sampling.check()?;
        let text = self.as_read(prime);
        Ok(if text.is_empty() {
            let prime = Prime::opening(self.vocabulary(), sampling, seed);
            Generation::new(self.write(&prime, 1, sampling, seed), prime.text())
        } else {
            let prime = Prime::new(self.vocabulary(), &text)?;
            Generation::new(self.write(&prime, 1, sampling, seed), "")
        })
    }

    /// Goes on several times with what `prime` says.
    ///
    /// # Panics
    /// `prime` is of another vocabulary, or `samples` is 0.
    pub fn write(&self, prime: &Prime, samples: usize, sampling: Sampling, seed: Seed) -> Texts {
        Texts::new(self.network(), self.vocabulary(), prime, samples, sampling, seed)
    }

    /// How well the model predicts each character of a text but the first, all before it read.
    ///
    /// # Errors
    /// The text has fewer than two characters, or one that the model does not know.
    pub fn score(&self, text: &str) -> Result<Score, Error> {
        let text = self.as_read(text);
        let ids = self.vocabulary().encode_predicted(&text)?;
        let surprises = self.surprises(&ids, |_| ());
        Score::new(self.vocabulary(), &ids, &text, &surprises).ok_or(Error::TooShort(ids.len()))
    }

    /// The surprise of each token but the first, in nats: `ids.len() - 1` numbers. `watch` is told now and then which share
    /// has been read.
    ///
    /// # Panics
    /// An id is none of the vocabulary's.
    pub fn surprises(&self, ids: &[Id], watch: impl FnMut(f64)) -> Vec<f32> {
        surprises_watched(self.network(), ids, watch)
    }

    /// The same of a model that goes on learning from the text, always after it has predicted it (dynamic evaluation). The
    /// model itself is not changed.
    ///
    /// # Panics
    /// An id is none of the vocabulary's, or the window has no token.
    pub fn adapted_surprises(&self, ids: &[Id], adapting: Adapting, watch: impl FnMut(f64)) -> Vec<f32> {
        adapted_surprises(self.network(), &self.settings().network, ids, adapting, watch)
    }
}
