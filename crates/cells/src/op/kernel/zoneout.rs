//! Zoneout at one step, forward and backward: `y = d * before + (1 - d) * new`, see `zoneout.rs` of the crate.
//!
//! Backward: `new` gets `dy * (1 - d)` and what was before gets `dy * d`, beside what it gets through the cell.

use std::ops::Range;

use super::isa::{Level, compiled_for_each};
use crate::zoneout::Kept;

/// `d` for the rows of one thread at one step.
#[derive(Clone, Copy)]
pub(super) enum KeptRows<'a> {
    /// `[rows, hidden]`.
    Units(&'a [bool]),
    Share(f32),
}

impl<'a> KeptRows<'a> {
    /// The part of `kept` that belongs to a step and to the rows of `range`, of `batch` rows of `hidden` numbers.
    pub(super) fn at(kept: &'a Kept, step: usize, batch: usize, hidden: usize, range: &Range<usize>) -> Self {
        match kept {
            Kept::Units(units) => Self::Units(
                &units[(step * batch + range.start) * hidden..(step * batch + range.end) * hidden],
            ),
            Kept::Share(share) => Self::Share(*share),
        }
    }
}

/// Mixes what was before into the new values.
pub(super) fn forward(level: Level, kept: KeptRows<'_>, before: &[f32], new: &mut [f32]) {
    match kept {
        KeptRows::Units(units) => choose(level, units, before, new),
        KeptRows::Share(share) => {
            new.iter_mut().zip(before).for_each(|(new, before)| *new = before * share + *new * (1.0 - share));
        }
    }
}

/// Turns the gradient of the mixed values into that of the new ones, and puts into `direct` the part of those before.
pub(super) fn backward(level: Level, kept: KeptRows<'_>, gradient: &mut [f32], direct: &mut [f32]) {
    match kept {
        KeptRows::Units(units) => part(level, units, gradient, direct),
        KeptRows::Share(share) => {
            for (gradient, direct) in gradient.iter_mut().zip(direct) {
                *direct = *gradient * share;
                *gradient *= 1.0 - share;
            }
        }
    }
}

compiled_for_each! {
    fn choose(units: &[bool], before: &[f32], new: &mut [f32]) {
        for ((new, before), kept) in new.iter_mut().zip(before).zip(units) {
            *new = if *kept { *before } else { *new };
        }
    }
}

compiled_for_each! {
    fn part(units: &[bool], gradient: &mut [f32], direct: &mut [f32]) {
        for ((gradient, direct), kept) in gradient.iter_mut().zip(direct).zip(units) {
            let whole = *gradient;
            *direct = if *kept { whole } else { 0.0 };
            *gradient = if *kept { 0.0 } else { whole };
        }
    }
}
