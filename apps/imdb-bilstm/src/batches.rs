//! The training reviews in batches, as the training loop asks for them: a function of epoch and step.

use recurrent_data::reviews::{self, Batch, BatchFault, BatchSpec};
use recurrent_train::Batches;

use crate::data::Part;
use crate::settings::Settings;

/// The training reviews in batches.
pub struct ReviewBatches<'a>(reviews::Batches<'a>);

impl<'a> ReviewBatches<'a> {
    /// Cuts the reviews of a part as the settings ask.
    ///
    /// # Errors
    /// There is no review.
    pub fn new(part: &Part<'a>, settings: &Settings) -> Result<Self, BatchFault> {
        let spec = BatchSpec {
            batch: settings.batch_size,
            order: settings.order(),
            pad: settings.reading.pad(),
            seed: settings.train.seed.0,
        };
        reviews::Batches::new(part.indices, part.all_labels, part.samples.to_vec(), spec).map(Self)
    }
}

impl Batches for ReviewBatches<'_> {
    type Batch = Batch;

    fn steps_per_epoch(&self) -> usize {
        self.0.steps_per_epoch()
    }

    fn batch(&self, epoch: usize, step: usize) -> Batch {
        self.0.batch(epoch, step)
    }

    fn continues(&self, _epoch: usize, _step: usize) -> bool {
        false
    }
}
