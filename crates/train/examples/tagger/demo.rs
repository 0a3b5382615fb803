//! Generated sentences whose best score is known. A name alone says nothing of its kind, and neither does one side of it: the
//! word that introduces it and the one that closes say it together, with other words in between.

use rand::{Rng, RngExt, seq::IndexedRandom};
use recurrent_backend::Seed;

use super::conll::Sentence;

/// The share of tags that are replaced by another one, so that no tagger can be right more often than in the others.
pub const NOISE: f64 = 0.05;

const BEFORE: [[&str; 2]; 2] = [["ask", "thank"], ["reach", "leave"]];
const AFTER: [[&str; 2]; 2] = [["again", "today"], ["alone", "first"]];
const KINDS: [[Option<&str>; 2]; 2] = [[Some("PER"), Some("ORG")], [Some("LOC"), None]];
const NAMES: [&str; 8] = ["Jordan", "Paris", "Lincoln", "Madison", "Sydney", "Chelsea", "Austin", "Florence"];
const BETWEEN: [&str; 6] = ["the", "old", "very", "same", "other", "great"];
const TAGS: [&str; 7] = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"];

/// So many sentences, drawn from a seed.
pub fn sentences(seed: Seed, count: u64) -> Vec<Sentence> {
    (0..count).map(|number| sentence(&mut seed.stream(&[number]))).collect()
}

fn sentence(random: &mut impl Rng) -> Sentence {
    let mut words = Vec::new();
    for _ in 0..random.random_range(1..=3) {
        let [before, after] =
            [BEFORE, AFTER].map(|words| *words.as_flattened().choose(random).expect("a word"));
        words.push(before);
        for (choice, least) in [(&BETWEEN[..], 0), (&NAMES, 1), (&BETWEEN, 0)] {
            let count = random.random_range(least..=2);
            words.extend((0..count).filter_map(|_| choice.choose(random)));
        }
        words.push(after);
    }
    let words: Vec<_> = words.into_iter().chain(["."]).map(str::to_owned).collect();
    let mut tags = truth(&words);
    for tag in &mut tags {
        let place = TAGS.iter().position(|known| known == tag).expect("a tag");
        if random.random_bool(NOISE) {
            *tag = TAGS[(place + random.random_range(1..TAGS.len())) % TAGS.len()].to_owned();
        }
    }
    Sentence { words, tags }
}

/// The tags of a generated sentence before some were replaced.
pub fn truth(words: &[String]) -> Vec<String> {
    let side = |sides: &[[&str; 2]; 2], word: &str| sides.iter().position(|side| side.contains(&word));
    let is_name = |word: &String| NAMES.contains(&word.as_str());
    let tag = |at: usize| {
        let before = words[..at].iter().rev().find_map(|word| side(&BEFORE, word))?;
        let after = words[at..].iter().find_map(|word| side(&AFTER, word))?;
        let place = if is_name(&words[at - 1]) { "I" } else { "B" };
        let kind = KINDS[before][after].filter(|_| is_name(&words[at]))?;
        Some(format!("{place}-{kind}"))
    };
    (0..words.len()).map(|at| tag(at).unwrap_or_else(|| "O".to_owned())).collect()
}
