//! All that is drawn at random for one pass through a layer, before anything is computed.
//!
//! The layer computes from these numbers alone, so that a test can feed it masks that another program used.

use recurrent_backend::Seed;
use serde::{Deserialize, Serialize};

use crate::{
    cell::Cell,
    dropout::{check_rate, mask},
    op::options::DropoutMasks,
    zoneout::{Kept, Zoneout},
};

/// How many dropout masks a sequence has, for its inputs and for its state (Gal and Ghahramani 2016).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GateMasks {
    /// One for all gates: a feature or unit that is dropped is dropped from every one of them.
    #[default]
    Tied,
    /// One for each gate, as Keras draws them for a layer with recurrent dropout.
    Untied,
}

impl GateMasks {
    /// The masks of a cell.
    pub(crate) fn count(self, cell: Cell) -> usize {
        match self {
            Self::Tied => 1,
            Self::Untied => cell.gates(),
        }
    }
}

/// The rates at which a layer drops or keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rates {
    pub(crate) input: f64,
    pub(crate) recurrent: f64,
    pub(crate) gate_masks: GateMasks,
    pub(crate) weight: f64,
    pub(crate) zoneout_output: f64,
    pub(crate) zoneout_memory: f64,
}

impl Rates {
    /// # Panics
    /// A rate is not in `[0, 1)`, or a memory is to be kept that the cell does not have.
    pub(crate) fn check(&self, cell: Cell) {
        let Self { input, recurrent, weight, zoneout_output, zoneout_memory, gate_masks: _ } = *self;
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
    /// What the features are multiplied with at every step, `[masks, batch, input]`: one mask for all gates or one for each.
    pub(crate) input: Option<DropoutMasks>,
    /// What the state is multiplied with before every recurrent product, `[masks, batch, output]`.
    pub(crate) recurrent: Option<DropoutMasks>,
    /// What the recurrent kernel is multiplied with, `[output, gates * hidden]`.
    pub(crate) weights: Option<Vec<f32>>,
    pub(crate) zoneout: Zoneout,
}

/// The sizes of a pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PassSizes {
    pub(crate) batch: usize,
    pub(crate) time: usize,
    pub(crate) input: usize,
    pub(crate) hidden: usize,
    pub(crate) output: usize,
}

/// Each mask of a layer draws from a stream of its own.
const INPUT: u64 = 0;
const RECURRENT: u64 = 1;
const WEIGHTS: u64 = 2;
const ZONEOUT_OUTPUT: u64 = 3;
const ZONEOUT_MEMORY: u64 = 4;

impl Masks {
    /// Draws the masks of a pass; without a seed nothing is dropped, and zoneout is its expectation.
    pub(crate) fn draw(rates: &Rates, cell: Cell, sizes: PassSizes, seed: Option<Seed>) -> Self {
        let PassSizes { batch, time, input, hidden, output } = sizes;
        let masks = rates.gate_masks.count(cell);
        let of = |key: u64, rate: f64, count: usize| {
            seed.filter(|_| rate > 0.0).map(|seed| mask(seed.part(&[key]), rate, count))
        };
        let of_gates = |key: u64, rate: f64, size: usize| {
            of(key, rate, masks * size).map(|factors| DropoutMasks::new(factors, masks))
        };
        let kept = |key: u64, rate: f64, width: usize| {
            Kept::new(rate, seed.map(|seed| seed.part(&[key])), time, batch * width)
        };
        Self {
            input: of_gates(INPUT, rates.input, batch * input),
            recurrent: of_gates(RECURRENT, rates.recurrent, batch * output),
            weights: of(WEIGHTS, rates.weight, output * cell.gates() * hidden),
            zoneout: Zoneout {
                output: kept(ZONEOUT_OUTPUT, rates.zoneout_output, output),
                memory: kept(ZONEOUT_MEMORY, rates.zoneout_memory, hidden),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untied_gates_have_masks_of_their_own() {
        let rates = Rates { input: 0.5, recurrent: 0.5, gate_masks: GateMasks::Untied, ..Rates::default() };
        let sizes = PassSizes { batch: 3, time: 2, input: 40, hidden: 50, output: 50 };
        let masks = Masks::draw(&rates, Cell::Lstm, sizes, Some(Seed(1)));
        for (masks, size) in [(masks.input, 3 * 40), (masks.recurrent, 3 * 50)] {
            let masks = masks.expect("masks");
            let gates: Vec<_> = masks.each().collect();
            assert_eq!((gates.len(), masks.size()), (4, size));
            for (place, gate) in gates.iter().enumerate() {
                assert!(gates[..place].iter().all(|other| other != gate), "gate {place} repeats another");
            }
        }
    }
}
