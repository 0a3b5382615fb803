//! What the network learns from, in batches, as the training loop asks for them: a function of epoch and step.

use recurrent_data::reviews::{self, BatchFault, BatchSpec, Padded, Sequences};
use recurrent_train::{Batches, Shard};

use crate::outputs::Outputs;
use crate::parts::Part;

/// Texts to learn from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examples {
    /// Their indices.
    pub reviews: Sequences,
    /// The probability that each is positive, or of each class in turn: 0 or 1 by its label, or whatever a teacher makes of it.
    pub targets: Vec<f32>,
}

impl Examples {
    /// The reviews of a part with their labels.
    pub fn labelled(part: &Part<'_>, outputs: Outputs) -> Self {
        Self { reviews: part.reviews().into_iter().collect(), targets: outputs.targets(&part.truth()) }
    }

    /// These, and others.
    pub fn and(mut self, others: Self) -> Self {
        self.reviews.append(&others.reviews);
        self.targets.extend(others.targets);
        self
    }
}

/// Some texts to learn from, made equally long.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Their indices, `[batch, time]`.
    pub reviews: Padded,
    /// The probability that each is positive, or of each class, `[batch, outputs]`.
    pub targets: Vec<f32>,
}

/// Examples in batches.
#[derive(Debug)]
pub struct ReviewBatches<'a> {
    reviews: reviews::Batches<'a>,
    targets: &'a [f32],
    /// Targets of a review.
    width: usize,
}

impl<'a> ReviewBatches<'a> {
    /// Cuts the examples.
    ///
    /// # Errors
    /// There is no example.
    pub fn new(examples: &'a Examples, spec: BatchSpec) -> Result<Self, BatchFault> {
        let samples = (0..examples.reviews.len()).collect();
        let reviews = reviews::Batches::new(&examples.reviews, &[], samples, spec)?;
        let width = examples.targets.len() / examples.reviews.len();
        Ok(Self { reviews, targets: &examples.targets, width })
    }
}

impl ReviewBatches<'_> {
    fn targets(&self, samples: &[usize]) -> Vec<f32> {
        samples
            .iter()
            .flat_map(|sample| &self.targets[sample * self.width..][..self.width])
            .copied()
            .collect()
    }
}

impl Batches for ReviewBatches<'_> {
    type Batch = Batch;

    fn steps_per_epoch(&self) -> usize {
        self.reviews.steps_per_epoch()
    }

    fn batch(&self, epoch: usize, step: usize) -> Batch {
        let reviews::Batch { samples, indices, .. } = self.reviews.batch(epoch, step);
        Batch { reviews: indices, targets: self.targets(&samples) }
    }

    /// As wide as the batch, so that a review is padded alike whatever the number of shards.
    fn shard(&self, epoch: usize, step: usize, shard: Shard) -> Option<Batch> {
        let reviews::Batch { samples, indices, .. } = self.reviews.batch(epoch, step);
        let rows = shard.rows(samples.len())?;
        Some(Batch { reviews: indices.rows(rows.clone()), targets: self.targets(&samples[rows]) })
    }

    fn continues(&self, _epoch: usize, _step: usize) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recurrent_data::reviews::{Order, PadSpec};

    /// Reviews of different lengths, and a target that follows from the first index of each.
    fn examples(first: u32, count: u32) -> Examples {
        let review = |i: u32| vec![first + i; 1 + (i as usize * 7) % 5];
        Examples {
            reviews: (0..count).map(review).collect(),
            targets: (0..count).map(|i| (first + i) as f32 / 1000.0).collect(),
        }
    }

    #[test]
    fn each_review_keeps_its_target_in_every_order() {
        let all = examples(1, 23).and(examples(100, 14));
        for order in [Order::Shuffled, Order::Bucketed(3)] {
            let spec = BatchSpec { batch: 4, order, pad: PadSpec::default(), seed: 42 };
            let batches = ReviewBatches::new(&all, spec).unwrap();
            for epoch in 0..2 {
                let mut seen = Vec::new();
                for step in 0..batches.steps_per_epoch() {
                    let Batch { reviews, targets } = batches.batch(epoch, step);
                    assert_eq!(reviews.lengths.len(), targets.len());
                    for (row, target) in reviews.numbers.chunks(reviews.time).zip(targets) {
                        let index = *row.iter().max().expect("an index");
                        let place =
                            all.reviews.iter().position(|review| review[0] == index).expect("a review");
                        assert_eq!(target, all.targets[place]);
                        seen.push(place);
                    }
                }
                seen.sort_unstable();
                assert!(seen.into_iter().eq(0..37), "each once an epoch");
            }
        }
    }

    #[test]
    fn shards_are_the_rows_of_a_batch() {
        let all = examples(1, 23);
        let spec = BatchSpec { batch: 5, order: Order::Bucketed(3), pad: PadSpec::default(), seed: 7 };
        let batches = ReviewBatches::new(&all, spec).unwrap();
        for (step, count) in
            (0..batches.steps_per_epoch()).flat_map(|step| [1, 2, 3, 8].map(|count| (step, count)))
        {
            let whole = batches.batch(1, step);
            let shards: Vec<_> =
                (0..count).filter_map(|index| batches.shard(1, step, Shard::new(index, count))).collect();
            let joined = Batch {
                reviews: Padded {
                    numbers: shards.iter().flat_map(|shard| shard.reviews.numbers.clone()).collect(),
                    time: shards[0].reviews.time,
                    lengths: shards.iter().flat_map(|shard| shard.reviews.lengths.clone()).collect(),
                },
                targets: shards.iter().flat_map(|shard| shard.targets.clone()).collect(),
            };
            assert_eq!(joined, whole, "step {step}, {count} shards");
        }
    }
}
