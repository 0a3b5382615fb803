//! What the op asks of a cell: its shape, and one step of it, composed, forward and backward. Each cell answers in a file of its
//! own below `src/cell`; nothing in this folder knows which cells there are.

use std::{fmt::Debug, ops::Range};

use super::{composed, kernel};

/// A cell.
pub(crate) trait Equations: Debug + Sync {
    /// What of it can be counted and named.
    fn shape(&self) -> &'static Shape;

    /// One step, of tensor operations: the definition that the kernel is tested against.
    fn compose(&self, step: &composed::Step<'_>) -> composed::State;

    /// The same on slices, and its way back; `None` for a cell that is composed everywhere.
    fn kernel(&self) -> Option<&dyn KernelStep>;
}

/// One step of a cell on slices of `f32`, for the rows of one thread.
pub(crate) trait KernelStep: Sync {
    /// Turns the sums in `gates`, which hold the input's part, into activated gates, and moves the state on.
    fn forward(&self, step: &mut kernel::ForwardStep<'_, '_>);

    /// Turns the activated gates into the gradients of their sums, and the gradients of the state after the step into those of
    /// the state before.
    fn backward(&self, step: &mut kernel::BackwardStep<'_, '_>);
}

/// What of a cell can be counted and named.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The gates, candidate included, in the order in which they stand side by side in the kernels.
    pub(crate) gates: &'static [Gate],
    /// Whether a memory is carried beside the output.
    pub(crate) has_memory: bool,
    /// Whether the recurrent products have a bias of their own, so that they stay apart from the input's part of the sums.
    pub(crate) has_recurrent_bias: bool,
    /// Whether layer normalisation is that of the whole sum, and not of each product.
    pub(crate) normalizes_sum: bool,
    /// Whether the cell itself names its one activation, so that a layer's has no meaning.
    pub(crate) names_activation: bool,
    /// Whether a step stores one more number a unit for the way back, beside gates and memory.
    pub(crate) stores: bool,
    /// The recurrent products, which together have all gates. Each is normalised by itself.
    pub(crate) products: &'static [Product],
}

/// A gate.
#[derive(Debug)]
pub(crate) struct Gate {
    /// What it is called in the equations.
    pub(crate) name: &'static str,
    /// Its place in PyTorch's layout, where PyTorch has the cell.
    pub(crate) pytorch: Option<usize>,
    /// Its place in Keras's, likewise.
    pub(crate) keras: Option<usize>,
    /// What its bias starts at.
    pub(crate) bias: f32,
}

/// A recurrent product: of what, with the columns of which gates.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) gates: Range<usize>,
    /// Whether it reads what the step stores, and not the state.
    pub(crate) reads_stored: bool,
    /// Whether the way back leaves its gradient in what the step stores, and not in the gates.
    pub(crate) leaves_stored: bool,
}

impl Product {
    /// One that reads the state, and whose gradient is that of the sums of its gates.
    pub(crate) const fn of_state(gates: Range<usize>) -> Self {
        Self { gates, reads_stored: false, leaves_stored: false }
    }
}

impl Shape {
    /// The number of biases of all gates that a layer holds.
    pub(crate) fn bias_rows(&self) -> usize {
        if self.has_recurrent_bias { 2 } else { 1 }
    }

    /// The columns of some gates.
    pub(crate) fn columns(gates: &Range<usize>, hidden: usize) -> Range<usize> {
        gates.start * hidden..gates.end * hidden
    }
}
