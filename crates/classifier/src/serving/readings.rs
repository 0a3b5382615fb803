//! Whose texts are scored at once.

use recurrent_serve::{Batch, Reply};
use serde::Serialize;

use super::question::{Form, Question, Text};
use crate::classifier::Classifier;
use crate::occlusion::{Occluded, of_words};
use crate::verdict::Verdict;

/// Questions that are answered at once; further ones wait.
const TOGETHER: usize = 64;
/// Texts that are scored in one step, those with a hidden word among them, and words that they may have together.
const TEXTS: usize = 64;
const WORDS: usize = 8_192;

/// Texts that are scored at once, for several who ask.
#[derive(Debug)]
pub struct Readings {
    model: Classifier,
    readings: Vec<Reading>,
}

#[derive(Debug)]
struct Reading {
    question: Question,
    reply: Reply,
    /// The text that is scored next: its number, and that of its form with a hidden word.
    next: (usize, usize),
    /// Of all forms of all texts, in order.
    scores: Vec<f32>,
}

/// The answer to a list.
#[derive(Serialize)]
struct Verdicts {
    verdicts: Vec<Verdict>,
}

impl Readings {
    pub(super) fn new(model: &Classifier) -> Self {
        Self { model: model.clone(), readings: Vec::new() }
    }

    /// Chooses the readings whose next texts are scored, each as often as it has one in the choice: one of each in
    /// turn, so that a long question does not keep a short one waiting.
    fn chosen(&mut self) -> Vec<(usize, Vec<u32>)> {
        let (mut chosen, mut words) = (Vec::new(), 0);
        loop {
            let before = chosen.len();
            for (place, reading) in self.readings.iter_mut().enumerate() {
                let Some((text, form)) = reading.peek() else { continue };
                words += self.model.network().filled_up(text.indices.len());
                if chosen.len() == TEXTS || (words > WORDS && !chosen.is_empty()) {
                    return chosen;
                }
                chosen.push((place, text.form(form)));
                reading.advance();
            }
            if chosen.len() == before {
                return chosen;
            }
        }
    }
}

impl Batch for Readings {
    type Question = Question;

    fn has_room(&self) -> bool {
        self.readings.len() < TOGETHER
    }

    fn join(&mut self, question: Question, reply: Reply) {
        self.readings.push(Reading { question, reply, next: (0, 0), scores: Vec::new() });
    }

    fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    /// Scores some texts of each.
    fn step(&mut self) {
        self.readings.retain(|reading| reading.reply.is_wanted());
        let chosen = self.chosen();
        let texts: Vec<&[u32]> = chosen.iter().map(|(_, text)| text.as_slice()).collect();
        let scorer = self.model.scorer();
        let scores = scorer.scores_each(&texts);
        for ((place, _), scores) in chosen.iter().zip(scores.chunks(scorer.outputs().width())) {
            self.readings[*place].scores.extend_from_slice(scores);
        }
        // Who asked last may be whole already; the order of the others stays.
        for reading in self.readings.extract_if(.., |reading| reading.peek().is_none()) {
            reading.end(&self.model);
        }
        // Whoever was first has been served first once more; next time another is.
        if !self.readings.is_empty() {
            self.readings.rotate_left(1);
        }
    }
}

impl Reading {
    /// The text that is scored next, and in which form.
    fn peek(&self) -> Option<(&Occluded, usize)> {
        let (text, form) = self.next;
        Some((&self.question.texts.get(text)?.occluded, form))
    }

    fn advance(&mut self) {
        let (text, form) = self.next;
        let is_last = form + 1 == self.question.texts[text].occluded.forms();
        self.next = if is_last { (text + 1, 0) } else { (text, form + 1) };
    }

    fn end(self, model: &Classifier) {
        let mut scores = self.scores.as_slice();
        let width = model.scorer().outputs().width();
        let verdicts = self.question.texts.iter().map(|text| {
            let (own, rest) = scores.split_at(text.occluded.forms() * width);
            scores = rest;
            text.verdict(model, own)
        });
        let mut verdicts: Vec<Verdict> = verdicts.collect();
        self.reply.count(verdicts.len());
        match (self.question.form, verdicts.pop()) {
            (Form::One, Some(verdict)) => self.reply.end(verdict),
            (_, last) => {
                verdicts.extend(last);
                self.reply.end(Verdicts { verdicts });
            }
        }
    }
}

impl Text {
    fn verdict(&self, model: &Classifier, scores: &[f32]) -> Verdict {
        let (scorer, occluded) = (model.scorer(), &self.occluded);
        let said = model.said(&occluded.indices, &scores[..scorer.outputs().width()]);
        let effects = self.is_explained.then(|| {
            let effects = occluded.effects(scores, scorer.outputs(), |scores| scorer.explained(scores));
            let (names, tokens) = (&model.settings().classes, model.vocabulary().tokens());
            let of_label =
                |(label, effects)| (names.name(label).to_owned(), of_words(effects, &self.text, tokens));
            effects.into_iter().map(of_label).collect()
        });
        model.verdict(None, said, effects)
    }
}
