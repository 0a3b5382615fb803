//! `classify`: tells of reviews whether they praise, and which words say so.

mod input;
pub mod occlusion;
pub mod pieces;
mod show;

use std::io::IsTerminal;

use recurrent_data::reviews::{Label, UNKNOWN};
use recurrent_program::{Screen, flags::Format};
use serde::Serialize;

use crate::flags::ClassifyFlags;
use crate::predict::probability;
use crate::saved::Saved;

use input::Review;
use occlusion::{WordEffect, effects};
use show::{Look, Output};

/// What is said of a review: a line of JSON.
#[derive(Serialize)]
struct Verdict {
    /// Its line; absent for one that was given as an argument.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The likelier class.
    label: Label,
    /// The probability that it is positive.
    probability: f64,
    /// How many words it has.
    words: usize,
    /// How many of them the model knows.
    known: usize,
    /// What each word did to the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Vec<WordEffect>>,
}

/// Reviews that are classified at once: enough to sort by length, few enough to see results soon.
const CHUNK: usize = 4096;

/// Classifies and prints, in the order of the reviews.
///
/// # Errors
/// The run or a review cannot be read, or standard output cannot be written. Nothing is printed of reviews of which one
/// cannot be read.
pub fn classify(flags: &ClassifyFlags, screen: &Screen) -> Result<(), crate::Failure> {
    let saved = Saved::read(&flags.run, flags.common.backend)?;
    let reviews = input::read(flags)?;
    let single = reviews.iter().all(|review| review.line.is_none());
    let mut output = Output::new(match (flags.common.format, single) {
        (Format::Json, _) => Look::Json,
        (Format::Text, true) => Look::One,
        (Format::Text, false) => Look::Many,
    });
    if flags.common.format == Format::Text && !single && std::io::stdout().is_terminal() {
        screen.note("label, probability of being positive, review");
    }
    for reviews in reviews.chunks(CHUNK) {
        for (review, verdict) in reviews.iter().zip(verdicts(&saved, reviews, flags.explain || single)) {
            output.add(&verdict, &review.text)?;
        }
        if !output.flush()? {
            break;
        }
    }
    Ok(())
}

fn verdicts(saved: &Saved, reviews: &[Review], explain: bool) -> Vec<Verdict> {
    let indices: Vec<Vec<u32>> = reviews.iter().map(|review| saved.indices(&review.text)).collect();
    let rows: Vec<&[u32]> = indices.iter().map(Vec::as_slice).collect();
    let scores = saved.scorer.scores(&rows);
    let verdict = |((review, indices), score): ((&Review, &Vec<u32>), f32)| {
        // The first index is the start's.
        let words = &indices[1..];
        Verdict {
            line: review.line,
            label: if score > 0.0 { Label::Positive } else { Label::Negative },
            probability: probability(score),
            words: words.len(),
            known: words.iter().filter(|index| **index != UNKNOWN).count(),
            explanation: explain.then(|| effects(&saved.scorer, indices, &review.text)),
        }
    };
    reviews.iter().zip(&indices).zip(scores).map(verdict).collect()
}
