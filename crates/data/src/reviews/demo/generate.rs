//! Makes the demo reviews.

use rand::{RngExt, seq::IndexedRandom};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use sha2::{Digest, Sha256};

use super::label::contrary;
use super::words::{ASIDES, ASSENT, BLAME, DEEDS, DENIAL, OPENINGS, PEOPLE, PLACES, PRAISE, SUBJECTS};
use crate::{
    checksum::hex,
    reviews::{ClassNames, Corpus, Label, Labelled},
};

/// The usual number of demo reviews.
pub const DEMO_REVIEWS: usize = 5000;

/// The most demo reviews.
pub const MAX_DEMO_REVIEWS: usize = 1_000_000;

/// How often a verdict is said by denying its contrary.
const DENIED: f64 = 0.3;

/// Makes `count` reviews: four fifths of them, rounded down, are the training part, the others the test part.
///
/// ```text
/// review  = plot verdict plot verdict plot        the second verdict is the label, the first its contrary
/// verdict = opening subject "was" ("truly" | "not") "," aside "," word "."
/// plot    = no, one or two sentences that judge nothing
/// ```
///
/// as in `Her sister loses a bet during the war. At first the music was truly, to my mind, dull. A thief writes a song near
/// the harbour. In the end the story was not, whatever the poster of the cinema says, stale.` The label hangs on words far
/// apart: a word of judgement, the denial up to nine words before it, and which of the two verdicts comes last.
///
/// Both verdicts are made alike. So for each review there is another, equally likely one of the contrary label, with the two
/// verdicts in the other order and the same words as often each: a model that counts words does no better than guessing,
/// whatever it makes of its counts. A bidirectional LSTM of 16 and 16 units gets above 0.99 of the 1,000 test reviews right
/// after four epochs of 4,000 (an embedding of 16, RMSprop at 0.005, batches of 32). [`demo_label`](super::demo_label) reads the label without error.
///
/// # Panics
///
/// When `count` is below 10 or above [`MAX_DEMO_REVIEWS`].
pub fn demo(seed: u64, count: usize) -> Corpus {
    assert!(
        (10..=MAX_DEMO_REVIEWS).contains(&count),
        "{count} demo reviews; 10 to {MAX_DEMO_REVIEWS} can be made"
    );
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut sha256 = Sha256::new();
    let mut reviews = (0..count).map(|i| {
        // In turns, so that both classes are there in any part.
        let label = Label::BOTH[i % 2];
        let text = review(label, &mut random);
        sha256.update(&text);
        sha256.update("\n");
        (text, label)
    });
    let train: Labelled = reviews.by_ref().take(count / 5 * 4 + count % 5 * 4 / 5).collect();
    let test: Labelled = reviews.collect();
    Corpus {
        name: "demo".to_owned(),
        path: None,
        sha256: hex(sha256),
        train,
        test,
        classes: ClassNames::binary(),
        unlabelled: Vec::new(),
        notes: Vec::new(),
    }
}

fn review(label: Label, random: &mut ChaCha8Rng) -> String {
    let mut sentences = Vec::new();
    plot(&mut sentences, random);
    sentences.push(verdict(OPENINGS[0], contrary(label), random));
    plot(&mut sentences, random);
    sentences.push(verdict(OPENINGS[1], label, random));
    plot(&mut sentences, random);
    let mut text = String::new();
    for sentence in sentences {
        if !text.is_empty() {
            text.push_str(if random.random_bool(0.1) { "<br /><br />" } else { " " });
        }
        text.push_str(&sentence);
    }
    text
}

fn verdict(opening: &str, label: Label, random: &mut ChaCha8Rng) -> String {
    let denied = random.random_bool(DENIED);
    let words = if (label == Label::POSITIVE) == denied { BLAME } else { PRAISE };
    let word = pick(&words, random);
    let (subject, aside) = (pick(&SUBJECTS, random), pick(&ASIDES, random));
    let how = if denied { DENIAL } else { ASSENT };
    format!("{opening} {subject} was {how}, {aside}, {word}.")
}

fn plot(sentences: &mut Vec<String>, random: &mut ChaCha8Rng) {
    for _ in 0..random.random_range(0..3) {
        let (who, what, place) = (pick(&PEOPLE, random), pick(&DEEDS, random), pick(&PLACES, random));
        sentences.push(format!("{who} {what} {place}."));
    }
}

fn pick<'a>(words: &[&'a str], random: &mut ChaCha8Rng) -> &'a str {
    words.choose(random).expect("no list of words is empty")
}
