//! Batches of windows of days, with what came after each over what the linear model forecast.

use std::ops::Range;

use recurrent_backend::Seed;
use recurrent_train::{Batches, Shard, ShuffledOrder};
use recurrent_volatility::Ahead;

use crate::batches::own_places;

/// Windows of days, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskBatch {
    /// `[batch, window, features]`.
    pub inputs: Vec<f32>,
    /// The logarithm of what came over the linear model's forecast, `[batch, HORIZONS]`; empty where it is not known.
    pub targets: Vec<f32>,
    /// `[window, features]` of one input.
    pub shape: [usize; 2],
}

impl RiskBatch {
    /// The windows before some origins of one price, whose rows are those of [`Centre::rows`](super::Centre::rows).
    ///
    /// # Panics
    /// There are fewer days than a window before the first origin.
    pub fn before(rows: &[f32], shape: [usize; 2], origins: Range<usize>) -> Self {
        let mut batch = Self { inputs: Vec::new(), targets: Vec::new(), shape };
        origins.for_each(|origin| batch.push(rows, origin));
        batch
    }

    fn push(&mut self, rows: &[f32], origin: usize) {
        let [window, features] = self.shape;
        self.inputs.extend_from_slice(&rows[(origin - window) * features..origin * features]);
    }

    /// How many windows there are.
    pub fn samples(&self) -> usize {
        self.inputs.len() / self.shape.iter().product::<usize>()
    }
}

/// What is learnt from one price.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    /// What is read of each training day, `[days, features]`.
    pub rows: Vec<f32>,
    /// The first origin with a target.
    pub first: usize,
    /// The targets of the origins from there on.
    pub targets: Vec<Ahead>,
}

/// The training windows of all prices, in another order each epoch.
#[derive(Debug)]
pub struct ShuffledDays<'a> {
    samples: &'a [Samples],
    /// How many targets lie before those of each price, and how many there are in all.
    offsets: Vec<usize>,
    shape: [usize; 2],
    batch_size: usize,
    steps: usize,
    order: ShuffledOrder,
}

impl<'a> ShuffledDays<'a> {
    pub(super) fn new(
        samples: &'a [Samples],
        shape: [usize; 2],
        batch_size: usize,
        most_steps: usize,
        seed: Seed,
    ) -> Self {
        let mut offsets = vec![0];
        for price in samples {
            offsets.push(offsets[offsets.len() - 1] + price.targets.len());
        }
        let count = offsets[offsets.len() - 1];
        let steps = count.div_ceil(batch_size).min(most_steps);
        Self { samples, offsets, shape, batch_size, steps, order: ShuffledOrder::new(count, seed) }
    }

    fn rows(&self, epoch: usize, places: Range<usize>) -> RiskBatch {
        let mut batch = RiskBatch { inputs: Vec::new(), targets: Vec::new(), shape: self.shape };
        for place in &self.order.of(epoch)[places] {
            let price = self.offsets.partition_point(|offset| offset <= place) - 1;
            let (samples, target) = (&self.samples[price], place - self.offsets[price]);
            batch.push(&samples.rows, samples.first + target);
            batch.targets.extend(samples.targets[target].map(|target| target as f32));
        }
        batch
    }

    fn places(&self, step: usize) -> Range<usize> {
        let start = step * self.batch_size;
        start..(start + self.batch_size).min(self.offsets[self.samples.len()])
    }
}

impl Batches for ShuffledDays<'_> {
    type Batch = RiskBatch;

    fn steps_per_epoch(&self) -> usize {
        self.steps
    }

    fn batch(&self, epoch: usize, step: usize) -> RiskBatch {
        self.rows(epoch, self.places(step))
    }

    fn shard(&self, epoch: usize, step: usize, shard: Shard) -> Option<RiskBatch> {
        Some(self.rows(epoch, own_places(shard, self.places(step))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recurrent_volatility::HORIZONS;

    const FEATURES: usize = 3;

    #[test]
    fn an_epoch_has_every_window_of_every_price_with_its_target() {
        // Day `d` of price `p` reads 100 p + d; the target of an origin says the same.
        let price = |price: usize, days: usize| Samples {
            rows: (0..days * FEATURES).map(|place| (100 * price + place / FEATURES) as f32).collect(),
            first: 3,
            targets: (3..days).map(|origin| [(100 * price + origin) as f64; HORIZONS.len()]).collect(),
        };
        let samples = [price(1, 9), price(2, 5), price(3, 4)];
        let batches = ShuffledDays::new(&samples, [2, FEATURES], 4, usize::MAX, Seed(1));
        assert_eq!(batches.steps_per_epoch(), 3);
        let mut found = Vec::new();
        for step in 0..3 {
            let batch = batches.batch(7, step);
            for (inputs, targets) in
                batch.inputs.chunks(2 * FEATURES).zip(batch.targets.chunks(HORIZONS.len()))
            {
                assert_eq!(inputs[0] + 2.0, targets[0]);
                assert_eq!(inputs[FEATURES] + 1.0, targets[0]);
                found.push(targets[0] as usize);
            }
            let shards = (0..3).filter_map(|index| batches.shard(7, step, Shard::new(index, 3)));
            assert_eq!(shards.flat_map(|shard| shard.targets).collect::<Vec<_>>(), batch.targets);
        }
        found.sort_unstable();
        assert_eq!(found, [103, 104, 105, 106, 107, 108, 203, 204, 303]);
        assert_eq!(ShuffledDays::new(&samples, [2, FEATURES], 4, 2, Seed(1)).steps_per_epoch(), 2);
    }
}
