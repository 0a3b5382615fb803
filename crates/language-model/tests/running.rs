//! Texts that join and leave a batch are those that would be written alone, to the last bit.

mod common;

use std::collections::BTreeMap;

use common::{device, shape, text, trained};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use recurrent_cells::Recurrence;
use recurrent_data::text::{Corpus, Text, TextFractions, Tokens};
use recurrent_language_model::{
    CellKind, LanguageModel, Network, NetworkSettings, Prime, Reading, RunningTexts, Sampling, Seed,
    Settings, TextKey,
};

/// What was written, and the bits of its surprises.
type Written = (String, Vec<u32>);

struct Asked {
    prime: Prime,
    sampling: Sampling,
    seed: Seed,
    steps: usize,
}

impl Asked {
    fn by_chance(model: &LanguageModel, random: &mut ChaCha8Rng) -> Self {
        let seed = Seed(random.random_range(0..1000));
        let sampling = match random.random_range(0..3) {
            0 => Sampling::greedy(),
            1 => Sampling::default().temperature(0.3).top_k(5),
            _ => Sampling::default().temperature(1.5),
        };
        let primes = ["T", "The 3 do", "The 4 dog sees 2.\nThe", "The 0 dog hears 1.\nThe 1 dog seeks 2.\n"];
        let prime = match random.random_range(0..5) {
            4 => Prime::opening(model.vocabulary(), sampling, seed),
            place => model.prime(primes[place]).unwrap(),
        };
        Self { prime, sampling, seed, steps: random.random_range(1..60) }
    }

    fn alone(&self, model: &LanguageModel) -> Written {
        let mut texts = RunningTexts::new(model);
        let key = texts.join(&self.prime, self.sampling, self.seed);
        let mut written = Written::default();
        for _ in 0..self.steps {
            take(&mut written, &mut texts, key);
        }
        written
    }
}

fn take(written: &mut Written, texts: &mut RunningTexts, key: TextKey) {
    for added in texts.step() {
        assert_eq!(added.key, key);
        put(written, &added.text, &added.nats);
    }
}

fn put(written: &mut Written, text: &str, nats: &[f32]) {
    assert_eq!(text.chars().count(), nats.len());
    assert!(nats.iter().all(|nats| *nats >= 0.0 && nats.is_finite()));
    written.0 += text;
    written.1.extend(nats.iter().map(|nats| nats.to_bits()));
}

/// Texts that come and go, up to `most` at once.
fn together(model: &LanguageModel, asked: &[Asked], most: usize, random: &mut ChaCha8Rng) -> Vec<Written> {
    let mut texts = RunningTexts::new(model);
    let mut written = vec![Written::default(); asked.len()];
    let (mut waiting, mut running) = (0..asked.len(), BTreeMap::<TextKey, (usize, usize)>::new());
    loop {
        while running.len() < most && random.random_range(0..3) > 0 {
            let Some(place) = waiting.next() else { break };
            let key = texts.join(&asked[place].prime, asked[place].sampling, asked[place].seed);
            running.insert(key, (place, asked[place].steps));
        }
        assert_eq!(texts.len(), running.len());
        for added in texts.step() {
            put(&mut written[running[&added.key].0], &added.text, &added.nats);
        }
        running.retain(|key, (_, steps)| {
            *steps -= 1;
            if *steps == 0 {
                texts.leave(*key);
            }
            *steps > 0
        });
        if running.is_empty() && waiting.is_empty() {
            return written;
        }
    }
}

fn assert_alike(model: &LanguageModel, count: usize, seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let asked: Vec<Asked> = (0..count).map(|_| Asked::by_chance(model, &mut random)).collect();
    let alone: Vec<Written> = asked.iter().map(|asked| asked.alone(model)).collect();
    for most in [3, 30, RunningTexts::MOST] {
        for (place, found) in together(model, &asked, most, &mut random).iter().enumerate() {
            assert!(*found == alone[place], "text {place} of {count}, {most} at once, seed {seed}");
        }
    }
    assert!(alone.iter().any(|written| written.0.len() > 10));
}

#[test]
fn the_others_change_no_bit() {
    let text = text(60);
    for (cell, hidden, layers) in
        [(CellKind::Lstm, 37, 2), (CellKind::Gru, 64, 1), (CellKind::Vanilla, 19, 1)]
    {
        let shape = shape(cell, hidden, layers);
        let network = trained(&shape, &text, 20, 1);
        let model = LanguageModel::new(Settings::new(shape, text.vocabulary().clone()), network);
        assert_alike(&model, 150, hidden as u64);
    }
}

#[test]
fn subwords_that_are_owed_change_no_bit_either() {
    let characters = text(120);
    let corpus = Corpus::from_string("text", characters.vocabulary().decode(characters.ids())).unwrap();
    let fractions = TextFractions { validation: 0.1, test: 0.1 };
    let text = Text::learning(corpus.split(fractions).unwrap(), Tokens::Subwords, None).unwrap();
    let shape = NetworkSettings { reading: Reading::Tied, ..shape(CellKind::Lstm, 24, 1) };
    let network = Network::new(&shape, text.vocabulary().len(), Seed(3), &device());
    let model = LanguageModel::new(Settings::new(shape, text.vocabulary().clone()), network);
    assert_alike(&model, 40, 1);
    // The text goes on within the word.
    let mut texts = RunningTexts::new(&model);
    texts.join(&model.prime("The 3 do").unwrap(), Sampling::default(), Seed(1));
    let written: String = (0..20).flat_map(|_| texts.step()).map(|added| added.text).collect();
    let again: String = model.generate("The 3 do", &Sampling::default(), 1).unwrap().take(10).collect();
    assert!(written.starts_with(&again), "{written:?} is not {again:?}");
}

#[test]
fn a_greedy_text_is_that_of_the_handle() {
    let text = text(200);
    let shape = shape(CellKind::Lstm, 33, 1);
    let network = trained(&shape, &text, 30, 4);
    assert_eq!(network.layers.d_output(), 33);
    let model = LanguageModel::new(Settings::new(shape, text.vocabulary().clone()), network);
    let prime = "The 3 dog s";
    let mut texts = RunningTexts::new(&model);
    texts.join(&model.prime(prime).unwrap(), Sampling::greedy(), Seed(0));
    let written: Vec<_> = (0..70).flat_map(|_| texts.step()).collect();
    let shown: String = written.iter().map(|added| added.text.as_str()).collect();
    let expected: String = model.generate(prime, &Sampling::greedy(), 0).unwrap().take(60).collect();
    assert_eq!(shown, expected);
    // Its surprises are those that the text is judged with.
    let score = model.score(&(prime.to_owned() + &expected)).unwrap();
    let judged = &score.characters[prime.chars().count() - 1..];
    for (added, judged) in written.iter().zip(judged) {
        assert!((added.nats[0] - judged.nats).abs() < 1e-3, "{added:?} is judged {judged:?}");
    }
}
