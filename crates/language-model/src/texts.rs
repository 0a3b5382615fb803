//! Several texts that are written side by side, as characters.

use std::ops::ControlFlow;

use recurrent_backend::Seed;
use recurrent_data::text::Vocabulary;
use serde::Serialize;

use crate::network::Network;
use crate::prime::{Owed, Prime};
use crate::sampling::Sampling;
use crate::writing::Writing;

/// Several texts that are written side by side, a token of each at a time: see [`Writing`]. It never ends.
#[derive(Clone, Debug)]
pub struct Texts {
    writing: Writing,
    vocabulary: Vocabulary,
    /// What each text is still to begin with: see [`Prime`].
    owed: Vec<Owed>,
}

/// A text that was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sample {
    /// What was written after the prime text.
    pub text: String,
    /// Whether the stop text ended it.
    pub stopped: bool,
}

impl Texts {
    /// Reads `prime` for each of `samples` texts.
    ///
    /// # Panics
    /// An id is none of the network's, or `samples` is 0.
    pub fn new(
        network: &Network,
        vocabulary: &Vocabulary,
        prime: &Prime,
        samples: usize,
        sampling: Sampling,
        seed: Seed,
    ) -> Self {
        let writing = Writing::new(network, &prime.ids, samples, sampling, seed);
        Self { writing, vocabulary: vocabulary.clone(), owed: vec![prime.owed.clone(); samples] }
    }

    /// Writes `length` characters of each text, fewer of one that ends with `stop` before. `tell` is told what the first text gets,
    /// and may end all of them.
    ///
    /// # Errors
    /// What `tell` says.
    pub fn samples<E>(
        mut self,
        length: usize,
        stop: Option<&str>,
        mut tell: impl FnMut(&str) -> Result<ControlFlow<()>, E>,
    ) -> Result<Vec<Sample>, E> {
        let mut samples = vec![(Sample::default(), length); self.owed.len()];
        while samples.iter().any(|(sample, left)| *left > 0 && !sample.stopped) {
            let added = self.next().expect("there is always more");
            let before = samples[0].0.text.len();
            for ((sample, left), added) in samples.iter_mut().zip(added) {
                sample.add(&added, left, stop);
            }
            if tell(&samples[0].0.text[before..])?.is_break() {
                break;
            }
        }
        Ok(samples.into_iter().map(|(sample, _)| sample).collect())
    }
}

impl Sample {
    /// Texts that went on from one prime text, for people: each whole, below its number.
    pub fn listed(samples: &[Self], prime: &str) -> String {
        let all = samples.iter().enumerate();
        let texts = all
            .map(|(i, sample)| format!("--- {} of {} ---\n{prime}{}\n", i + 1, samples.len(), sample.text));
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Adds characters as long as there are some `left` to write.
    pub(crate) fn add(&mut self, added: &str, left: &mut usize, stop: Option<&str>) {
        for character in added.chars() {
            if *left == 0 || self.stopped {
                return;
            }
            self.text.push(character);
            *left -= 1;
            self.stopped = stop.is_some_and(|stop| self.text.ends_with(stop));
        }
    }
}

impl Iterator for Texts {
    /// What is added to each text; nothing to one that still begins with what it owes.
    type Item = Vec<String>;

    /// Writes the next token of each text; there is always one.
    fn next(&mut self) -> Option<Vec<String>> {
        let (owed, vocabulary) = (&self.owed, &self.vocabulary);
        let ids = if owed.iter().all(Owed::is_empty) {
            self.writing.next()?
        } else {
            self.writing.next_among(|text, id| owed[text].allows(&vocabulary.decode(&[id])))
        };
        let tokens = self.owed.iter_mut().zip(ids);
        let added = tokens.map(|(owed, id)| owed.pay(&vocabulary.decode(&[id])).to_owned());
        Some(added.collect())
    }
}
