//! Batches of windows: shuffled to learn from, in order to judge by.

use std::ops::Range;

use recurrent_backend::Seed;
use recurrent_data::prices::Windows;
use recurrent_train::{Batches, Shard, ShuffledOrder};

/// Windows that are judged at once: enough to keep all threads busy, few enough for any memory.
pub(crate) const JUDGED_AT_ONCE: usize = 512;

/// Windows to learn from or to judge by, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// `[batch, window, features]`.
    pub inputs: Vec<f32>,
    /// `[batch, ahead]`; empty where they are not known.
    pub targets: Vec<f32>,
    /// `[window, features]` of one input.
    pub shape: [usize; 2],
}

/// The training windows, in another order each epoch; the last batch of an epoch may be smaller.
#[derive(Debug)]
pub struct ShuffledWindows<'a> {
    windows: &'a Windows,
    range: Range<usize>,
    ahead: usize,
    batch_size: usize,
    order: ShuffledOrder,
}

impl<'a> ShuffledWindows<'a> {
    /// Shuffles the windows of a range.
    ///
    /// # Panics
    /// `batch_size` is 0.
    pub fn new(windows: &'a Windows, range: Range<usize>, batch_size: usize, seed: Seed) -> Self {
        Self::of_days(windows, range, 1, batch_size, seed)
    }

    /// The same with the prices of so many days after each window for targets. A window with one that lies past the range's is left
    /// out.
    ///
    /// # Panics
    /// `ahead` or `batch_size` is 0.
    pub fn of_days(
        windows: &'a Windows,
        range: Range<usize>,
        ahead: usize,
        batch_size: usize,
        seed: Seed,
    ) -> Self {
        assert!(batch_size > 0, "a batch holds at least one window");
        let range = with_all_days(range, ahead);
        let order = ShuffledOrder::new(range.len(), seed);
        Self { windows, range, ahead, batch_size, order }
    }
}

impl Batches for ShuffledWindows<'_> {
    type Batch = Batch;

    fn steps_per_epoch(&self) -> usize {
        self.range.len().div_ceil(self.batch_size)
    }

    fn batch(&self, epoch: usize, step: usize) -> Batch {
        self.rows(epoch, self.places(step))
    }

    fn shard(&self, epoch: usize, step: usize, shard: Shard) -> Option<Batch> {
        Some(self.rows(epoch, own_places(shard, self.places(step))?))
    }
}

impl ShuffledWindows<'_> {
    /// Where a batch stands in the order of its epoch.
    fn places(&self, step: usize) -> Range<usize> {
        let start = step * self.batch_size;
        start..(start + self.batch_size).min(self.range.len())
    }

    fn rows(&self, epoch: usize, places: Range<usize>) -> Batch {
        gather(
            self.windows,
            self.ahead,
            self.order.of(epoch)[places].iter().map(|place| self.range.start + place),
        )
    }
}

/// Those of a batch's places that are a shard's own.
pub(crate) fn own_places(shard: Shard, Range { start, end }: Range<usize>) -> Option<Range<usize>> {
    let own = shard.rows(end - start)?;
    Some(start + own.start..start + own.end)
}

/// The windows of a range in order, in batches, each with the prices of so many days after it.
///
/// # Panics
/// `ahead` is 0, or the series ends before a window's last day.
pub fn in_order(windows: &Windows, range: Range<usize>, ahead: usize) -> impl Iterator<Item = Batch> {
    let end = range.end;
    let batch = move |start| gather(windows, ahead, start..end.min(start + JUDGED_AT_ONCE));
    range.step_by(JUDGED_AT_ONCE).map(batch)
}

/// The windows of a range of which the next `ahead` days lie no further than the next day of its last.
///
/// # Panics
/// `ahead` is 0.
pub fn with_all_days(range: Range<usize>, ahead: usize) -> Range<usize> {
    assert!(ahead > 0, "at least the next day");
    range.start..range.end.saturating_sub(ahead - 1).max(range.start)
}

/// Some windows, in the order of their places.
pub(crate) fn gather(windows: &Windows, ahead: usize, places: impl Iterator<Item = usize>) -> Batch {
    let mut batch =
        Batch { inputs: Vec::new(), targets: Vec::new(), shape: [windows.window(), windows.features()] };
    for place in places {
        batch.inputs.extend_from_slice(windows.inputs(place));
        batch.targets.extend((1..=ahead).map(|day| windows.target_after(place, day)));
    }
    batch
}

#[cfg(test)]
mod tests {
    use recurrent_data::Fractions;
    use recurrent_data::prices::{WindowSpec, demo};

    use super::*;
    use crate::prices::Prices;

    #[test]
    fn shards_are_the_rows_of_a_batch() {
        let prices = Prices::new(&demo(1, 110), &WindowSpec::default(), Fractions::default()).unwrap();
        let batches = ShuffledWindows::new(&prices.windows, 3..32, 7, Seed(5));
        for step in 0..batches.steps_per_epoch() {
            let whole = batches.batch(2, step);
            for count in [1, 2, 3, 11] {
                let shards: Vec<_> =
                    (0..count).filter_map(|index| batches.shard(2, step, Shard::new(index, count))).collect();
                let inputs: Vec<_> = shards.iter().flat_map(|shard| shard.inputs.clone()).collect();
                let targets: Vec<_> = shards.iter().flat_map(|shard| shard.targets.clone()).collect();
                assert_eq!((inputs, targets), (whole.inputs.clone(), whole.targets.clone()), "step {step}");
            }
        }
    }
}
