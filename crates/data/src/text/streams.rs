//! Streams side by side: the batches of stateful training, where each row goes on where it ended.

use super::{Id, TextError};

/// A text cut into `batch` equal stretches, read together, `time` characters a step. Row `b` of step `k + 1` goes on
/// where row `b` of step `k` ended, so that a carried state fits. What is left at the end is dropped.
#[derive(Clone, Copy, Debug)]
pub struct Streams<'a> {
    ids: &'a [Id],
    batch: usize,
    time: usize,
    steps: usize,
}

impl<'a> Streams<'a> {
    /// Cuts a text into streams.
    ///
    /// # Errors
    /// A size is 0, or the text is too short for one step.
    pub fn new(ids: &'a [Id], batch: usize, time: usize) -> Result<Self, TextError> {
        if batch == 0 || time == 0 {
            return Err(TextError::Zero(if batch == 0 { "a batch" } else { "a window" }));
        }
        let steps = ids.len().saturating_sub(1) / batch / time;
        if steps == 0 {
            let needed = batch.saturating_mul(time).saturating_add(1);
            let wanted = format!("{batch} streams of {time}");
            return Err(TextError::Short { characters: ids.len(), wanted, needed });
        }
        Ok(Self { ids, batch, time, steps })
    }

    /// Steps until every stream is read, at least 1.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Characters at the end that no stream reads.
    pub fn dropped(&self) -> usize {
        self.ids.len() - self.steps * self.batch * self.time
    }

    /// The characters that a row reads at a step.
    ///
    /// # Panics
    /// There is no such row or step.
    pub fn input(&self, row: usize, step: usize) -> &'a [Id] {
        &self.ids[self.start(row, step)..][..self.time]
    }

    /// The characters that a row predicts at a step: those that it reads, one later.
    ///
    /// # Panics
    /// There is no such row or step.
    pub fn target(&self, row: usize, step: usize) -> &'a [Id] {
        &self.ids[self.start(row, step) + 1..][..self.time]
    }

    fn start(&self, row: usize, step: usize) -> usize {
        assert!(
            row < self.batch && step < self.steps,
            "row {row} of {}, step {step} of {}",
            self.batch,
            self.steps
        );
        (row * self.steps + step) * self.time
    }
}
