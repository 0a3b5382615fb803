//! Batches of windows: shuffled to learn from, in order to judge by.

use std::ops::Range;

use recurrent_backend::Seed;
use recurrent_data::prices::Windows;
use recurrent_train::{Batches, shuffled_order};

use crate::model::{Batch, Forecaster};

/// Windows that are judged at once: enough to keep all threads busy, few enough for any memory.
const JUDGED_AT_ONCE: usize = 512;

/// The training windows, in another order each epoch; the last batch of an epoch may be smaller.
pub struct ShuffledWindows<'a> {
    windows: &'a Windows,
    range: Range<usize>,
    batch_size: usize,
    seed: Seed,
    /// The order of the last epoch that was asked for, since making it again for each batch would be slow.
    order: std::cell::RefCell<(usize, Vec<usize>)>,
}

impl<'a> ShuffledWindows<'a> {
    /// Shuffles the windows of a range.
    pub fn new(windows: &'a Windows, range: Range<usize>, batch_size: usize, seed: Seed) -> Self {
        let first = shuffled_order(range.len(), seed, 0);
        Self { windows, range, batch_size, seed, order: (0, first).into() }
    }
}

impl Batches for ShuffledWindows<'_> {
    type Batch = Batch;

    fn steps_per_epoch(&self) -> usize {
        self.range.len().div_ceil(self.batch_size)
    }

    fn batch(&self, epoch: usize, step: usize) -> Batch {
        let mut order = self.order.borrow_mut();
        if order.0 != epoch {
            *order = (epoch, shuffled_order(self.range.len(), self.seed, epoch));
        }
        let start = step * self.batch_size;
        let end = (start + self.batch_size).min(self.range.len());
        gather(self.windows, order.1[start..end].iter().map(|place| self.range.start + place))
    }
}

/// The windows of a range in order, in batches.
pub fn in_order(windows: &Windows, range: Range<usize>) -> impl Iterator<Item = Batch> {
    let end = range.end;
    range.step_by(JUDGED_AT_ONCE).map(move |start| gather(windows, start..end.min(start + JUDGED_AT_ONCE)))
}

/// The forecast price after each window of a range.
pub fn forecast(model: &Forecaster, windows: &Windows, range: Range<usize>) -> Vec<f64> {
    let predictions = in_order(windows, range.clone()).flat_map(|batch| model.predict(&batch));
    range.zip(predictions).map(|(i, prediction)| windows.unscale(i, prediction)).collect()
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
