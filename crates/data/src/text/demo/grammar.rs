//! The grammar as one table of choices, so that the generator and the scorer cannot disagree about it.
//!
//! A text is a run of choices among strings. Of the strings to choose from at one place none begins another, so the
//! characters alone tell each choice as soon as it is made: a text has one derivation.

/// Words that stand in their plural with an `s`.
pub(super) const NOUNS: [&str; 12] =
    ["dog", "cat", "hen", "owl", "goat", "frog", "duck", "bear", "mole", "crow", "seal", "toad"];
/// Words that stand in their singular with an `s`.
pub(super) const VERBS: [&str; 8] = ["run", "sing", "wait", "jump", "eat", "hide", "swim", "play"];
pub(super) const ADJECTIVES: [&str; 6] = ["old", "big", "red", "sad", "grey", "tiny"];
pub(super) const ADVERBS: [&str; 4] = ["here", "alone", "again", "well"];
/// What an aside holds, where it is no clause. Short asides let a model learn early that agreement reaches over them.
pub(super) const INTERJECTIONS: [&str; 4] = ["no", "yes", "oh", "hush"];
/// What opens an aside and what closes it.
pub(super) const ASIDES: [(&str, &str); 2] = [("(", ") "), ("\"", "\" ")];
/// What closes a sentence.
pub(super) const FULL_STOP: &str = ".\n";

/// How often a noun has an adjective, a clause an adverb, a subject an aside, and an aside an interjection.
pub(super) const ADJECTIVE: f64 = 0.4;
pub(super) const ADVERB: f64 = 0.5;
pub(super) const ASIDE: f64 = 0.35;
pub(super) const INTERJECTION: f64 = 0.5;

/// The number of a clause's subject, with which its verb agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Singular,
    Plural,
}

/// One string to choose, and what it leads to.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) text: String,
    pub(super) probability: f64,
    then: Then,
}

#[derive(Clone, Copy, Debug)]
enum Then {
    Noun,
    Subject(Number),
    Open(&'static str),
    Verb,
    Close,
}

/// Every list of choices of the grammar.
#[derive(Debug)]
pub(super) struct Grammar {
    start: Vec<Choice>,
    /// After what opens an aside, in the order of `ASIDES`.
    aside: [Vec<Choice>; 2],
    noun: Vec<Choice>,
    /// After the subject, and after its aside; singular, then plural.
    subject: [Vec<Choice>; 2],
    verb: [Vec<Choice>; 2],
    /// After the verb, in the order of `CLOSERS`.
    end: [Vec<Choice>; 3],
}

const CLOSERS: [&str; 3] = [ASIDES[0].1, ASIDES[1].1, FULL_STOP];

impl Grammar {
    pub(super) fn new() -> Self {
        let noun = nouns("");
        let adjectives = ADJECTIVES.map(|word| {
            let probability = ADJECTIVE / ADJECTIVES.len() as f64;
            Choice { text: format!("the {word} "), probability, then: Then::Noun }
        });
        let bare = nouns("the ").into_iter().map(|noun| noun.scaled(1.0 - ADJECTIVE));
        let start: Vec<Choice> = adjectives.into_iter().chain(bare).collect();
        let aside = ASIDES.map(|(_, close)| {
            let clauses = start.iter().cloned().map(|clause| clause.scaled(1.0 - INTERJECTION));
            let interjections = INTERJECTIONS.map(|word| {
                let probability = INTERJECTION / INTERJECTIONS.len() as f64;
                Choice { text: format!("{word}{close}"), probability, then: Then::Close }
            });
            clauses.chain(interjections).collect()
        });
        let verb = [verbs(Number::Singular), verbs(Number::Plural)];
        let subject = [0, 1].map(|number| {
            let asides = ASIDES.map(|(open, close)| {
                let probability = ASIDE / ASIDES.len() as f64;
                Choice { text: open.to_owned(), probability, then: Then::Open(close) }
            });
            let verbs = verb[number].iter().cloned().map(|verb: Choice| verb.scaled(1.0 - ASIDE));
            asides.into_iter().chain(verbs).collect()
        });
        Self { start, aside, noun, subject, verb, end: CLOSERS.map(ends) }
    }

    /// The choices at a place.
    pub(super) fn choices(&self, place: &Place) -> &[Choice] {
        let Some(clause) = place.clauses.last() else { return &self.start };
        let number = match clause.number {
            Number::Singular => 0,
            Number::Plural => 1,
        };
        let closed_by = |close: &str| clause.close == close;
        match place.slot {
            Slot::Start => &self.start,
            Slot::Aside => {
                &self.aside[ASIDES.iter().position(|aside| closed_by(aside.1)).unwrap_or_default()]
            }
            Slot::Noun => &self.noun,
            Slot::Subject => &self.subject[number],
            Slot::Verb => &self.verb[number],
            Slot::End => &self.end[CLOSERS.iter().copied().position(closed_by).unwrap_or_default()],
        }
    }

    /// All lists of choices.
    #[cfg(test)]
    pub(super) fn lists(&self) -> impl Iterator<Item = &[Choice]> {
        let single = [&self.start, &self.noun];
        single
            .into_iter()
            .chain(&self.aside)
            .chain(&self.subject)
            .chain(&self.verb)
            .chain(&self.end)
            .map(Vec::as_slice)
    }
}

/// A place in a text: what comes next, and the clauses that are open, the innermost last.
#[derive(Clone, Debug)]
pub(super) struct Place {
    slot: Slot,
    clauses: Vec<Clause>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Start,
    Aside,
    Noun,
    Subject,
    Verb,
    End,
}

#[derive(Clone, Copy, Debug)]
struct Clause {
    number: Number,
    close: &'static str,
}

impl Place {
    /// The beginning of a sentence.
    pub(super) fn new() -> Self {
        Self { slot: Slot::Start, clauses: vec![Clause { number: Number::Singular, close: FULL_STOP }] }
    }

    /// Whether a sentence has just ended, or none has begun.
    pub(super) fn is_between_sentences(&self) -> bool {
        self.slot == Slot::Start
    }

    /// The place after a choice.
    pub(super) fn take(&mut self, choice: &Choice) {
        self.slot = match choice.then {
            Then::Noun => Slot::Noun,
            Then::Subject(number) => {
                if let Some(clause) = self.clauses.last_mut() {
                    clause.number = number;
                }
                Slot::Subject
            }
            Then::Open(close) => {
                self.clauses.push(Clause { number: Number::Singular, close });
                Slot::Aside
            }
            Then::Verb => Slot::End,
            Then::Close => {
                self.clauses.pop();
                if self.clauses.is_empty() {
                    *self = Self::new();
                    return;
                }
                Slot::Verb
            }
        };
    }
}

impl Choice {
    fn scaled(self, factor: f64) -> Self {
        Self { probability: self.probability * factor, ..self }
    }
}

fn nouns(before: &str) -> Vec<Choice> {
    let probability = 1.0 / (2 * NOUNS.len()) as f64;
    let numbers = [(Number::Singular, ""), (Number::Plural, "s")];
    let forms = NOUNS.iter().flat_map(|word| numbers.map(|(number, ending)| (word, number, ending)));
    forms
        .map(|(word, number, ending)| Choice {
            text: format!("{before}{word}{ending} "),
            probability,
            then: Then::Subject(number),
        })
        .collect()
}

fn verbs(number: Number) -> Vec<Choice> {
    let ending = if number == Number::Singular { "s" } else { "" };
    let probability = 1.0 / VERBS.len() as f64;
    VERBS
        .iter()
        .map(|word| Choice { text: format!("{word}{ending}"), probability, then: Then::Verb })
        .collect()
}

fn ends(close: &str) -> Vec<Choice> {
    let bare = Choice { text: close.to_owned(), probability: 1.0 - ADVERB, then: Then::Close };
    let adverbs = ADVERBS.map(|word| Choice {
        text: format!(" {word}{close}"),
        probability: ADVERB / ADVERBS.len() as f64,
        then: Then::Close,
    });
    std::iter::once(bare).chain(adverbs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_choice_begins_another_and_their_probabilities_add_up() {
        for choices in Grammar::new().lists() {
            let sum: f64 = choices.iter().map(|choice| choice.probability).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{sum}: {choices:?}");
            for (i, one) in choices.iter().enumerate() {
                for (j, other) in choices.iter().enumerate() {
                    assert!(
                        i == j || !one.text.starts_with(&other.text),
                        "`{}` begins `{}`",
                        other.text,
                        one.text
                    );
                }
            }
        }
    }
}
