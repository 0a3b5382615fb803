//! Who is written for at once.

use std::time::{Duration, Instant};

use recurrent_backend::Seed;
use recurrent_serve::{Batch, Reply};
use serde::Serialize;

use super::question::Question;
use crate::model::LanguageModel;
use crate::running::{RunningTexts, TextKey};
use crate::texts::Sample;

/// Texts that are written at once; further ones wait. With more, each would be written slower than it is read.
const TOGETHER: usize = 64;
/// How often a part of a text is sent: oftener than an eye sees, and so seldom that sending takes little of the time.
const SENT: Duration = Duration::from_millis(40);

/// Texts that are written at once, each for somebody.
#[derive(Debug)]
pub struct Writers {
    texts: RunningTexts,
    writers: Vec<Writer>,
}

#[derive(Debug)]
struct Writer {
    key: TextKey,
    question: Question,
    reply: Reply,
    sample: Sample,
    nats: Vec<f32>,
    /// Characters that are still to be written.
    left: usize,
    sent: Sent,
}

/// How much of a text was sent: bytes and characters, and when.
#[derive(Debug)]
struct Sent {
    bytes: usize,
    characters: usize,
    at: Instant,
}

#[derive(Serialize)]
struct Part<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    surprise: Option<&'a [f32]>,
}

#[derive(Serialize)]
struct Answer<'a> {
    text: &'a str,
    prime: &'a str,
    seed: u64,
    stopped: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    surprise: Option<&'a [f32]>,
}

impl Writers {
    pub(super) fn new(model: &LanguageModel) -> Self {
        Self { texts: RunningTexts::new(model), writers: Vec::new() }
    }
}

impl Batch for Writers {
    type Question = Question;

    fn has_room(&self) -> bool {
        self.writers.len() < TOGETHER
    }

    fn join(&mut self, question: Question, reply: Reply) {
        let key = self.texts.join(&question.prime, question.sampling, Seed(question.seed));
        let sent = Sent { bytes: 0, characters: 0, at: Instant::now() };
        let (sample, left) = (Sample::default(), question.length);
        self.writers.push(Writer { key, question, reply, sample, nats: Vec::new(), left, sent });
    }

    fn is_empty(&self) -> bool {
        self.writers.is_empty()
    }

    /// Writes a token of each text.
    fn step(&mut self) {
        for added in self.texts.step() {
            if let Some(writer) = self.writers.iter_mut().find(|writer| writer.key == added.key) {
                writer.add(&added.text, &added.nats);
            }
        }
        let texts = &mut self.texts;
        let gone = self.writers.extract_if(.., |writer| writer.is_whole() || !writer.reply.is_wanted());
        for writer in gone {
            texts.leave(writer.key);
            if writer.is_whole() {
                writer.end();
            }
        }
    }
}

impl Writer {
    fn is_whole(&self) -> bool {
        self.left == 0 || self.sample.stopped
    }

    fn add(&mut self, text: &str, nats: &[f32]) {
        let before = self.left;
        self.sample.add(text, &mut self.left, self.question.stop.as_deref());
        let written = before - self.left;
        self.nats.extend(&nats[..written]);
        self.reply.count(written);
        if self.question.is_streamed && (self.is_whole() || self.sent.at.elapsed() >= SENT) {
            self.send();
        }
    }

    /// Sends what was not sent yet.
    fn send(&mut self) {
        let (text, nats) = (&self.sample.text[self.sent.bytes..], &self.nats[self.sent.characters..]);
        if !text.is_empty() {
            self.reply.part(&Part { text, surprise: self.question.wants_surprise.then_some(nats) });
        }
        self.sent = Sent { bytes: self.sample.text.len(), characters: self.nats.len(), at: Instant::now() };
    }

    /// Sends the end: all of the text, where it was not sent in parts.
    fn end(self) {
        let Self { question, reply, sample, nats, .. } = self;
        let text = if question.is_streamed { "" } else { &sample.text };
        let surprise = (question.wants_surprise && !question.is_streamed).then_some(nats.as_slice());
        let Sample { stopped, .. } = sample;
        reply.end(Answer { text, prime: question.prime.text(), seed: question.seed, stopped, surprise });
    }
}
