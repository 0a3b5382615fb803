//! Batches of windows: shuffled to learn from, in order to judge by.

use std::ops::Range;

use recurrent_backend::Seed;
use recurrent_data::prices::Windows;
use recurrent_train::{Batches, ShuffledOrder};

/// Windows that are judged at once: enough to keep all threads busy, few enough for any memory.
const JUDGED_AT_ONCE: usize = 512;

/// Windows to learn from or to judge by, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// `[batch, window, features]`.
    pub inputs: Vec<f32>,
    /// `[batch]`; empty where they are not known.
    pub targets: Vec<f32>,
    /// `[window, features]` of one input.
    pub shape: [usize; 2],
}

/// The training windows, in another order each epoch; the last batch of an epoch may be smaller.
#[derive(Debug)]
pub struct ShuffledWindows<'a> {
    windows: &'a Windows,
    range: Range<usize>,
    batch_size: usize,
    order: ShuffledOrder,
}

impl<'a> ShuffledWindows<'a> {
    /// Shuffles the windows of a range.
    ///
    /// # Panics
    /// `batch_size` is 0.
    pub fn new(windows: &'a Windows, range: Range<usize>, batch_size: usize, seed: Seed) -> Self {
        assert!(batch_size > 0, "a batch holds at least one window");
        let order = ShuffledOrder::new(range.len(), seed);
        Self { windows, range, batch_size, order }
    }
}

impl Batches for ShuffledWindows<'_> {
    type Batch = Batch;

    fn steps_per_epoch(&self) -> usize {
        self.range.len().div_ceil(self.batch_size)
    }

    fn batch(&self, epoch: usize, step: usize) -> Batch {
        let order = self.order.of(epoch);
        let start = step * self.batch_size;
        let end = (start + self.batch_size).min(self.range.len());
        gather(self.windows, order[start..end].iter().map(|place| self.range.start + place))
    }
}

/// The windows of a range in order, in batches.
pub fn in_order(windows: &Windows, range: Range<usize>) -> impl Iterator<Item = Batch> {
    let end = range.end;
    range.step_by(JUDGED_AT_ONCE).map(move |start| gather(windows, start..end.min(start + JUDGED_AT_ONCE)))
}

fn gather(windows: &Windows, places: impl Iterator<Item = usize>) -> Batch {
    let mut batch =
        Batch { inputs: Vec::new(), targets: Vec::new(), shape: [windows.window(), windows.features()] };
    for place in places {
        batch.inputs.extend_from_slice(windows.inputs(place));
        batch.targets.push(windows.targets()[place]);
    }
    batch
}
