//! One step forward, as a cell's equations see it: the rows of one thread.

use std::ops::Range;

use super::{
    forward::{ForwardWalk, Scratch},
    isa::Level,
    normalized::NormalizedShare,
    product::{Onto, Rows},
    rows,
};

/// One step of the rows of one thread.
pub(crate) struct ForwardStep<'s, 'a> {
    pub(crate) level: Level,
    pub(crate) hidden: usize,
    /// The input's part of the sums, `[rows, gates * hidden]`, which a cell completes and turns into activated gates.
    pub(crate) gates: &'s mut [f32],
    /// The state before the step, `[rows, hidden]`, which becomes that after it.
    pub(crate) state: &'s mut [f32],
    /// The memory, likewise.
    pub(crate) memory: &'s mut [f32],
    /// What the cell stores for the way back, `[rows, hidden]`.
    pub(crate) stored: &'s mut [f32],
    pub(super) scratch: &'s mut Scratch,
    pub(super) walk: &'s ForwardWalk<'a>,
    pub(super) range: Range<usize>,
    pub(super) normalized: Option<&'s mut NormalizedShare<'a>>,
    /// The step's place in what is saved.
    pub(super) place: usize,
}

impl ForwardStep<'_, '_> {
    /// Adds a recurrent product to the sums of its gates, or, of a cell whose products have a bias of their own, computes that
    /// [part](Self::recurrent_part). With layer normalisation it is normalised, or the whole sum is.
    pub(crate) fn add_product(&mut self, index: usize) {
        let (walk, hidden, rows) = (self.walk, self.hidden, self.range.len());
        let (operands, width) = (walk.operands, walk.operands.width());
        let shape = operands.shape();
        let product = &shape.products[index];
        let normalizes_product = self.normalized.is_some() && !shape.normalizes_sum;
        let (out, bias) = match (&mut self.normalized, operands.recurrent_bias()) {
            (Some(normalized), _) if normalizes_product => (normalized.products(self.place), None),
            (_, Some(bias)) => (&mut *self.scratch.recurrent, Some(bias)),
            (_, None) => (&mut *self.gates, None),
        };
        for (gates, weight) in &walk.weights.recurrent[index] {
            let operand = if product.reads_stored {
                &*self.stored
            } else {
                walk.dropped(gates.start, &self.range, self.state, &mut self.scratch.dropped)
            };
            let columns = gates.start * hidden..gates.end * hidden;
            let into = match bias {
                _ if normalizes_product => Onto::Set,
                Some(bias) => Onto::SumWith(&bias[columns.clone()]),
                None => Onto::Add,
            };
            weight.product(
                rows,
                Rows { data: operand, stride: hidden },
                &mut out[columns.start..],
                width,
                into,
            );
        }
        let Some(normalized) = &mut self.normalized else { return };
        if shape.normalizes_sum {
            normalized.sums(self.place, self.gates, operands.bias());
        } else {
            let bias = operands.recurrent_bias();
            let sums = if bias.is_some() { &mut *self.scratch.recurrent } else { &mut *self.gates };
            normalized.add_product(self.place, index, sums, bias);
        }
    }

    /// The recurrent products, of a cell where they have a bias of their own, `[rows, gates * hidden]`; beside it the gates, what is
    /// stored, and the state.
    pub(crate) fn recurrent_part(&mut self) -> (&[f32], &mut [f32], &mut [f32], &mut [f32]) {
        (&self.scratch.recurrent, self.gates, self.stored, self.state)
    }

    /// The state as the recurrent product of a gate reads it, what is stored, and the gates.
    pub(crate) fn dropped_state(&mut self, gate: usize) -> (&[f32], &mut [f32], &mut [f32]) {
        let dropped = self.walk.dropped(gate, &self.range, self.state, &mut self.scratch.dropped);
        (dropped, self.stored, self.gates)
    }

    /// With layer normalisation: the memory brought to mean 0 and variance 1, with its gain and bias; beside it the gates and where
    /// the output goes.
    pub(crate) fn normalized_memory(&mut self) -> (NormalizedMemory<'_>, &mut [f32], &mut [f32]) {
        let normalized = self.normalized.as_mut().expect("a memory that is normalised");
        (normalized.memory(self.place, self.memory), self.gates, self.state)
    }

    /// Whether the memory is normalised.
    pub(crate) fn normalizes_memory(&self) -> bool {
        self.normalized.is_some() && self.walk.operands.shape().has_memory
    }
}

/// A memory that was normalised.
#[derive(Clone, Copy)]
pub(crate) struct NormalizedMemory<'a> {
    /// `[rows, hidden]`.
    pub(crate) numbers: &'a [f32],
    /// `[hidden]` each.
    pub(crate) gain: &'a [f32],
    pub(crate) bias: &'a [f32],
}

impl ForwardWalk<'_> {
    /// The state as the recurrent products of a gate read it.
    fn dropped<'s>(
        &self,
        gate: usize,
        range: &Range<usize>,
        state: &'s [f32],
        dropped: &'s mut [f32],
    ) -> &'s [f32] {
        let hidden = self.operands.sizes.hidden;
        let Some(dropout) = &self.operands.options.state_dropout else { return state };
        rows::multiply(dropped, state, rows::of(dropout.of_gate(gate), hidden, range));
        dropped
    }
}
