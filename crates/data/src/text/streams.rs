//! Streams side by side: the batches of stateful training (truncated backpropagation through time), where each row goes
//! on where it ended.

use super::{CutFault, Id, Tokens};

/// A text cut into `batch` contiguous rows of equal length, read together, `time` tokens a step.
///
/// Row `r` of step `k + 1` goes on where row `r` of step `k` ended, so that its state is carried. A row's last target is
/// the first token of the next row. What is left at the end of the text is dropped.
///
/// ```text
/// row 0   0 1 2 | 3 4 5        14 characters, a batch of 2, a time of 3: 2 steps;
/// row 1   6 7 8 | 9 10 11      12 is predicted, 12 and 13 are not read
///         step 0   step 1
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams<'a> {
    ids: &'a [Id],
    batch: usize,
    time: usize,
    steps: usize,
}

impl<'a> Streams<'a> {
    /// Cuts a text into `batch` rows, of which a step reads `time` tokens each.
    ///
    /// # Errors
    ///
    /// When either is 0, or the text is too short for one step.
    pub fn new(ids: &'a [Id], batch: usize, time: usize) -> Result<Self, CutFault> {
        if batch == 0 {
            return Err(CutFault::Batch);
        }
        if time == 0 {
            return Err(CutFault::Window);
        }
        let steps = ids.len().saturating_sub(1) / batch / time;
        if steps == 0 {
            let needed = batch.saturating_mul(time).saturating_add(1);
            return Err(CutFault::Streams {
                tokens: Tokens::Characters,
                count: ids.len(),
                batch,
                time,
                needed,
            });
        }
        Ok(Self { ids, batch, time, steps })
    }

    /// The number of rows.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// The number of tokens that a row reads in a step.
    pub fn time(&self) -> usize {
        self.time
    }

    /// The number of steps of an epoch, at least 1.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The tokens at the end of the text that no row reads; the first of them is still predicted.
    pub fn dropped(&self) -> usize {
        self.ids.len() - self.steps * self.batch * self.time
    }

    /// The tokens that a row reads in a step.
    ///
    /// # Panics
    ///
    /// When there is no such row or step, as do the functions below.
    pub fn input(&self, row: usize, step: usize) -> &'a [Id] {
        &self.ids[self.start(row, step)..][..self.time]
    }

    /// The tokens that a row predicts in a step: those that it reads, one later.
    pub fn target(&self, row: usize, step: usize) -> &'a [Id] {
        &self.ids[self.start(row, step) + 1..][..self.time]
    }

    /// The inputs of all rows in a step: a batch, as `[batch, time]`.
    pub fn inputs(&self, step: usize) -> impl ExactSizeIterator<Item = &'a [Id]> + Clone + use<'a> {
        let streams = *self;
        (0..self.batch).map(move |row| streams.input(row, step))
    }

    /// The targets of all rows in a step, as `[batch, time]`.
    pub fn targets(&self, step: usize) -> impl ExactSizeIterator<Item = &'a [Id]> + Clone + use<'a> {
        let streams = *self;
        (0..self.batch).map(move |row| streams.target(row, step))
    }

    fn start(&self, row: usize, step: usize) -> usize {
        assert!(row < self.batch, "row {row} of {}", self.batch);
        assert!(step < self.steps, "step {step} of {}", self.steps);
        (row * self.steps + step) * self.time
    }
}
