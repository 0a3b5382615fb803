//! What a step found, forward or on the way back: padded rows go back to it, and units in zoneout are mixed with it.

use super::Operands;

/// State and memory, or their gradients, as a step found them: the rows of one thread, or none where nothing goes back to them.
pub(super) struct Before {
    pub(super) state: Vec<f32>,
    pub(super) memory: Vec<f32>,
}

impl Before {
    pub(super) fn new(operands: &Operands<'_>, rows: usize) -> Self {
        let zeros = |width: usize| vec![0.0; rows * width];
        Self { state: zeros(operands.sizes.hidden), memory: zeros(operands.memory_width()) }
    }

    #[inline]
    pub(super) fn remember(&mut self, state: &[f32], memory: &[f32]) {
        if !self.state.is_empty() {
            self.state.copy_from_slice(state);
            self.memory.copy_from_slice(memory);
        }
    }

    /// The same of the rows alone that are not real.
    pub(super) fn remember_padded(&mut self, real: &[bool], hidden: usize, state: &[f32], memory: &[f32]) {
        copy_padded(real, hidden, [&mut self.state, &mut self.memory], [state, memory]);
    }

    /// Puts back the rows that are not real.
    #[inline]
    pub(super) fn restore(&self, real: &[bool], hidden: usize, state: &mut [f32], memory: &mut [f32]) {
        copy_padded(real, hidden, [state, memory], [&self.state, &self.memory]);
    }
}

/// Copies the rows that are not real; there may be no memory.
fn copy_padded(real: &[bool], hidden: usize, to: [&mut [f32]; 2], from: [&[f32]; 2]) {
    for (to, from) in to.into_iter().zip(from).filter(|(to, _)| !to.is_empty()) {
        for (row, _) in real.iter().enumerate().filter(|(_, real)| !**real) {
            let row = row * hidden..(row + 1) * hidden;
            to[row.clone()].copy_from_slice(&from[row]);
        }
    }
}
