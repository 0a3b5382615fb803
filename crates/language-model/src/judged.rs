//! The parts of a text, and which of them a model is judged on.

use recurrent_data::text::{CutFault, Id, Text, TextFractions, TextSplit, demo_surprise};
use serde::{Deserialize, Serialize};

/// The parts of a text.
///
/// # Errors
/// It is too short for them.
pub fn split(text: &Text, fractions: TextFractions) -> Result<TextSplit<'_>, SplitFault> {
    let parts = TextSplit::by_position(text.ids(), fractions)?;
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
    /// It cannot be cut so.
    #[error(transparent)]
    Cut(#[from] CutFault),
    /// A part that is held out has one character.
    #[error("the {0} part has one character, so none to predict; use a longer text or another fraction")]
    SingleCharacter(&'static str),
}

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

/// What a model is judged on: a stretch of a text, of which all characters but the first are predicted.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Judged<'a> {
    /// Which part of the text it is.
    pub part: Part,
    /// The place of its first character in the text.
    pub start: usize,
    /// Its characters.
    pub ids: &'a [Id],
}

/// Characters that make a steady figure.
const ENOUGH: usize = 50_000;

impl<'a> Judged<'a> {
    /// The test part of the text that a model was trained on; where there is none, the validation part; where there is none,
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

    /// Its beginning, as much as makes a steady figure, for who does not want to wait.
    pub fn in_short(self) -> Self {
        Self { ids: &self.ids[..self.ids.len().min(ENOUGH)], ..self }
    }

    /// The mean surprise of the predicted characters under the grammar that makes the demo text, in nats a character: no model
    /// can be expected to do better. `None` where `text`, of which this is a part, is not of the grammar.
    pub fn demo_floor(&self, text: &Text) -> Option<f64> {
        if self.ids.len() < 2 {
            return None;
        }
        let characters = text.vocabulary().decode(text.ids());
        let surprise = demo_surprise(&characters).ok()?;
        let part = surprise.get(self.start + 1..self.start + self.ids.len())?;
        Some(part.iter().sum::<f64>() / part.len() as f64)
    }
}
