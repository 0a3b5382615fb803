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

    pub(super) fn remember(&mut self, state: &[f32], memory: &[f32]) {
        if !self.state.is_empty() {
            self.state.copy_from_slice(state);
            self.memory.copy_from_slice(memory);
        }
    }

    /// Puts back the rows that are not real.
    pub(super) fn restore(&self, real: &[bool], hidden: usize, state: &mut [f32], memory: &mut [f32]) {
        for (row, _) in real.iter().enumerate().filter(|(_, real)| !**real) {
            let row = row * hidden..(row + 1) * hidden;
            state[row.clone()].copy_from_slice(&self.state[row.clone()]);
            if !memory.is_empty() {
                memory[row.clone()].copy_from_slice(&self.memory[row]);
            }
        }
    }
}
