//! The texts in batches, each with the candidates of its step.

use recurrent_backend::Seed;
use recurrent_data::reviews::{self, BatchFault, BatchSpec, Sequences};
use recurrent_train::{Batches, Shard};

use super::candidates::{Candidates, Frequencies};
use super::language_model::WordBatch;

/// The texts in batches.
pub(super) struct WordBatches<'a> {
    texts: reviews::Batches<'a>,
    frequencies: &'a Frequencies,
    draws: usize,
    seed: Seed,
}

impl<'a> WordBatches<'a> {
    /// Cuts the texts; words are drawn `draws` times for each batch.
    ///
    /// # Errors
    /// There is no text.
    pub(super) fn new(
        texts: &'a Sequences,
        frequencies: &'a Frequencies,
        draws: usize,
        spec: BatchSpec,
    ) -> Result<Self, BatchFault> {
        let samples = (0..texts.len()).collect();
        let texts = reviews::Batches::new(texts, &[], samples, spec)?;
        Ok(Self { texts, frequencies, draws, seed: Seed(spec.seed) })
    }
}

impl WordBatches<'_> {
    fn candidates(&self, epoch: usize, step: usize) -> Candidates {
        self.frequencies.draw(self.draws, self.seed.part(&[epoch as u64, step as u64]))
    }
}

impl Batches for WordBatches<'_> {
    type Batch = WordBatch;

    fn steps_per_epoch(&self) -> usize {
        self.texts.steps_per_epoch()
    }

    fn batch(&self, epoch: usize, step: usize) -> WordBatch {
        WordBatch { reviews: self.texts.batch(epoch, step).indices, candidates: self.candidates(epoch, step) }
    }

    /// With the candidates of the whole batch.
    fn shard(&self, epoch: usize, step: usize, shard: Shard) -> Option<WordBatch> {
        let texts = self.texts.batch(epoch, step).indices;
        let reviews = texts.rows(shard.rows(texts.lengths.len())?);
        Some(WordBatch { reviews, candidates: self.candidates(epoch, step) })
    }

    fn continues(&self, _epoch: usize, _step: usize) -> bool {
        false
    }
}
