//! Writing: one step of the network a token, the state carried on.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use recurrent_backend::Seed;
use recurrent_cells::{Pass, Recurrence};
use recurrent_data::text::{Id, Vocabulary};

use crate::generation::Generation;
use crate::network::{Network, States, numbers};
use crate::prime::Prime;
use crate::sampling::Sampling;
use crate::texts::Texts;

/// Several texts that are written side by side, a token of each at a time. It never ends.
///
/// The same seed writes the same texts; each has randomness of its own, so that the first of four is the one that would be
/// written alone.
#[derive(Clone, Debug)]
pub struct Writing {
    network: Network,
    sampling: Sampling,
    states: States,
    /// What was written last and not read yet.
    unread: Vec<Id>,
    random: Vec<ChaCha8Rng>,
}

impl Writing {
    /// Reads `prime`, which is not empty, for each of `samples` texts.
    ///
    /// # Panics
    /// `prime` is empty, an id is none of the network's, or `samples` is 0.
    pub fn new(network: &Network, prime: &[Id], samples: usize, sampling: Sampling, seed: Seed) -> Self {
        assert!(samples > 0 && !prime.is_empty(), "a text goes on from at least one character");
        let mut states = network.layers.zero_state(samples);
        let (last, before) = prime.split_last().expect("a character");
        // In stretches, so that memory does not grow with the prime text.
        for stretch in before.chunks(1024) {
            let ids: Vec<i64> = (0..samples).flat_map(|_| stretch).map(|id| i64::from(*id)).collect();
            let ids = network.place(ids, [samples, stretch.len()]);
            states = network.forward(ids, Some(states), &Pass::evaluation(), None).1;
        }
        let random = (0..samples as u64).map(|row| seed.stream(&[row])).collect();
        Self { network: network.clone(), sampling, states, unread: vec![*last; samples], random }
    }
}

impl Writing {
    /// Writes the next token of each text, of those that may come next in the text of this place.
    ///
    /// # Panics
    /// None may.
    pub(crate) fn next_among(&mut self, may_come: impl Fn(usize, Id) -> bool) -> Vec<Id> {
        self.choose(|text, logits| {
            for (logit, id) in logits.iter_mut().zip(0..) {
                if !may_come(text, id) {
                    *logit = f32::NEG_INFINITY;
                }
            }
        })
    }

    fn choose(&mut self, change: impl Fn(usize, &mut [f32])) -> Vec<Id> {
        let (logits, states) = self.network.step(&self.unread, std::mem::take(&mut self.states));
        self.states = states;
        let mut logits = numbers(logits);
        let rows = logits.chunks_exact_mut(self.network.vocabulary()).zip(&mut self.random).enumerate();
        self.unread = rows
            .map(|(text, (row, random))| {
                change(text, row);
                self.sampling.choose(row, random.random()) as Id
            })
            .collect();
        self.unread.clone()
    }
}

impl Iterator for Writing {
    /// A token of each text.
    type Item = Vec<Id>;

    /// Writes the next token of each text; there is always one.
    fn next(&mut self) -> Option<Vec<Id>> {
        Some(self.choose(|_, _| ()))
    }
}

/// Where a text starts for which there is nothing to go on with.
///
/// What is drawn starts as a new line does, after a line break, where the network knows one: it has seen many of them. What
/// is greedy would always write the same text then, so it starts with a token by chance, as the textbook chapter does
/// it, and so does a network that knows no line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// After a token that is no part of the text.
    After(Id),
    /// With a token that is the text's first one.
    With(Id),
}

impl Opening {
    /// Chooses it.
    pub fn new(vocabulary: &Vocabulary, sampling: Sampling, seed: Seed) -> Self {
        const FIRST: u64 = u64::from_be_bytes(*b"first\0\0\0");
        match vocabulary.id('\n') {
            Some(line_break) if sampling != Sampling::Greedy => Self::After(line_break),
            _ => Self::With(seed.stream(&[FIRST]).random_range(0..vocabulary.len()) as Id),
        }
    }

    /// The token that is read first.
    pub fn id(self) -> Id {
        match self {
            Self::After(id) | Self::With(id) => id,
        }
    }

    /// What of it is text.
    pub fn text(self) -> Option<Id> {
        match self {
            Self::After(_) => None,
            Self::With(id) => Some(id),
        }
    }
}

/// Writes `length` characters from where texts start; a first token by chance comes on top.
pub fn sample_text(
    network: &Network,
    vocabulary: &Vocabulary,
    sampling: Sampling,
    length: usize,
    seed: Seed,
) -> String {
    let prime = Prime::opening(vocabulary, sampling, seed);
    let length = length + prime.text().chars().count();
    let texts = Texts::new(network, vocabulary, &prime, 1, sampling, seed);
    Generation::new(texts, prime.text()).take(length).collect()
}
