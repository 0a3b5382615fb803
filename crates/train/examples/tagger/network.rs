//! The network, which turns words into numbers itself, and the batches that it learns from.

use std::collections::{BTreeSet, HashMap};

use burn::{
    module::{Module, Param},
    tensor::{Device, Int, Tensor, TensorData, activation::log_softmax},
};
use recurrent_backend::Seed;
use recurrent_cells::{Bidirectional, BidirectionalConfig, Cell, Mask, Recurrence, RecurrentConfig, dropout};
use recurrent_train::{Batches, Loss, Model, Pass, shuffled_order};

use super::conll::Sentence;

pub(crate) const BATCH: usize = 32;
const EMBEDDING: usize = 64;
const HIDDEN: usize = 64;
const DROPOUT: f64 = 0.2;
/// The numbers of unknown words are below this: small ones, and those with a capital.
const UNKNOWN: i64 = 2;

/// Gives each word of a sentence a tag: an embedding, a bidirectional LSTM, and a dense layer.
#[derive(Module, Debug)]
pub struct Tagger {
    /// `[words, embedding]`.
    embedding: Param<Tensor<2>>,
    lstm: Bidirectional,
    /// `[2 * hidden, tags]`.
    kernel: Param<Tensor<2>>,
    #[module(skip)]
    words: HashMap<String, i64>,
    #[module(skip)]
    tags: Vec<String>,
}

impl Tagger {
    /// A tagger that knows the words that occur twice, and the tags; its weights are drawn from the seed.
    pub fn new(sentences: &[Sentence], seed: Seed, device: &Device) -> Self {
        let mut words: Vec<_> = sentences.iter().flat_map(|it| it.words.clone()).collect();
        words.sort();
        let known = words.chunk_by(|one, next| one == next).filter(|same| same.len() > 1);
        let words: HashMap<_, _> = known.map(|same| same[0].clone()).zip(UNKNOWN..).collect();
        let tags: BTreeSet<_> = sentences.iter().flat_map(|it| it.tags.clone()).collect();
        let uniform = |key: u64, rows: usize, columns: usize, limit: f32| {
            let numbers = seed.part(&[key]).uniform(limit, rows * columns);
            Param::from_data(TensorData::new(numbers, [rows, columns]), device)
        };
        let layer = RecurrentConfig::new(Cell::Lstm, EMBEDDING, HIDDEN).with_input_dropout(DROPOUT);
        Self {
            embedding: uniform(0, words.len() + UNKNOWN as usize, EMBEDDING, 0.1),
            lstm: BidirectionalConfig::new(layer).init(seed.part(&[1]), device),
            kernel: uniform(2, 2 * HIDDEN, tags.len(), 0.2),
            words,
            tags: tags.into_iter().collect(),
        }
    }

    /// The scores of the tags, `[words, tags]`, for each word of all the sentences in turn; with a seed, in training.
    fn scores(&self, sentences: &[Sentence], seed: Option<Seed>) -> Tensor<2> {
        let device = self.kernel.val().device();
        let lengths: Vec<_> = sentences.iter().map(|sentence| sentence.words.len()).collect();
        let (batch, time) = (lengths.len(), lengths.iter().copied().max().unwrap_or(0));
        let (mut words, mut real) = (vec![0; batch * time], Vec::new());
        for (row, sentence) in sentences.iter().enumerate() {
            for (word, place) in sentence.words.iter().zip(row * time..) {
                let unknown = i64::from(word.starts_with(char::is_uppercase));
                words[place] = self.words.get(word).copied().unwrap_or(unknown);
                real.push(place as i64);
            }
        }
        let [words, real] = [words, real].map(|it| Tensor::<1, Int>::from_data(it.as_slice(), &device));
        let words = self.embedding.val().select(0, words);
        let pass = recurrent_cells::Pass::of(seed).with_mask(Mask::from_lengths(&lengths, time));
        let (outputs, _) = self.lstm.sequence(words.reshape([batch, time, EMBEDDING]), None, &pass);
        let outputs = outputs.reshape([batch * time, 2 * HIDDEN]).select(0, real);
        dropout(outputs, DROPOUT, seed.map(|seed| seed.part(&[2]))).matmul(self.kernel.val())
    }

    /// The likeliest tag of each word of each sentence.
    pub fn tag(&self, sentences: &[Sentence]) -> Vec<Vec<String>> {
        let with_words = |part: &&[Sentence]| part.iter().any(|sentence| !sentence.words.is_empty());
        let parts = sentences.chunks(BATCH).filter(with_words);
        let likeliest = parts.map(|part| self.scores(part, None).argmax(1).into_data());
        let numbers = likeliest.flat_map(|numbers| numbers.iter::<i64>().collect::<Vec<_>>());
        let mut tags = numbers.map(|number| self.tags[number as usize].clone());
        sentences.iter().map(|it| tags.by_ref().take(it.words.len()).collect()).collect()
    }
}

impl Model for Tagger {
    type Batch = Vec<Sentence>;
    type Carry = ();

    /// The mean cross-entropy of the tags, in nats. A tag that was not there to learn from counts as the first one.
    fn loss(&self, batch: Vec<Sentence>, _carry: Option<()>, pass: Pass) -> Loss<()> {
        let scores = self.scores(&batch, pass.seed());
        let number = |tag: &String| self.tags.iter().position(|known| known == tag).unwrap_or(0) as i64;
        let tags: Vec<_> = batch.iter().flat_map(|sentence| &sentence.tags).map(number).collect();
        let truth = Tensor::<1, Int>::from_data(tags.as_slice(), &scores.device());
        let loss = -log_softmax(scores, 1).gather(1, truth.unsqueeze_dim(1)).mean();
        Loss::new(loss, tags.len())
    }
}

/// Sentences in batches, in another order each epoch.
pub struct Shuffled<'a>(pub &'a [Sentence], pub Seed);

impl Batches for Shuffled<'_> {
    type Batch = Vec<Sentence>;

    fn steps_per_epoch(&self) -> usize {
        self.0.len().div_ceil(BATCH)
    }

    fn batch(&self, epoch: usize, step: usize) -> Vec<Sentence> {
        let order = shuffled_order(self.0.len(), self.1, epoch);
        order.iter().skip(step * BATCH).take(BATCH).map(|place| self.0[*place].clone()).collect()
    }
}
