//! What holds for one pass over a batch: whether masks are drawn, and which steps are padding.

use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};
use recurrent_backend::Seed;

/// One pass of a batch through the layers.
///
/// ```
/// use recurrent_backend::Seed;
/// use recurrent_cells::{Mask, Pass};
///
/// let training = Pass::training(Seed(42).part(&[1000])); // step 1,000 of a run
/// let padded = Pass::evaluation().with_mask(Mask::from_lengths(&[3, 1], 3));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Pass {
    pub(crate) dropout: Option<Seed>,
    pub(crate) mask: Option<Mask>,
}

impl Pass {
    /// A pass with dropout and zoneout, whose masks follow from `seed` alone: give each training step a seed of its own.
    pub fn training(seed: Seed) -> Self {
        Self::of(Some(seed))
    }

    /// A training pass with a seed, an evaluation without: what a training loop hands to a model.
    pub fn of(seed: Option<Seed>) -> Self {
        Self { dropout: seed, mask: None }
    }

    /// A pass without dropout, in which zoneout is its expectation.
    pub fn evaluation() -> Self {
        Self::default()
    }

    /// The same pass over a padded batch.
    pub fn with_mask(mut self, mask: Mask) -> Self {
        self.mask = Some(mask);
        self
    }

    /// The same pass for one of several layers, with dropout masks of its own.
    pub fn part(&self, layer: u64) -> Self {
        Self { dropout: self.dropout.map(|seed| seed.part(&[layer])), mask: self.mask.clone() }
    }
}

/// Which steps of a batch are real and which are padding. A padded step keeps the state, repeats the output
/// before it, and contributes no gradient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    /// `[time, batch]`.
    real: Arc<[bool]>,
    batch: usize,
    time: usize,
}

impl Mask {
    /// A batch padded at the end: sequence `i` has `lengths[i]` real steps of `time`.
    ///
    /// # Panics
    /// A length is past `time`.
    pub fn from_lengths(lengths: &[usize], time: usize) -> Self {
        if let Some(length) = lengths.iter().find(|length| **length > time) {
            panic!("a length of {length} is past the {time} steps of the batch");
        }
        let real = (0..time).flat_map(|step| lengths.iter().map(move |length| step < *length)).collect();
        Self { real, batch: lengths.len(), time }
    }

    /// A batch padded anywhere: `rows` is `[batch, time]`, true where a step is real.
    ///
    /// # Panics
    /// `rows` is not a whole number of sequences of `time` steps.
    pub fn from_rows(rows: &[bool], time: usize) -> Self {
        assert!(time > 0 && rows.len().is_multiple_of(time), "{} places are no rows of {time}", rows.len());
        let batch = rows.len() / time;
        let real = (0..time).flat_map(|step| (0..batch).map(move |row| rows[row * time + step])).collect();
        Self { real, batch, time }
    }

    /// The places of real steps, `[time, batch]`.
    ///
    /// # Panics
    /// The mask is not of the batch's sizes.
    pub(crate) fn time_major(&self, batch: usize, time: usize) -> Arc<[bool]> {
        assert!(
            (self.batch, self.time) == (batch, time),
            "the mask is for {} sequences of {} steps, the input has {batch} of {time}",
            self.batch,
            self.time
        );
        self.real.clone()
    }

    /// 1 where a step is real and 0 where it is padding, `[batch, time, 1]`, in numbers like those of the outputs.
    ///
    /// # Panics
    /// The mask is not of the batch's sizes.
    pub(crate) fn factors(&self, outputs: &Tensor<3>) -> Tensor<3> {
        let [batch, time, _] = outputs.dims();
        let factors = self.time_major(batch, time).iter().map(|real| f32::from(*real)).collect::<Vec<_>>();
        let factors = TensorData::new(factors, [time, batch, 1]);
        Tensor::<3>::from_data(factors, (&outputs.device(), outputs.dtype())).swap_dims(0, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_rows_say_the_same() {
        let rows = [true, true, false, true, false, false];
        assert_eq!(Mask::from_lengths(&[2, 1], 3), Mask::from_rows(&rows, 3));
    }

    #[test]
    #[should_panic(expected = "a length of 4 is past the 3 steps")]
    fn a_length_past_the_end_is_refused() {
        Mask::from_lengths(&[4], 3);
    }
}
