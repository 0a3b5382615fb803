//! A language model: the network with another head, which instead of a review's score predicts the word after each word and,
//! where it reads in both directions, the word before it.

use burn::{
    module::{Module, Param},
    tensor::Tensor,
};
use recurrent_backend::Seed;
use recurrent_cells::{Mask, Pass, Recurrence};
use recurrent_data::reviews::{PADDING, Padded, START};
use recurrent_exchange::AnyLayer;
use recurrent_train::{Loss, Model};

use super::candidates::{Candidates, Frequencies};
use super::question::Question;
use crate::reading::Reading;
use crate::tensors::{features_of, floats, indices, matrix};

/// A network that predicts words: the forward layer each next one, the reverse layer, where there is one, each one before.
#[derive(Module, Debug)]
pub struct LanguageModel {
    /// The features of each word index, `[words, embedding]`.
    pub embedding: Param<Tensor<2>>,
    /// The first layer. Above it, each direction would see what the other is to predict.
    pub layer: AnyLayer,
    /// The output embedding of each word, for each direction, `[words, hidden]`.
    pub kernel: Param<Tensor<2>>,
    /// How likely each word is anywhere, as a logarithm, `[words]`.
    pub bias: Param<Tensor<1>>,
    #[module(skip)]
    reading: Reading,
}

/// Reviews, and the words whose scores stand for those of all.
#[derive(Clone, Debug)]
pub struct WordBatch {
    /// The reviews.
    pub reviews: Padded,
    /// The words.
    pub candidates: Candidates,
}

/// Streams of randomness, besides those of the classifier.
const KERNEL: u64 = u64::from_be_bytes(*b"kernel\0\0");
/// The first numbers of the head are uniform within this.
const KERNEL_LIMIT: f32 = 0.05;

impl LanguageModel {
    /// Begins with a classifier's features of words, `[words, embedding]`, and its first layer, and with each word as likely
    /// as it is frequent.
    ///
    /// # Panics
    /// There are not as many frequencies as words.
    pub fn new(
        embedding: Param<Tensor<2>>,
        layer: AnyLayer,
        reading: Reading,
        frequencies: &Frequencies,
        seed: Seed,
    ) -> Self {
        let ([words, _], device) = (embedding.val().dims(), embedding.val().device());
        let shares = frequencies.log_shares();
        assert_eq!(shares.len(), words, "a frequency for each word");
        let kernel = seed.part(&[KERNEL]).uniform(KERNEL_LIMIT, words * layer.directions()[0].d_output());
        Self {
            embedding,
            layer,
            kernel: matrix(kernel, words, &device),
            bias: Param::from_tensor(floats(shares, &device)),
            reading,
        }
    }

    /// What predicting a word takes, for `words` after a state each, `[words, hidden]`.
    fn question(&self, states: Tensor<2>, words: &[u32], candidates: &Candidates) -> Question {
        let device = states.device();
        let weight = |word: &u32| candidates.weights[*word as usize];
        let drawn = indices(&candidates.words, &device);
        let log_weights = floats(candidates.words.iter().map(|word| weight(word).ln()).collect(), &device);
        let asked = indices(words, &device);
        let own =
            (states.clone() * self.kernel.val().select(0, asked.clone())).sum_dim(1).squeeze_dim::<1>(1);
        Question {
            states,
            kernel: self.kernel.val().select(0, drawn.clone()),
            bias: self.bias.val().select(0, drawn) + log_weights,
            own: own + self.bias.val().select(0, asked),
            // The word itself counts for 1, whatever it counts for among the candidates.
            rest: words.iter().map(|word| 1.0 - weight(word)).collect(),
            counts: words.iter().map(|word| f32::from(*word > START)).collect(),
        }
    }
}

impl Model for LanguageModel {
    type Batch = WordBatch;
    type Carry = ();

    /// The mean negative log-likelihood over both directions and all words but the reviews' starts, in nats, as the candidates
    /// estimate it. Nothing is dropped.
    fn loss(&self, batch: WordBatch, _carry: Option<()>, _pass: recurrent_train::Pass) -> Loss<()> {
        let WordBatch { reviews, candidates } = batch;
        let (rows, time) = (reviews.lengths.len(), reviews.time);
        let mask = Mask::from_rows(&self.reading.real_steps(&reviews), time);
        let words = features_of(&self.embedding, &reviews);
        let (outputs, _) = self.layer.sequence(words, None, &Pass::evaluation().with_mask(mask));
        let directions = self.layer.directions().len();
        let hidden = outputs.dims()[2] / directions;
        let half = |from: usize, first: usize| {
            let steps = outputs.clone().slice([0..rows, from..from + time - 1, first..first + hidden]);
            steps.reshape([rows * (time - 1), hidden])
        };

        let after = predicted(&reviews, 1, 0);
        let before = predicted(&reviews, 0, 1);
        let asked = after.iter().chain(before.iter().filter(|_| directions == 2));
        let counted = asked.filter(|word| **word > START).count();
        let surprise = |states, words: &[u32]| self.question(states, words, &candidates).surprise();
        let mut sum = surprise(half(0, 0), &after);
        if directions == 2 {
            sum = sum + surprise(half(1, hidden), &before);
        }
        Loss::new(sum / counted.max(1) as f64, counted)
    }
}

/// The words that the states from `seen` on are to predict, which are those from `asked` on, in each review; padding where
/// the state is one of padding, after which there is nothing to predict.
fn predicted(reviews: &Padded, asked: usize, seen: usize) -> Vec<u32> {
    const { assert!(PADDING < START) };
    let steps = reviews.time - 1;
    let pairs = reviews
        .numbers
        .chunks(reviews.time)
        .flat_map(|row| row[asked..].iter().zip(&row[seen..]).take(steps));
    pairs.map(|(word, from)| if *from == PADDING { PADDING } else { *word }).collect()
}
