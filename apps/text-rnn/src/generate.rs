//! `generate`: writes text with a run's model, one step a character, the state carried on.

use rand::RngExt;
use recurrent_backend::Seed;
use recurrent_cells::{Pass, Recurrence};
use recurrent_data::text::{Case, Id, Vocabulary};
use recurrent_program::{Screen, Unshown, flags::Format, show};
use serde::Serialize;

use crate::PROGRAM;
use crate::flags::GenerateFlags;
use crate::model::{States, Writer};
use crate::saved::Saved;
use crate::score::numbers;
use crate::strategy::Strategy;

/// Several texts that are written side by side, a character of each at a time.
///
/// The same seed writes the same texts; each has randomness of its own, so that the first of four is the one that would be
/// written alone.
pub struct Writing<'a> {
    model: &'a Writer,
    strategy: Strategy,
    states: States,
    /// The logits of the next characters, row after row.
    logits: Vec<f32>,
    random: Vec<Box<dyn FnMut() -> f64>>,
}

impl<'a> Writing<'a> {
    /// Reads `prime`, which is not empty, for each of `samples` texts.
    ///
    /// # Panics
    /// `prime` is empty or `samples` is 0.
    pub fn new(model: &'a Writer, prime: &[Id], samples: usize, strategy: Strategy, seed: Seed) -> Self {
        assert!(samples > 0 && !prime.is_empty(), "a text goes on from at least one character");
        let mut states = model.layers.zero_state(samples);
        // In stretches, so that memory does not grow with the prime text.
        let (last, before) = prime.split_last().expect("a character");
        for stretch in before.chunks(1024) {
            let ids: Vec<i64> = (0..samples).flat_map(|_| stretch).map(|id| i64::from(*id)).collect();
            let ids = model.place(ids, [samples, stretch.len()]);
            states = model.layers.sequence(ids, Some(states), &Pass::evaluation()).1;
        }
        let random = (0..samples as u64).map(|row| {
            let mut stream = seed.stream(&[row]);
            Box::new(move || stream.random::<f64>()) as Box<dyn FnMut() -> f64>
        });
        let random = random.collect();
        let mut writing = Self { model, strategy, states, logits: Vec::new(), random };
        writing.read(&vec![*last; samples]);
        writing
    }

    fn read(&mut self, ids: &[Id]) {
        let states = std::mem::take(&mut self.states);
        let (logits, states) = self.model.step(ids, states);
        self.states = states;
        self.logits = numbers(logits);
    }
}

impl Iterator for Writing<'_> {
    /// A character of each text.
    type Item = Vec<Id>;

    /// Writes the next character of each text; there is always one.
    fn next(&mut self) -> Option<Vec<Id>> {
        let rows = self.logits.chunks_exact(self.model.vocabulary()).zip(&mut self.random);
        let ids: Vec<Id> = rows.map(|(row, random)| self.strategy.choose(row, random()) as Id).collect();
        self.read(&ids);
        Some(ids)
    }
}

/// Writes `length` characters after a prime text.
pub fn written(model: &Writer, prime: &[Id], length: usize, strategy: Strategy, seed: Seed) -> Vec<Id> {
    Writing::new(model, prime, 1, strategy, seed).take(length).flatten().collect()
}

/// A character to begin with: any of the vocabulary, as the chapter does it.
pub fn first_character(vocabulary: &Vocabulary, seed: Seed) -> Id {
    const FIRST: u64 = u64::from_be_bytes(*b"first\0\0\0");
    seed.stream(&[FIRST]).random_range(0..vocabulary.len()) as Id
}

#[derive(Serialize)]
struct Generation {
    program: &'static str,
    run: String,
    seed: u64,
    strategy: Strategy,
    prime: String,
    samples: Vec<Sample>,
}

#[derive(Clone, Default, Serialize)]
struct Sample {
    /// What was written after the prime text.
    text: String,
    /// Whether the stop text ended it.
    stopped: bool,
}

/// Writes, and prints as it goes where it is one text for people.
///
/// # Errors
/// The run cannot be read, the prime text has a character that the model does not know, or standard output cannot be
/// written.
pub fn generate(flags: &GenerateFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let saved = Saved::read(&flags.run, flags.common.backend)?;
    let seed = Seed(flags.seed);
    let (prime, stop) = (prime(flags, &saved, seed)?, stop(flags, &saved)?);
    let strategy = flags.chosen();
    let writing = Writing::new(&saved.model, &prime, flags.samples, strategy, seed);
    let streams = flags.common.format == Format::Text && flags.samples == 1;
    let spoken = saved.vocabulary.decode(&prime);
    let mut shown = Stream { on: streams, closed: false };
    shown.show(&spoken)?;
    let mut samples = vec![Sample::default(); flags.samples];
    for ids in writing.take(flags.length) {
        for (sample, id) in samples.iter_mut().zip(ids) {
            if sample.stopped {
                continue;
            }
            let character = saved.vocabulary.decode(&[id]);
            shown.show(&character)?;
            sample.text += &character;
            sample.stopped = stop.as_ref().is_some_and(|stop| sample.text.ends_with(stop));
        }
        if shown.closed || samples.iter().all(|sample| sample.stopped) {
            break;
        }
    }
    if streams {
        return Ok(shown.show("\n")?);
    }
    let text = titled(&spoken, &samples);
    let run = flags.run.display().to_string();
    let generation = Generation { program: PROGRAM, run, seed: flags.seed, strategy, prime: spoken, samples };
    screen.result(&generation, &text)
}

fn titled(prime: &str, samples: &[Sample]) -> String {
    let all = samples.iter().enumerate();
    let texts =
        all.map(|(i, sample)| format!("--- {} of {} ---\n{prime}{}\n", i + 1, samples.len(), sample.text));
    texts.collect::<Vec<_>>().join("\n")
}

/// What an option says, as the model's text was read: the line ends of one kind, and small letters where it has no others.
fn as_read(text: &str, case: Case) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    match case {
        Case::Keep => text,
        Case::Lower => text.to_lowercase(),
    }
}

/// The stop text, of which every character has to be one that the model can write.
fn stop(flags: &GenerateFlags, saved: &Saved) -> Result<Option<String>, Unknown> {
    let Some(text) = &flags.stop else { return Ok(None) };
    let text = as_read(text, saved.settings.read.case);
    match saved.vocabulary.encode(&text) {
        Ok(_) => Ok(Some(text)),
        Err(fault) => Err(Unknown("stop", fault.into())),
    }
}

fn prime(flags: &GenerateFlags, saved: &Saved, seed: Seed) -> Result<Vec<Id>, Unknown> {
    let vocabulary = &saved.vocabulary;
    let Some(text) = &flags.prime else { return Ok(vec![first_character(vocabulary, seed)]) };
    let text = &as_read(text, saved.settings.read.case);
    match flags.replace {
        Some(replacement) => {
            vocabulary.encode_replacing(text, replacement).map_err(|fault| Unknown("replace", fault.into()))
        }
        None => vocabulary.encode(text).map_err(|fault| {
            Unknown("prime", format!("{fault}; `--replace CHAR` reads CHAR in its place").into())
        }),
    }
}

/// An option's text holds a character that the model does not know.
#[derive(Debug, thiserror::Error)]
#[error("`--{0}`: {1}")]
struct Unknown(&'static str, crate::Failure);

/// Text that is shown while it is written.
struct Stream {
    on: bool,
    /// Whether the reader is gone, as after `| head`: a reason to stop, no error.
    closed: bool,
}

impl Stream {
    fn show(&mut self, text: &str) -> Result<(), Unshown> {
        if !self.on || self.closed {
            return Ok(());
        }
        self.closed = !show(text)?;
        Ok(())
    }
}
