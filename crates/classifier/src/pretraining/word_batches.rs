//! The texts in batches, each with the candidates of its step.

use recurrent_backend::Seed;
use recurrent_data::reviews::{self, BatchFault, BatchSpec, Sequences};
use recurrent_train::Batches;

use super::candidates::Frequencies;
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

impl Batches for WordBatches<'_> {
    type Batch = WordBatch;

    fn steps_per_epoch(&self) -> usize {
        self.texts.steps_per_epoch()
    }

    fn batch(&self, epoch: usize, step: usize) -> WordBatch {
        let seed = self.seed.part(&[epoch as u64, step as u64]);
        let candidates = self.frequencies.draw(self.draws, seed);
        WordBatch { reviews: self.texts.batch(epoch, step).indices, candidates }
    }

    fn continues(&self, _epoch: usize, _step: usize) -> bool {
        false
    }
}
