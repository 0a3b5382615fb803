//! Where the text comes from, and its parts.

use std::path::PathBuf;

use recurrent_data::text::{
    Corpus, DEMO_CHARACTERS, Id, ReadSpec, Text, TextFractions, TextSplit, demo, demo_surprise, read,
};
use recurrent_program::{Source, Unusable, flags::DataSource};
use recurrent_train::thousands;

use crate::summary::Part;

/// The demo text is the same in every run.
const DEMO_SEED: u64 = 1;

/// What the command line asks for: see [`Source::choose`].
///
/// # Errors
/// The current folder is gone.
pub fn choose(asked: Option<&DataSource>) -> std::io::Result<Source> {
    Source::choose(asked, &PathBuf::from("datasets").join("warpeace_input.txt"))
}

/// Reads the text of a source.
///
/// # Errors
/// The file or folder cannot be read, or holds no text in UTF-8.
pub fn corpus(source: &Source, spec: ReadSpec) -> Result<Corpus, recurrent_data::text::TextError> {
    match source {
        Source::Demo => Ok(demo(DEMO_SEED, DEMO_CHARACTERS)),
        Source::Path(path) => read(&[path], spec),
    }
}

/// A sentence that says loudly which text is used.
pub fn sentence(source: &Source, text: &Text) -> String {
    let counts = format!("{} characters, {} distinct", thousands(text.len() as u64), text.vocabulary().len());
    match source {
        Source::Demo => {
            format!(
                "DEMO DATA: {counts}, generated; fetch a real text with `cargo xtask fetch-data --only text`"
            )
        }
        Source::Path(path) => format!("{}: {counts}", path.display()),
    }
}

/// The parts of a text.
///
/// # Errors
/// It is too short for them.
pub fn split<'a>(
    source: &Source,
    text: &'a Text,
    fractions: TextFractions,
) -> Result<TextSplit<'a>, Unusable> {
    let parts =
        TextSplit::by_position(text.ids(), fractions).map_err(|reason| Unusable::because(source, reason))?;
    for (part, ids) in [("validation", parts.validation), ("test", parts.test)] {
        if ids.len() == 1 {
            return Err(Unusable::because(source, SingleCharacter(part)));
        }
    }
    Ok(parts)
}

/// A part that is held out has one character.
#[derive(Debug, thiserror::Error)]
#[error("the {0} part has one character, so none to predict; use a longer text or another fraction")]
struct SingleCharacter(&'static str);

/// What a model is judged on: a stretch of a text, of which all characters but the first are predicted.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// Which part of the text it is.
    pub part: Part,
    /// The place of its first character in the text.
    pub start: usize,
    /// Its characters.
    pub ids: &'a [Id],
}

impl<'a> Judged<'a> {
    /// The test part of the text that a run was trained on; where there is none, the validation part; where there is none,
    /// the end of the training part, as much as makes a steady figure.
    pub fn of_own(parts: &TextSplit<'a>) -> Self {
        let (train, validation) = (parts.train.len(), parts.validation.len());
        if !parts.test.is_empty() {
            Self { part: Part::Test, start: train + validation, ids: parts.test }
        } else if !parts.validation.is_empty() {
            Self { part: Part::Validation, start: train, ids: parts.validation }
        } else {
            let start = train.saturating_sub(ENOUGH);
            Self { part: Part::Training, start, ids: &parts.train[start..] }
        }
    }

    /// The whole of another text.
    pub fn whole(text: &'a Text) -> Self {
        Self { part: Part::Whole, start: 0, ids: text.ids() }
    }

    /// Its beginning, as much as makes a steady figure, for a run that was stopped and is waited for.
    pub fn in_short(self) -> Self {
        Self { ids: &self.ids[..self.ids.len().min(ENOUGH)], ..self }
    }

    /// The mean surprise of the predicted characters under the grammar that made the demo text, in nats a character: no model
    /// can be expected to do better. `None` for other texts.
    pub fn floor(&self, source: &Source, text: &Text) -> Option<f64> {
        if *source != Source::Demo || self.ids.len() < 2 {
            return None;
        }
        let characters = text.vocabulary().decode(text.ids());
        let surprise = demo_surprise(&characters).ok()?;
        let part = surprise.get(self.start + 1..self.start + self.ids.len())?;
        Some(part.iter().sum::<f64>() / part.len() as f64)
    }
}

/// Characters that make a steady figure.
const ENOUGH: usize = 50_000;
