//! One-to-many: a GRU is told a digit once, and spells its name. In training it reads the letters so far; in use it reads
//! back what it said itself: `cargo run -p recurrent-cells --example one_to_many`.
#![allow(clippy::print_stdout)] // an example shows its result

use burn::{
    module::{Module, Param},
    optim::{AdamConfig, GradientsParams},
    tensor::{Device, Int, Tensor, TensorData, activation::log_softmax},
};
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{Cell, Pass, Recurrence, Recurrent, RecurrentConfig, Reset, Stepwise};

/// The digits' names, by digit.
pub(crate) const NAMES: [&str; 10] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
/// Tokens: the ten digits, the letters, and the end of a name.
const FIRST_LETTER: i64 = 10;
const END: i64 = FIRST_LETTER + 26;
const TOKENS: usize = END as usize + 1;
/// The longest name and its end.
const TIME: usize = 6;
const HIDDEN: usize = 32;

#[derive(Module, Debug)]
pub(crate) struct Speller {
    gru: Recurrent,
    head: Param<Tensor<2>>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = BackendKind::Flex.open()?.autodiff();
    let speller = learn(&device);
    for digit in 0..10 {
        println!("{digit} {}", speller.spell(digit, &device));
    }
    Ok(())
}

/// Trains on all ten names at once.
pub(crate) fn learn(device: &Device) -> Speller {
    let gru = RecurrentConfig::new(Cell::Gru(Reset::After), TOKENS, HIDDEN).init(Seed(1), device);
    let head = Param::from_tensor(Tensor::zeros([HIDDEN, TOKENS], device));
    let mut model = Speller { gru, head };
    let mut optimiser = AdamConfig::new().init();
    for _ in 0..200 {
        let (heard, said) = names(device);
        let (outputs, _) = model.gru.sequence(heard, None, &Pass::evaluation());
        let logits = outputs.reshape([10 * TIME, HIDDEN]).matmul(model.head.val());
        let loss = -log_softmax(logits, 1).gather(1, said.reshape([10 * TIME, 1])).mean();
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = optimiser.step(0.01, model, gradients);
    }
    model
}

/// What is heard, the digit and then the letters, and what is to be said, the letters and then the end; both `[10, TIME]`.
fn names(device: &Device) -> (Tensor<2, Int>, Tensor<2, Int>) {
    let (mut heard, mut said) = (Vec::<i64>::new(), Vec::<i64>::new());
    for (digit, name) in (0..).zip(NAMES) {
        let letters = name.bytes().map(|letter| i64::from(letter - b'a') + FIRST_LETTER);
        let tokens: Vec<_> = std::iter::once(digit).chain(letters).chain([END; TIME]).collect();
        heard.extend(&tokens[..TIME]);
        said.extend(&tokens[1..=TIME]);
    }
    let tensor = |data| Tensor::from_data(TensorData::new(data, [10, TIME]), device);
    (tensor(heard), tensor(said))
}

impl Speller {
    /// Spells a digit's name, each letter the likeliest after the ones before.
    pub(crate) fn spell(&self, digit: i64, device: &Device) -> String {
        let (mut state, mut token, mut name) = (self.gru.zero_state(1), digit, String::new());
        while name.len() < TIME {
            let (output, next) = self.gru.step_token(Tensor::from_data([token], device), state);
            state = next;
            token = output.matmul(self.head.val()).argmax(1).into_scalar::<i64>();
            match u8::try_from(token - FIRST_LETTER) {
                Ok(letter) if letter < 26 => name.push(char::from(b'a' + letter)),
                _ => break, // the end; or a digit, which is no letter
            }
        }
        name
    }
}
