//! What the network learns from, in batches, as the training loop asks for them: a function of epoch and step.

use recurrent_data::reviews::{self, BatchFault, BatchSpec, Padded, Sequences};
use recurrent_train::Batches;

use crate::data::Part;
use crate::settings::Settings;

/// Reviews to learn from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examples {
    /// Their indices.
    pub reviews: Sequences,
    /// The probability that each praises: 0 or 1 by its label, or whatever a teacher makes of it.
    pub targets: Vec<f32>,
}

impl Examples {
    /// The reviews of a part with their labels.
    pub fn labelled(part: &Part<'_>) -> Self {
        Self {
            reviews: part.reviews().into_iter().collect(),
            targets: part.labels().iter().map(|label| label.target()).collect(),
        }
    }

    /// These, and others.
    pub fn and(mut self, others: Self) -> Self {
        self.reviews.append(&others.reviews);
        self.targets.extend(others.targets);
        self
    }
}

/// Some reviews to learn from, made equally long.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Their indices, `[batch, time]`.
    pub reviews: Padded,
    /// The probability that each praises, `[batch]`.
    pub targets: Vec<f32>,
}

/// The examples in batches.
pub struct ReviewBatches<'a> {
    reviews: reviews::Batches<'a>,
    targets: &'a [f32],
}

impl<'a> ReviewBatches<'a> {
    /// Cuts the examples as the settings ask.
    ///
    /// # Errors
    /// There is no review.
    pub fn new(examples: &'a Examples, settings: &Settings) -> Result<Self, BatchFault> {
        let spec = BatchSpec {
            batch: settings.batch_size,
            order: settings.order(),
            pad: settings.reading.pad(),
            seed: settings.train.seed.0,
        };
        let samples = (0..examples.reviews.len()).collect();
        let reviews = reviews::Batches::new(&examples.reviews, &[], samples, spec)?;
        Ok(Self { reviews, targets: &examples.targets })
    }
}

impl Batches for ReviewBatches<'_> {
    type Batch = Batch;

    fn steps_per_epoch(&self) -> usize {
        self.reviews.steps_per_epoch()
    }

    fn batch(&self, epoch: usize, step: usize) -> Batch {
        let reviews::Batch { samples, indices, .. } = self.reviews.batch(epoch, step);
        let targets = samples.iter().map(|sample| self.targets[*sample]).collect();
        Batch { reviews: indices, targets }
    }

    fn continues(&self, _epoch: usize, _step: usize) -> bool {
        false
    }
}
