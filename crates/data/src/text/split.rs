//! Splits a text into training, validation and test parts, by position.
//!
//! A text is split before it is cut into windows or streams, so that no part reads a character of another.

use serde::{Deserialize, Serialize};

use super::{CutFault, Id, Tokens};
use crate::split::part;

/// How much of a text is held out of training. The default is a tenth for each part, as Karpathy, Johnson and Li (2015,
/// "Visualizing and understanding recurrent networks") do; zeros train on the whole text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextFractions {
    /// The part of the whole text that is held out for validation; at least 0 and below 1.
    pub validation: f64,
    /// The part of the whole text, the end of it, that is held out for the test; at least 0 and below 1.
    pub test: f64,
}

impl Default for TextFractions {
    fn default() -> Self {
        Self { validation: 0.1, test: 0.1 }
    }
}

/// The parts of a text, in this order, without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextSplit<'a> {
    /// The characters to learn from; never empty.
    pub train: &'a [Id],
    /// The characters to choose by; empty where no validation part was asked for.
    pub validation: &'a [Id],
    /// The characters to judge by; empty where no test part was asked for.
    pub test: &'a [Id],
}

impl<'a> TextSplit<'a> {
    /// Splits the ids of a text. The parts held out are rounded down.
    ///
    /// ```
    /// use recurrent_data::text::{TextFractions, TextSplit};
    ///
    /// let ids = [0; 1009];
    /// let split = TextSplit::by_position(&ids, TextFractions::default())?;
    /// assert_eq!((split.train.len(), split.validation.len(), split.test.len()), (809, 100, 100));
    /// # Ok::<(), recurrent_data::text::CutFault>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a fraction is outside its bounds, or a part that was asked for would hold no character.
    pub fn by_position(ids: &'a [Id], fractions: TextFractions) -> Result<Self, CutFault> {
        let [learnt, held_out, _] = fractions.lengths(ids.len())?;
        Ok(Self::at(ids, [learnt, learnt + held_out]))
    }

    /// Cuts ids at the ends of the training and of the validation part.
    pub(super) fn at(ids: &'a [Id], ends: [usize; 2]) -> Self {
        let (train, rest) = ids.split_at(ends[0]);
        let (validation, test) = rest.split_at(ends[1] - ends[0]);
        Self { train, validation, test }
    }
}

impl TextFractions {
    /// The same without a part that would hold none of so many characters or one, of which none is predicted; and how many characters
    /// are left to learn from, or, where other tokens are learnt, that there are enough.
    pub fn fitting(self, characters: usize, tokens: Tokens) -> (Self, usize) {
        let held_out = |share: f64| Some(part(characters, share)).filter(|count| *count > 1);
        let kept = |share: f64| if held_out(share).is_some() { share } else { 0.0 };
        let Self { validation, test } = self;
        let out = held_out(validation).unwrap_or(0).saturating_add(held_out(test).unwrap_or(0));
        let learnt = if tokens == Tokens::Characters { characters.saturating_sub(out) } else { usize::MAX };
        (Self { validation: kept(validation), test: kept(test) }, learnt)
    }

    /// The lengths of the parts of so many characters, the training part's first.
    pub(super) fn lengths(self, characters: usize) -> Result<[usize; 3], CutFault> {
        let Self { validation, test } = self;
        for (part, fraction) in [("validation", validation), ("test", test)] {
            if !(0.0..1.0).contains(&fraction) {
                return Err(CutFault::Fraction { part, fraction });
            }
        }
        let (held_out, tested) = (part(characters, validation), part(characters, test));
        let empty = |part| Err(CutFault::EmptyPart { part, characters, validation, test });
        if validation > 0.0 && held_out == 0 {
            return empty("validation");
        }
        if test > 0.0 && tested == 0 {
            return empty("test");
        }
        match characters.checked_sub(held_out + tested).filter(|&learnt| learnt > 0) {
            Some(learnt) => Ok([learnt, held_out, tested]),
            None => empty("training"),
        }
    }
}
