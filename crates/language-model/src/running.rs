//! Texts that join and leave while they are written (continuous batching): a step writes a token of each, whatever
//! the others are.

use std::collections::VecDeque;

use burn::tensor::{Int, Tensor, TensorData};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use recurrent_backend::Seed;
use recurrent_cells::{Recurrence, State};
use recurrent_data::text::Id;

use crate::model::LanguageModel;
use crate::network::{States, numbers};
use crate::prime::{Owed, Prime};
use crate::sampling::Sampling;

/// Texts that are written together and join and leave at any time.
///
/// What a text becomes does not depend on the others, to the last bit: a step reads at least twelve rows, so that
/// each is computed in one way, and each text has randomness of its own. A prime text is read a token a step, as
/// others are written meanwhile. That is another way to compute than a [`Writing`](crate::Writing) has, so the last
/// bits of its probabilities are others, and now and then a text of the same seed.
///
/// ```no_run
/// use recurrent_language_model::{LanguageModel, RunningTexts, Sampling, Seed};
///
/// let model = LanguageModel::load("runs/novel")?;
/// let mut texts = RunningTexts::new(&model);
/// let prince = texts.join(&model.prime("Prince ")?, Sampling::default(), Seed(1));
/// texts.step();
/// let other = texts.join(&model.prime("The ")?, Sampling::greedy(), Seed(1));
/// for added in texts.step() {
///     println!("{}: {}", if added.key == prince { "prince" } else { "other" }, added.text);
/// }
/// texts.leave(other);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RunningTexts {
    model: LanguageModel,
    /// Of each row, the empty ones behind the texts included.
    states: States,
    texts: Vec<Text>,
    /// How many rows `states` has.
    rows: usize,
    joined: u64,
}

/// Rows of a step, empty ones included: a step of fewer multiplies in another way, whose last bits are others.
const FEWEST: usize = 12;

/// The name of a text while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextKey(u64);

/// What a step added to a text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Added {
    /// Which text.
    pub key: TextKey,
    /// The characters.
    pub text: String,
    /// How surprising each of them was to the network, in nats: the negative logarithm of its probability before
    /// temperature and narrowing, that of a longer token shared evenly.
    pub nats: Vec<f32>,
}

#[derive(Debug)]
struct Text {
    key: TextKey,
    /// Its row in the states; none before its first step.
    row: Option<usize>,
    /// What is still to be read; never empty between two steps.
    unread: VecDeque<Id>,
    owed: Owed,
    sampling: Sampling,
    random: ChaCha8Rng,
}

impl RunningTexts {
    /// The most texts at once: a step of more is cut among the threads in another way.
    pub const MOST: usize = 128;

    /// None yet.
    pub fn new(model: &LanguageModel) -> Self {
        let states = model.network().layers.zero_state(FEWEST);
        Self { model: model.clone(), states, texts: Vec::new(), rows: FEWEST, joined: 0 }
    }

    /// How many run.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether none runs.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Begins a text, which goes on from `prime` until it [leaves](Self::leave).
    ///
    /// # Panics
    /// [`MOST`](Self::MOST) are running, or `prime` is of another vocabulary.
    pub fn join(&mut self, prime: &Prime, sampling: Sampling, seed: Seed) -> TextKey {
        assert!(self.len() < Self::MOST, "no room for another text");
        let vocabulary = self.model.vocabulary().len();
        assert!(prime.ids.iter().all(|id| (*id as usize) < vocabulary), "a prime text of this vocabulary");
        let key = TextKey(self.joined);
        self.joined += 1;
        self.texts.push(Text {
            key,
            row: None,
            unread: prime.ids.iter().copied().collect(),
            owed: prime.owed.clone(),
            sampling,
            random: seed.stream(&[0]),
        });
        key
    }

    /// Ends a text, where it runs.
    pub fn leave(&mut self, key: TextKey) {
        self.texts.retain(|text| text.key != key);
    }

    /// Reads or writes a token of each text. Returns what was added to those that had something to write.
    pub fn step(&mut self) -> Vec<Added> {
        if self.texts.is_empty() {
            return Vec::new();
        }
        self.arrange();
        let mut ids: Vec<Id> = self.texts.iter_mut().filter_map(|text| text.unread.pop_front()).collect();
        ids.resize(self.rows, 0);
        let (logits, states) = self.model.network().step(&ids, std::mem::take(&mut self.states));
        self.states = states;
        let logits = numbers(logits);
        let vocabulary = self.model.vocabulary();
        let rows = self.texts.iter_mut().zip(logits.chunks_exact(vocabulary.len()));
        let writing = rows.filter(|(text, _)| text.unread.is_empty());
        writing.map(|(text, logits)| text.write(logits, |id| vocabulary.decode(&[id]))).collect()
    }

    /// Gives each text the row at its place: newcomers and empty rows begin from zeros.
    fn arrange(&mut self) {
        let rows = self.texts.len().max(FEWEST);
        if rows == self.rows && self.texts.iter().enumerate().all(|(place, text)| text.row == Some(place)) {
            return;
        }
        let zeros = self.rows;
        let from: Vec<i64> = (0..rows)
            .map(|place| self.texts.get(place).and_then(|text| text.row).unwrap_or(zeros) as i64)
            .collect();
        let network = self.model.network();
        let from = Tensor::<1, Int>::from_data(TensorData::new(from, [rows]), &network.device());
        let of =
            |state: Tensor<2>, zeros: Tensor<2>| Tensor::cat(vec![state, zeros], 0).select(0, from.clone());
        let states = std::mem::take(&mut self.states).into_iter().zip(network.layers.zero_state(1));
        self.states = states
            .map(|(state, zeros)| State {
                output: of(state.output, zeros.output),
                memory: state.memory.zip(zeros.memory).map(|(memory, zeros)| of(memory, zeros)),
            })
            .collect();
        self.rows = rows;
        for (place, text) in self.texts.iter_mut().enumerate() {
            text.row = Some(place);
        }
    }
}

impl Text {
    /// Chooses the next token by its logits.
    fn write(&mut self, logits: &[f32], decode: impl Fn(Id) -> String) -> Added {
        let random = self.random.random();
        let place = if self.owed.is_empty() {
            self.sampling.choose(logits, random)
        } else {
            let narrowed: Vec<f32> = (0..)
                .zip(logits)
                .map(|(id, logit)| if self.owed.allows(&decode(id)) { *logit } else { f32::NEG_INFINITY })
                .collect();
            self.sampling.choose(&narrowed, random)
        };
        let id = place as Id;
        self.unread.push_back(id);
        let token = decode(id);
        let text = self.owed.pay(&token).to_owned();
        let share = (surprise(logits, place) / token.chars().count() as f64) as f32;
        Added { key: self.key, nats: vec![share; text.chars().count()], text }
    }
}

/// The negative logarithm of the probability at a place.
fn surprise(logits: &[f32], place: usize) -> f64 {
    let highest = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let sum: f64 = logits.iter().map(|logit| (f64::from(*logit) - highest).exp()).sum();
    (sum.ln() + highest - f64::from(logits[place])).max(0.0)
}
