//! All that is drawn at random for one pass through a layer, before anything is computed.
//!
//! The layer computes from these numbers alone, so that a test can feed it masks that another program used.

use std::sync::Arc;

use recurrent_backend::Seed;

use crate::{
    cell::Cell,
    dropout::{check_rate, mask},
    zoneout::{Kept, Zoneout},
};

/// The rates at which a layer drops or keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rates {
    pub(crate) input: f64,
    pub(crate) recurrent: f64,
    pub(crate) weight: f64,
    pub(crate) zoneout_output: f64,
    pub(crate) zoneout_memory: f64,
}

impl Rates {
    /// # Panics
    /// A rate is not in `[0, 1)`, or a memory is to be kept that the cell does not have.
    pub(crate) fn check(&self, cell: Cell) {
        let Self { input, recurrent, weight, zoneout_output, zoneout_memory } = *self;
        [input, recurrent, weight, zoneout_output, zoneout_memory].into_iter().for_each(check_rate);
        assert!(
            zoneout_memory == 0.0 || cell.has_memory(),
            "a zoneout rate of {zoneout_memory} for the memory has no meaning: {cell:?} has no memory, only the \
             LSTM has; use the rate for the output"
        );
    }
}

/// The masks of one pass.
#[derive(Clone, Debug, Default)]
pub(crate) struct Masks {
    /// What the features are multiplied with at every step, `[batch, input]`.
    pub(crate) input: Option<Arc<[f32]>>,
    /// What the state is multiplied with before every recurrent product, `[batch, hidden]`.
    pub(crate) recurrent: Option<Arc<[f32]>>,
    /// What the recurrent kernel is multiplied with, `[hidden, gates * hidden]`.
    pub(crate) weights: Option<Vec<f32>>,
    pub(crate) zoneout: Zoneout,
}

/// Each mask of a layer draws from a stream of its own.
const INPUT: u64 = 0;
const RECURRENT: u64 = 1;
const WEIGHTS: u64 = 2;
const ZONEOUT_OUTPUT: u64 = 3;
const ZONEOUT_MEMORY: u64 = 4;

impl Masks {
    /// Draws the masks of a pass over `batch` sequences of `time` steps; without a seed nothing is dropped, and
    /// zoneout is its expectation.
    pub(crate) fn draw(
        rates: &Rates,
        cell: Cell,
        [batch, time]: [usize; 2],
        [input, hidden]: [usize; 2],
        seed: Option<Seed>,
    ) -> Self {
        let of = |key: u64, rate: f64, count: usize| {
            seed.filter(|_| rate > 0.0).map(|seed| mask(seed.part(&[key]), rate, count))
        };
        let kept =
            |key: u64, rate: f64| Kept::new(rate, seed.map(|seed| seed.part(&[key])), time, batch * hidden);
        Self {
            input: of(INPUT, rates.input, batch * input).map(Into::into),
            recurrent: of(RECURRENT, rates.recurrent, batch * hidden).map(Into::into),
            weights: of(WEIGHTS, rates.weight, hidden * cell.gates() * hidden),
            zoneout: Zoneout {
                output: kept(ZONEOUT_OUTPUT, rates.zoneout_output),
                memory: kept(ZONEOUT_MEMORY, rates.zoneout_memory),
            },
        }
    }
}
