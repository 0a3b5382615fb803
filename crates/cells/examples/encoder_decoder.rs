//! Many-to-many of different lengths: an encoder reads a word, and a decoder says it backwards, each letter twice. The
//! decoder starts from the encoder's last state. In training it reads the right answer so far (teacher forcing), in use
//! its own: `cargo run -p recurrent-cells --example encoder_decoder`.
#![allow(clippy::print_stdout)] // an example shows its result

use burn::{
    module::{Module, Param},
    optim::{AdamConfig, GradientsParams},
    tensor::{Device, Int, Tensor, TensorData, activation::log_softmax},
};
use rand_chacha::rand_core::Rng;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{Cell, Mask, Pass, Recurrence, Recurrent, RecurrentConfig, Reset, Stepwise};

/// Letters, and one more token of the decoder: nothing said yet, and nothing more to say.
const LETTERS: usize = 5;
const END: i64 = LETTERS as i64;
/// The longest word, and the longest answer with its end.
const LONGEST: usize = 4;
const ANSWER: usize = 2 * LONGEST + 1;
const BATCH: usize = 64;
const HIDDEN: usize = 64;

#[derive(Module, Debug)]
pub(crate) struct Translator {
    encoder: Recurrent,
    decoder: Recurrent,
    head: Param<Tensor<2>>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = BackendKind::Flex.open()?.autodiff();
    let translator = learn(&device);
    let unseen = unseen(200);
    for word in &unseen[..8] {
        println!("{} -> {}", text(word), text(&translator.answer(word, &device)));
    }
    println!("{:.3} of {} words it never saw", translator.accuracy(&unseen, &device), unseen.len());
    Ok(())
}

/// The right answer to a word.
fn right(word: &[i64]) -> Vec<i64> {
    word.iter().rev().flat_map(|letter| [*letter, *letter]).collect()
}

/// Whether a word is kept out of training: a quarter of those of two letters or more.
fn is_kept_out(word: &[i64]) -> bool {
    let key: Vec<_> = word.iter().map(|letter| *letter as u64).collect();
    word.len() > 1 && Seed(3).part(&key).0.is_multiple_of(4)
}

/// Random words without end.
fn words(seed: Seed) -> impl Iterator<Item = Vec<i64>> {
    let mut random = seed.stream(&[]);
    let mut below = move |limit: usize| (random.next_u64() % limit as u64) as usize;
    std::iter::repeat_with(move || {
        let length = 1 + below(LONGEST);
        (0..length).map(|_| below(LETTERS) as i64).collect()
    })
}

/// Words that were kept out of training.
pub(crate) fn unseen(count: usize) -> Vec<Vec<i64>> {
    words(Seed(4)).filter(|word| is_kept_out(word)).take(count).collect()
}

/// Trains on random words.
pub(crate) fn learn(device: &Device) -> Translator {
    let gru = |tokens: usize, seed: Seed| {
        RecurrentConfig::new(Cell::Gru(Reset::After), tokens, HIDDEN).init(seed, device)
    };
    let head = Param::from_tensor(Tensor::zeros([HIDDEN, LETTERS + 1], device));
    let mut model = Translator { encoder: gru(LETTERS, Seed(1)), decoder: gru(LETTERS + 1, Seed(2)), head };
    let mut optimiser = AdamConfig::new().init();
    let mut words = words(Seed(5)).filter(|word| !is_kept_out(word));
    for _ in 0..600 {
        let batch: Vec<_> = words.by_ref().take(BATCH).collect();
        let gradients = GradientsParams::from_grads(model.loss(&batch, device).backward(), &model);
        model = optimiser.step(0.005, model, gradients);
    }
    model
}

impl Translator {
    /// The mean loss of a token of the answers, the decoder reading the right answer so far.
    fn loss(&self, words: &[Vec<i64>], device: &Device) -> Tensor<1> {
        let rows = words.len();
        let (mut heard, mut read, mut said) = (Vec::new(), Vec::new(), Vec::new());
        for word in words {
            heard.extend(word.iter().copied().chain([0; LONGEST]).take(LONGEST));
            let answer: Vec<_> = right(word).into_iter().chain([END; ANSWER]).take(ANSWER).collect();
            read.extend(std::iter::once(END).chain(answer.iter().copied()).take(ANSWER));
            said.extend(answer);
        }
        let tensor = |data: Vec<i64>, width: usize| {
            Tensor::<2, Int>::from_data(TensorData::new(data, [rows, width]), device)
        };
        let lengths: Vec<_> = words.iter().map(Vec::len).collect();
        let padded = Pass::evaluation().with_mask(Mask::from_lengths(&lengths, LONGEST));
        let (_, state) = self.encoder.sequence(tensor(heard, LONGEST), None, &padded);
        let (outputs, _) = self.decoder.sequence(tensor(read, ANSWER), Some(state), &Pass::evaluation());
        let logits = outputs.reshape([rows * ANSWER, HIDDEN]).matmul(self.head.val());
        -log_softmax(logits, 1).gather(1, tensor(said, ANSWER).reshape([rows * ANSWER, 1])).mean()
    }

    /// The decoder's answer, each token the likeliest after the ones it said before.
    pub(crate) fn answer(&self, word: &[i64], device: &Device) -> Vec<i64> {
        let heard = TensorData::new(word.to_vec(), [1, word.len()]);
        let heard = Tensor::<2, Int>::from_data(heard, device);
        let (_, mut state) = self.encoder.sequence(heard, None, &Pass::evaluation());
        let (mut token, mut answer) = (END, Vec::new());
        while answer.len() < ANSWER {
            let (output, next) = self.decoder.step_token(Tensor::from_data([token], device), state);
            state = next;
            token = output.matmul(self.head.val()).argmax(1).into_scalar::<i64>();
            if token == END {
                break;
            }
            answer.push(token);
        }
        answer
    }

    /// The share of words that are answered without a mistake.
    pub(crate) fn accuracy(&self, words: &[Vec<i64>], device: &Device) -> f64 {
        let is_right = |word: &&Vec<i64>| self.answer(word, device) == right(word);
        words.iter().filter(is_right).count() as f64 / words.len() as f64
    }
}

fn text(letters: &[i64]) -> String {
    letters.iter().map(|letter| char::from(b'a' + *letter as u8)).collect()
}
