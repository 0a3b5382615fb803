//! Makes sequences equally long, as Keras's `pad_sequences` does.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::PADDING;

/// An end of a sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The front; Keras's default.
    #[default]
    Pre,
    /// The back.
    Post,
}

/// How wide the padded sequences are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Width {
    /// As wide as the most that is kept of a sequence, as Keras has it.
    #[default]
    Full,
    /// As wide as the longest sequence at hand, after cutting: fewer steps for a batch of short ones.
    Longest,
}

/// How sequences are made equally long. The default is the chapter's: 200 of each, cut and padded at the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PadSpec {
    /// The most that is kept of a sequence: Keras's `maxlen`. `None` keeps all.
    pub length: Option<usize>,
    /// How wide the result is; without a `length` it is as wide as the longest sequence.
    pub width: Width,
    /// Where shorter sequences are filled up.
    pub padding: Side,
    /// Where longer sequences are cut.
    pub truncating: Side,
}

impl Default for PadSpec {
    fn default() -> Self {
        Self { length: Some(200), width: Width::Full, padding: Side::Pre, truncating: Side::Pre }
    }
}

impl PadSpec {
    /// How much is kept of a sequence of `length`.
    pub fn kept(&self, length: usize) -> usize {
        self.length.map_or(length, |most| length.min(most))
    }

    fn cut<'a>(&self, sequence: &'a [u32]) -> &'a [u32] {
        let kept = self.kept(sequence.len());
        match self.truncating {
            Side::Pre => &sequence[sequence.len() - kept..],
            Side::Post => &sequence[..kept],
        }
    }
}

/// Sequences made equally long, as `[sequences, time]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Padded {
    /// The numbers, row by row; [`PADDING`] where there is none.
    pub numbers: Vec<u32>,
    /// The width of a row.
    pub time: usize,
    /// How many numbers of each row are no padding.
    pub lengths: Vec<usize>,
}

impl Padded {
    /// Some of the rows, as wide as they are.
    ///
    /// # Panics
    /// There are not so many.
    pub fn rows(&self, rows: Range<usize>) -> Self {
        let numbers = self.numbers[rows.start * self.time..rows.end * self.time].to_vec();
        Self { numbers, time: self.time, lengths: self.lengths[rows].to_vec() }
    }
}

/// Makes sequences equally long, as Keras's `pad_sequences` does.
///
/// ```
/// use recurrent_data::reviews::{PadSpec, Side, pad_sequences};
///
/// let sequences = [&[1, 5, 6][..], &[1, 7, 8, 9, 10]];
/// let padded = pad_sequences(sequences, &PadSpec { length: Some(4), ..PadSpec::default() });
/// assert_eq!(padded.numbers, [0, 1, 5, 6, 7, 8, 9, 10]);
/// let post = PadSpec { length: Some(4), padding: Side::Post, truncating: Side::Post, ..PadSpec::default() };
/// assert_eq!(pad_sequences(sequences, &post).numbers, [1, 5, 6, 0, 1, 7, 8, 9]);
/// ```
pub fn pad_sequences<'a>(sequences: impl IntoIterator<Item = &'a [u32]>, spec: &PadSpec) -> Padded {
    let cut: Vec<&[u32]> = sequences.into_iter().map(|sequence| spec.cut(sequence)).collect();
    let longest = cut.iter().map(|sequence| sequence.len()).max().unwrap_or(0);
    let time = match (spec.width, spec.length) {
        (Width::Full, Some(length)) => length,
        _ => longest,
    };
    let mut numbers = Vec::with_capacity(cut.len() * time);
    for sequence in &cut {
        let fill = std::iter::repeat_n(PADDING, time - sequence.len());
        match spec.padding {
            Side::Pre => {
                numbers.extend(fill);
                numbers.extend_from_slice(sequence);
            }
            Side::Post => {
                numbers.extend_from_slice(sequence);
                numbers.extend(fill);
            }
        }
    }
    Padded { numbers, time, lengths: cut.iter().map(|sequence| sequence.len()).collect() }
}
