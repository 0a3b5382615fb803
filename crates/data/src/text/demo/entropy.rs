//! The demo grammar's entropy, in closed form.

use super::grammar::{
    ADJECTIVE, ADJECTIVES, ADVERB, ADVERBS, ASIDE, ASIDES, FULL_STOP, INTERJECTION, INTERJECTIONS, NOUNS,
    VERBS,
};

/// The entropy of the demo text in nats per character: the least mean loss that any model can reach on it.
///
/// A text has one derivation, so the entropy of a sentence is that of the choices in it, and by the law of large numbers
/// the entropy per character is that of a sentence divided by its mean length (the strings of one choice never begin one
/// another, so nothing is lost between choices and characters). With a the probability that a clause holds another, and H
/// and L the entropy and mean length of a clause without that one,
///
/// ```text
/// h = H + a h        entropy of a clause with all that is in it:   h = H / (1 - a)
/// l = L + a l        its mean length:                              l = L / (1 - a)
/// ```
///
/// and a sentence is a clause and `.\n`: the result is h / (l + 2). The parts of H, where b(p) is the entropy of a coin
/// of probability p:
///
/// ```text
/// H =   b(adjective) + adjective ln 6                                 whether, and which
///     + ln 12 + ln 2                                                  noun and number
///     + b(aside) + aside (ln 2 + b(interjection))                     whether, which brackets, and what in them
///     + aside interjection ln 4                                       which interjection
///     + ln 8                                                          verb; its number follows from the noun's
///     + b(adverb) + adverb ln 4                                       whether, and which
/// ```
pub fn demo_entropy() -> f64 {
    let entropy = coin(ADJECTIVE)
        + ADJECTIVE * ln(ADJECTIVES.len())
        + ln(2 * NOUNS.len())
        + coin(ASIDE)
        + ASIDE * (ln(ASIDES.len()) + coin(INTERJECTION) + INTERJECTION * ln(INTERJECTIONS.len()))
        + ln(VERBS.len())
        + coin(ADVERB)
        + ADVERB * ln(ADVERBS.len());
    let brackets = ASIDES.iter().map(|(open, close)| open.len() + close.len()).sum::<usize>() as f64
        / ASIDES.len() as f64;
    // Of noun and verb, one has an `s`: the plural noun or the singular verb.
    let words = mean_length(&NOUNS) + mean_length(&VERBS) + "s".len() as f64;
    let length = "the ".len() as f64
        + ADJECTIVE * (mean_length(&ADJECTIVES) + 1.0)
        + words
        + " ".len() as f64
        + ASIDE * (brackets + INTERJECTION * mean_length(&INTERJECTIONS))
        + ADVERB * (mean_length(&ADVERBS) + 1.0);
    let others = 1.0 - ASIDE * (1.0 - INTERJECTION);
    (entropy / others) / (length / others + FULL_STOP.len() as f64)
}

/// The entropy of a coin.
fn coin(probability: f64) -> f64 {
    let other = 1.0 - probability;
    -probability * probability.ln() - other * other.ln()
}

fn ln(count: usize) -> f64 {
    (count as f64).ln()
}

fn mean_length(words: &[&str]) -> f64 {
    words.iter().map(|word| word.len()).sum::<usize>() as f64 / words.len() as f64
}
