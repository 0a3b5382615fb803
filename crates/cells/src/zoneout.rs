//! Zoneout (Krueger et al. 2016, arXiv:1606.01305): units that keep the value they had before a step.
//!
//! ```text
//! c_t = d_c * c_{t-1} + (1 - d_c) * c~_t            c~_t, the LSTM's new memory
//! s_t = d_s * s_{t-1} + (1 - d_s) * s~_t            s~_t, the new output; the LSTM's is o * tanh(c~_t)
//! ```
//!
//! In training `d_s` and `d_c` are masks of ones and zeros, drawn for each step and unit; in evaluation each is its
//! expectation, the rate. As in the paper, the LSTM's new output follows from its new memory, not from the kept one.

use std::sync::Arc;

use crate::dropout::draw_steps;
use recurrent_backend::Seed;

/// What one quantity, the output or the memory, keeps of its value before a step.
#[derive(Clone, Debug)]
pub(crate) enum Kept {
    /// In training: true where a unit keeps its value, `[time, batch, hidden]`.
    Units(Arc<[bool]>),
    /// In evaluation: this share of the value before.
    Share(f32),
}

/// What a sequence keeps at each step; nothing where there is no rate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Zoneout {
    pub(crate) output: Option<Kept>,
    pub(crate) memory: Option<Kept>,
}

impl Zoneout {
    /// Whether anything is kept.
    pub(crate) fn is_on(&self) -> bool {
        self.output.is_some() || self.memory.is_some()
    }
}

impl Kept {
    /// Draws the units for `time` steps of `width` numbers each; without a seed, the expectation.
    pub(crate) fn new(rate: f64, seed: Option<Seed>, time: usize, width: usize) -> Option<Self> {
        let kept = || match seed {
            Some(seed) => Self::Units(draw_steps(seed, rate, time, width).into()),
            None => Self::Share(rate as f32),
        };
        (rate > 0.0).then(kept)
    }
}
