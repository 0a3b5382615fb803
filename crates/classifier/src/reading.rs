//! What is read of a text, and what becomes of padding.

use std::fmt;
use std::ops::Range;

use recurrent_data::reviews::{PadSpec, Padded, Side, Width};
use serde::{Deserialize, Serialize};

/// What is read of a text, and how texts are made equally long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The most indices that are read.
    pub length: usize,
    /// Where short texts are filled up.
    pub padding: Side,
    /// Where long texts are cut.
    pub truncating: Side,
    /// What the network makes of padding.
    pub masking: Masking,
}

/// What a network makes of padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Masking {
    /// It is passed over, so that a batch need not be longer than its longest text.
    Padding,
    /// It is read as a word, as in the textbook chapter; all batches are equally long then.
    None,
}

impl Reading {
    /// The last `length` indices of a text, filled up at the back, where padding is passed over.
    pub fn masked(length: usize) -> Self {
        Self { length, padding: Side::Post, truncating: Side::Pre, masking: Masking::Padding }
    }

    /// The last `length` indices of a text, filled up at the front, where padding is read: Keras's defaults.
    pub fn keras(length: usize) -> Self {
        Self { length, padding: Side::Pre, truncating: Side::Pre, masking: Masking::None }
    }

    /// The same for [`pad_sequences`](recurrent_data::reviews::pad_sequences).
    pub fn pad(&self) -> PadSpec {
        let width = match self.masking {
            Masking::Padding => Width::Longest,
            Masking::None => Width::Full,
        };
        PadSpec { length: Some(self.length), width, padding: self.padding, truncating: self.truncating }
    }

    /// The places that are read of a text of `length` indices; the others are cut off.
    pub fn kept(&self, length: usize) -> Range<usize> {
        let kept = self.pad().kept(length);
        match self.truncating {
            Side::Pre => length - kept..length,
            Side::Post => 0..kept,
        }
    }

    /// Whether each step of a padded batch is read, `[batch, time]`.
    pub fn real_steps(&self, padded: &Padded) -> Vec<bool> {
        let time = padded.time;
        let row = |length: usize| {
            (0..time).map(move |step| match (self.masking, self.padding) {
                (Masking::None, _) => true,
                (Masking::Padding, Side::Pre) => step + length >= time,
                (Masking::Padding, Side::Post) => step < length,
            })
        };
        padded.lengths.iter().flat_map(|length| row(*length)).collect()
    }
}

/// In words, for a report.
impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |side| match side {
            Side::Pre => "pre",
            Side::Post => "post",
        };
        let masking = match self.masking {
            Masking::Padding => "padding",
            Masking::None => "none",
        };
        let (cut, padded) = (side(self.truncating), side(self.padding));
        write!(f, "{} indices, cut {cut}, padded {padded}, masking {masking}", self.length)
    }
}
