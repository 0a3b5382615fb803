//! Batches of text: shuffled windows that stand for themselves, or contiguous streams whose state goes on.

use std::cell::RefCell;

use recurrent_backend::Seed;
use recurrent_data::text::{CutFault, Id, Streams, Windows};
use recurrent_train::{Batches, shuffled_order};

use crate::model::{Batch, Carry};
use crate::settings::{Feed, Settings};

/// The training text in batches.
pub enum TextBatches<'a> {
    /// Windows in another order each epoch; the last batch of an epoch may be smaller.
    Windows {
        /// The windows.
        windows: Windows<'a>,
        /// Windows in a batch.
        batch_size: usize,
        /// The seed of the order.
        seed: Seed,
        /// The order of the last epoch that was asked for, since making it again for each batch would be slow.
        order: RefCell<(usize, Vec<usize>)>,
    },
    /// Rows that go on from batch to batch.
    Streams(Streams<'a>),
}

impl<'a> TextBatches<'a> {
    /// Cuts a text as the settings ask.
    ///
    /// # Errors
    /// It is too short.
    pub fn new(ids: &'a [Id], settings: &Settings) -> Result<Self, CutFault> {
        let batch_size = settings.batch_size;
        Ok(match settings.feed {
            Feed::Windows => {
                let (windows, seed) = (Windows::new(ids, settings.window)?, settings.train.seed);
                let order = RefCell::new((0, shuffled_order(windows.len(), seed, 0)));
                Self::Windows { windows, batch_size, seed, order }
            }
            Feed::Streams => Self::Streams(Streams::new(ids, batch_size, settings.window)?),
        })
    }

    /// Characters that an epoch reads.
    pub fn characters(&self) -> usize {
        match self {
            Self::Windows { windows, .. } => windows.len() * windows.window(),
            Self::Streams(streams) => streams.steps() * streams.batch() * streams.time(),
        }
    }
}

impl Batches for TextBatches<'_> {
    type Batch = Batch;

    fn steps_per_epoch(&self) -> usize {
        match self {
            Self::Windows { windows, batch_size, .. } => windows.len().div_ceil(*batch_size),
            Self::Streams(streams) => streams.steps(),
        }
    }

    fn batch(&self, epoch: usize, step: usize) -> Batch {
        match self {
            Self::Windows { windows, batch_size, seed, order } => {
                let mut order = order.borrow_mut();
                if order.0 != epoch {
                    *order = (epoch, shuffled_order(windows.len(), *seed, epoch));
                }
                let places = &order.1[step * batch_size..((step + 1) * batch_size).min(windows.len())];
                Batch {
                    inputs: wide(places.iter().map(|place| windows.input(*place))),
                    targets: wide(places.iter().map(|place| windows.target(*place))),
                    shape: [places.len(), windows.window()],
                    carry: Carry::Nothing,
                }
            }
            Self::Streams(streams) => Batch {
                inputs: wide(streams.inputs(step)),
                targets: wide(streams.targets(step)),
                shape: [streams.batch(), streams.time()],
                carry: Carry::State,
            },
        }
    }
}

fn wide<'a>(rows: impl Iterator<Item = &'a [Id]>) -> Vec<i64> {
    rows.flatten().map(|id| i64::from(*id)).collect()
}
