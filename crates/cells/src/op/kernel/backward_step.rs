//! One step backward, as a cell's equations see it: the rows of one thread.

use std::ops::Range;

use super::{
    backward::BackwardWalk,
    forward_step::NormalizedMemory,
    isa::Level,
    normalized::{GainShare, NormalizedShare},
    product::{Onto, Rows, Target, product},
    rows,
};

/// One step of the rows of one thread.
pub(crate) struct BackwardStep<'s, 'a> {
    pub(crate) level: Level,
    pub(crate) hidden: usize,
    /// The activated gates, `[rows, gates * hidden]`, which a cell turns into the gradients of their sums.
    pub(crate) gates: &'s mut [f32],
    /// What the cell stored, `[rows, hidden]`.
    pub(crate) stored: &'s mut [f32],
    /// The state before the step, `[rows, hidden]`, before its dropout.
    pub(crate) state_before: &'s [f32],
    /// The memory before the step and after it.
    pub(crate) memory_before: &'s [f32],
    pub(crate) memory: &'s [f32],
    /// The gradient of the state after the step, `[rows, hidden]`; what of it goes straight to the state before may be left there.
    pub(crate) d_output: &'s mut [f32],
    /// The gradient of the memory after the step, which becomes that of the one before.
    pub(crate) d_memory: &'s mut [f32],
    /// Where the gradient of the state before the step goes.
    pub(crate) d_state: &'s mut [f32],
    /// What a product sends back, `[rows, hidden]`.
    pub(super) through: &'s mut [f32],
    /// Where the memory after the step is not what the gates made of the one before, because some was kept.
    pub(super) new_memory: Option<&'s mut [f32]>,
    pub(super) walk: &'s BackwardWalk<'a>,
    pub(super) range: Range<usize>,
    /// False where a row is padding.
    pub(super) real: Option<&'s [bool]>,
    pub(super) normalized: Option<&'s mut NormalizedShare<'a>>,
    pub(super) d_gains: &'s mut GainShare<'a>,
    pub(super) step: usize,
}

/// Where what comes back through a product goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    /// To the gradient of the state before the step, which is set by the first product and added to by the others.
    State { is_first: bool },
    /// To where a cell sees it.
    Cell,
}

impl BackwardStep<'_, '_> {
    /// Sets the gradient of the state before the step to what comes back through the products that read it. The gradients of their
    /// gates' sums must be known.
    pub(crate) fn state_back(&mut self) {
        let options = self.walk.operands.options;
        let products =
            options.shape().products.iter().enumerate().filter(|(_, product)| !product.reads_stored);
        for (place, (index, _)) in products.enumerate() {
            self.product_back(index, To::State { is_first: place == 0 });
        }
        // With one mask for all gates, it is applied to their sum.
        if let Some(dropout) = options.state_dropout.as_ref().filter(|dropout| !dropout.is_untied()) {
            rows::multiply_in_place(self.d_state, rows::of(dropout.of_gate(0), self.hidden, &self.range));
        }
    }

    /// What comes back through a product that reads what the step stored, `[rows, hidden]`; with it the gates, and the gradient that
    /// goes straight to the state before.
    pub(crate) fn stored_back(&mut self, index: usize) -> (&[f32], &mut [f32], &mut [f32]) {
        self.product_back(index, To::Cell);
        let options = self.walk.operands.options;
        if let Some(dropout) = &options.state_dropout {
            let gate = options.shape().products[index].gates.start;
            rows::multiply_in_place(self.through, rows::of(dropout.of_gate(gate), self.hidden, &self.range));
        }
        (self.through, self.gates, self.d_output)
    }

    /// Takes the gradients of a product's sums back through it, part by part of its columns.
    fn product_back(&mut self, index: usize, to: To) {
        self.clear_padding(index);
        let (walk, hidden, count) = (self.walk, self.hidden, self.range.len());
        let product_of = &walk.operands.shape().products[index];
        let mut d_sums = if product_of.leaves_stored {
            Sums { numbers: self.stored, stride: hidden, first: product_of.gates.start }
        } else {
            Sums { numbers: self.gates, stride: walk.operands.width(), first: 0 }
        };
        if let Some(normalized) = &mut self.normalized {
            let Sums { numbers, stride, .. } = d_sums;
            let numbers = normalized.product_back(self.step, index, numbers, stride, self.d_gains);
            d_sums = Sums { numbers, stride: walk.operands.width(), first: 0 };
        }
        let dropout = walk.operands.options.state_dropout.as_ref().filter(|it| it.is_untied());
        for (place, (gates, weights)) in walk.weights.recurrent[index].iter().enumerate() {
            let a = Rows {
                data: &d_sums.numbers[(gates.start - d_sums.first) * hidden..],
                stride: d_sums.stride,
            };
            let (out, into, mask) = match to {
                To::Cell => (&mut *self.through, Onto::Set, None),
                To::State { is_first } => match dropout {
                    Some(dropout) => {
                        (&mut *self.through, Onto::Set, Some((dropout.of_gate(gates.start), is_first)))
                    }
                    None if is_first && place == 0 => (&mut *self.d_state, Onto::Set, None),
                    None => (&mut *self.d_state, Onto::Add, None),
                },
            };
            product(a, weights, Target::new(count, hidden, out, hidden), into);
            if let Some((mask, is_first)) = mask {
                let mask = rows::of(mask, hidden, &self.range);
                let through = Rows { data: self.through, stride: hidden };
                rows::put_dropped(self.d_state, hidden, through, mask, is_first && place == 0);
            }
        }
    }

    /// A padded step contributes no gradient.
    fn clear_padding(&mut self, index: usize) {
        let (hidden, width) = (self.hidden, self.walk.operands.width());
        let product = &self.walk.operands.shape().products[index];
        let padded = self.real.unwrap_or_default().iter().enumerate().filter(|(_, real)| !**real);
        for (row, _) in padded {
            let columns = product.gates.start * hidden..product.gates.end * hidden;
            self.gates[row * width..][columns].fill(0.0);
            if product.leaves_stored {
                self.stored[row * hidden..][..hidden].fill(0.0);
            }
        }
    }

    /// The memory that the gates made of the one before, computed anew by `of` where some of it was kept.
    pub(crate) fn made_memory(&mut self, of: impl FnOnce(&[f32], &[f32], &mut [f32])) {
        if let Some(memory) = self.new_memory.take() {
            of(self.gates, self.memory_before, memory);
            self.memory = memory;
        }
    }

    /// With layer normalisation: what the memory was brought to, and what its gradient is computed from and into.
    pub(crate) fn normalized_memory(&mut self) -> Option<MemoryBack<'_>> {
        let normalized = self.normalized.as_ref()?;
        for (row, _) in self.real.unwrap_or_default().iter().enumerate().filter(|(_, real)| !**real) {
            // It would add to the gradients of the gains; its own is remembered.
            self.d_output[row * self.hidden..][..self.hidden].fill(0.0);
        }
        let memory = normalized.normalized_memory(self.step);
        Some(MemoryBack { memory, gates: self.gates, d_output: self.d_output, d: self.through })
    }

    /// Adds to the gradient of the memory after the step what comes back through its normalisation, from [`MemoryBack::d`].
    pub(crate) fn add_memory_back(&mut self) {
        let normalized = self.normalized.as_mut().expect("a memory that was normalised");
        let d = normalized.memory_back(self.step, self.through, self.d_gains);
        rows::add(self.level, self.d_memory, d);
    }
}

/// A step's normalised memory on the way back.
pub(crate) struct MemoryBack<'s> {
    pub(crate) memory: NormalizedMemory<'s>,
    pub(crate) gates: &'s mut [f32],
    pub(crate) d_output: &'s [f32],
    /// Where the gradient of the operand of the memory's activation goes, for [`BackwardStep::add_memory_back`].
    pub(crate) d: &'s mut [f32],
}

/// Gradients of sums, in rows that begin with the columns of the gate `first`.
struct Sums<'s> {
    numbers: &'s [f32],
    stride: usize,
    first: usize,
}
