//! The parts of a text, and which of them a model is judged on.

use std::path::Path;

use recurrent_data::text::{Id, Text, TextSplit, Vocabulary, demo_surprise};
use recurrent_train::{
    Error,
    files::{create_folder, write_whole},
};
use serde::{Deserialize, Serialize};

use crate::by_character::{character_lines, surprise_page};
use crate::score::{per_character, spread};

/// The parts of a text.
///
/// # Errors
/// One that is held out has one character.
pub fn parts(text: &Text) -> Result<TextSplit<'_>, SplitFault> {
    let parts = text.parts();
    for (part, ids) in [("validation", parts.validation), ("test", parts.test)] {
        if ids.len() == 1 {
            return Err(SplitFault::SingleCharacter(part));
        }
    }
    Ok(parts)
}

/// Why a text cannot be split as asked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SplitFault {
    /// A part that is held out has one character.
    #[error("the {0} part has one character, so none to predict; use a longer text or another fraction")]
    SingleCharacter(&'static str),
}

/// A text has no character to predict.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has one character, so none to predict; use a longer text")]
pub struct NothingPredicted;

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Its end, held out for this.
    Test,
    /// What the best epoch was chosen by, where there is no test part.
    Validation,
    /// The end of what was learnt from, where nothing was held out.
    Training,
    /// All of it.
    Whole,
}

impl Part {
    /// The same for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Test => "held-out test text",
            Self::Validation => "validation text, by which the epoch was chosen",
            Self::Training => "text that was LEARNT FROM, since none was held out",
            Self::Whole => "the whole text",
        }
    }
}

/// What a model is judged on: a stretch of a text, of which all characters but those of the first token are predicted. That is
/// the first character, unless the stretch begins within a part.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Judged<'a> {
    /// Which part of the text it is.
    pub part: Part,
    /// The place of its first character in the text.
    pub start: usize,
    /// Its tokens.
    pub ids: &'a [Id],
    vocabulary: &'a Vocabulary,
}

/// Tokens that make a steady figure.
const ENOUGH: usize = 50_000;

impl<'a> Judged<'a> {
    /// The test part of the text that a model was trained on; where there is none, the validation part; where there is none,
    /// the end of the training part, as much as makes a steady figure.
    pub fn of_own(text: &'a Text) -> Self {
        let (parts, vocabulary) = (text.parts(), text.vocabulary());
        let TextSplit { train, validation, test } = parts;
        let after = |ids: &[&[Id]]| ids.iter().map(|ids| vocabulary.length_of(ids)).sum();
        if !test.is_empty() {
            Self { part: Part::Test, start: after(&[train, validation]), ids: test, vocabulary }
        } else if !validation.is_empty() {
            Self { part: Part::Validation, start: after(&[train]), ids: validation, vocabulary }
        } else {
            let (before, ids) = train.split_at(train.len().saturating_sub(ENOUGH));
            Self { part: Part::Training, start: after(&[before]), ids, vocabulary }
        }
    }

    /// The whole of another text.
    pub fn whole(text: &'a Text) -> Self {
        Self { part: Part::Whole, start: 0, ids: text.ids(), vocabulary: text.vocabulary() }
    }

    /// Its beginning, as much as makes a steady figure, for who does not want to wait.
    pub fn in_short(self) -> Self {
        Self { ids: &self.ids[..self.ids.len().min(ENOUGH)], ..self }
    }

    /// Its characters.
    pub fn text(&self) -> String {
        self.vocabulary.decode(self.ids)
    }

    /// The number of characters that are predicted.
    pub fn predicted(&self) -> usize {
        self.ids.get(1..).map_or(0, |ids| self.vocabulary.length_of(ids))
    }

    /// The mean surprise of a predicted character, in nats, where those of the tokens are given.
    ///
    /// # Errors
    /// There is none.
    pub fn mean(&self, surprises: &[f32]) -> Result<f64, NothingPredicted> {
        per_character(self.vocabulary, self.ids, surprises).ok_or(NothingPredicted)
    }

    /// The surprise of each predicted character, in nats, where those of the tokens are given: see [`spread`](crate::spread).
    pub fn by_character(&self, surprises: &[f32]) -> Vec<f32> {
        spread(self.vocabulary, self.ids, surprises)
    }

    /// Writes the surprise of each predicted character into a folder, where those of the tokens are given: as `characters.jsonl`, see
    /// [`character_lines`], and as the page `surprise.html`, see [`surprise_page`]. `name` is that of the text.
    ///
    /// # Errors
    /// The folder or a file cannot be written.
    pub fn write(&self, folder: &Path, name: &str, surprises: &[f32]) -> Result<(), Error> {
        let name = format!("{name} ({})", self.part.words());
        let (text, scores) = (self.text(), self.by_character(surprises));
        create_folder(folder)?;
        write_whole(
            &folder.join("characters.jsonl"),
            character_lines(&text, self.start, &scores).as_bytes(),
        )?;
        write_whole(&folder.join("surprise.html"), surprise_page(&text, &scores, &name).as_bytes())
    }

    /// The mean surprise of the predicted characters under the grammar that makes the demo text, in nats a character: no model
    /// can be expected to do better. `None` where `text`, of which this is a part, is not of the grammar.
    pub fn demo_floor(&self, text: &Text) -> Option<f64> {
        let (count, predicted) = (self.vocabulary.length_of(self.ids), self.predicted());
        let surprise = demo_surprise(&text.vocabulary().decode(text.ids())).ok()?;
        let part = surprise.get(self.start + count - predicted..self.start + count)?;
        (predicted > 0).then(|| part.iter().sum::<f64>() / predicted as f64)
    }
}
