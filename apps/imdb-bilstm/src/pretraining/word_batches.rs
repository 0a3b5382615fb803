//! The texts in batches, each with the candidates of its step.

use recurrent_backend::Seed;
use recurrent_data::reviews::{self, BatchFault, BatchSpec, Sequences};
use recurrent_train::Batches;

use super::candidates::Frequencies;
use super::language_model::WordBatch;
use super::seed;
use crate::settings::Settings;

/// The texts in batches.
pub(super) struct WordBatches<'a> {
    texts: reviews::Batches<'a>,
    frequencies: &'a Frequencies,
    draws: usize,
    seed: Seed,
}

impl<'a> WordBatches<'a> {
    /// Cuts the texts as the settings ask.
    ///
    /// # Errors
    /// There is no text.
    pub(super) fn new(
        texts: &'a Sequences,
        frequencies: &'a Frequencies,
        settings: &Settings,
    ) -> Result<Self, BatchFault> {
        let seed = seed(settings);
        let spec = BatchSpec {
            batch: settings.pretraining.batch_size,
            order: settings.order(),
            pad: settings.reading.pad(),
            seed: seed.0,
        };
        let samples = (0..texts.len()).collect();
        let texts = reviews::Batches::new(texts, &[], samples, spec)?;
        Ok(Self { texts, frequencies, draws: settings.pretraining.candidates, seed })
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
