//! What goes into a sequence, as slices; every length is checked once, at the door.

use super::product::Rows;
use crate::{
    op::{
        equations::Shape,
        options::{DropoutMasks, Options},
    },
    zoneout::Kept,
};

/// The sizes of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) time: usize,
    pub(crate) batch: usize,
    pub(crate) input: usize,
    pub(crate) hidden: usize,
}

/// What a sequence reads at each step.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// Features.
    Dense { data: &'a [f32], order: Order },
    /// The place of the one in a one-hot input, `[time, batch]`.
    Tokens(&'a [usize]),
}

/// What lies together in a tensor of all steps of all sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The sequences of one step: `[time, batch, ...]`.
    Steps,
    /// The steps of one sequence: `[batch, time, ...]`.
    Sequences,
}

impl Order {
    /// What a step reads of the sequences from `first` on, before dropout.
    pub(super) fn rows(self, data: &[f32], sizes: Sizes, step: usize, first: usize) -> Rows<'_> {
        let Sizes { time, batch, input, .. } = sizes;
        let (start, stride) = match self {
            Self::Steps => ((step * batch + first) * input, input),
            Self::Sequences => ((first * time + step) * input, time * input),
        };
        Rows { data: &data[start..], stride }
    }
}

/// All that goes into a sequence.
#[derive(Clone, Copy)]
pub(crate) struct Operands<'a> {
    pub(crate) sizes: Sizes,
    pub(crate) options: &'a Options,
    pub(crate) source: Source<'a>,
    /// `[input, gates * hidden]`.
    pub(crate) kernel: &'a [f32],
    /// `[hidden, gates * hidden]`.
    pub(crate) recurrent: &'a [f32],
    /// `[1 or 2, gates * hidden]`.
    pub(crate) biases: &'a [f32],
    /// `[1 or 2, batch, hidden]`.
    pub(crate) states: &'a [f32],
    /// Of layer normalisation; without, of any length.
    pub(crate) gains: &'a [f32],
}

/// What layer normalisation learns.
#[derive(Clone, Copy)]
pub(crate) struct Gains<'a> {
    /// Of the recurrent products or of the sum, `[gates * hidden]`.
    pub(crate) recurrent: &'a [f32],
    /// Of the input's part; empty where the sum is normalised.
    pub(crate) input: &'a [f32],
    /// Of the memory before its activation, `[hidden]`, and the bias there; empty without a memory.
    pub(crate) memory: &'a [f32],
    pub(crate) memory_bias: &'a [f32],
}

impl<'a> Operands<'a> {
    pub(super) fn shape(&self) -> &'static Shape {
        self.options.shape()
    }

    /// Columns of all gates.
    pub(super) fn width(&self) -> usize {
        self.shape().gates.len() * self.sizes.hidden
    }

    pub(super) fn bias(&self) -> &'a [f32] {
        &self.biases[..self.width()]
    }

    /// The recurrent products' own, where they have one.
    pub(super) fn recurrent_bias(&self) -> Option<&'a [f32]> {
        self.shape().has_recurrent_bias.then(|| &self.biases[self.width()..])
    }

    /// The state before the first step.
    pub(super) fn state(&self) -> &'a [f32] {
        &self.states[..self.sizes.batch * self.sizes.hidden]
    }

    /// The memory before the first step; empty for a cell without.
    pub(super) fn memory(&self) -> &'a [f32] {
        &self.states[self.sizes.batch * self.sizes.hidden..]
    }

    pub(super) fn gains(&self) -> Option<Gains<'a>> {
        let (hidden, width) = (self.sizes.hidden, self.width());
        self.options.normalizes.then(|| {
            let (recurrent, rest) = self.gains.split_at(width);
            let (input, rest) = rest.split_at(if self.shape().normalizes_sum { 0 } else { width });
            let (memory, memory_bias) = rest.split_at(if self.shape().has_memory { hidden } else { 0 });
            Gains { recurrent, input, memory, memory_bias }
        })
    }

    /// The numbers of each step's rows that a cell stores for the way back.
    pub(super) fn stored_width(&self) -> usize {
        if self.shape().stores { self.sizes.hidden } else { 0 }
    }

    /// The numbers of each row of memory.
    pub(super) fn memory_width(&self) -> usize {
        if self.shape().has_memory { self.sizes.hidden } else { 0 }
    }

    /// Asserts every length, so that nothing inside has to.
    pub(super) fn check(&self) {
        let Sizes { time, batch, input, hidden } = self.sizes;
        let (shape, width, gates) = (self.shape(), self.width(), self.shape().gates.len());
        assert!(time > 0 && batch > 0 && input > 0 && hidden > 0, "no size may be 0: {:?}", self.sizes);
        let fits = |masks: &Option<DropoutMasks>, size: usize| {
            masks.as_ref().is_none_or(|it| [1, gates].contains(&it.count()) && it.size() == size)
        };
        match self.source {
            Source::Dense { data, .. } => {
                assert_eq!(data.len(), time * batch * input, "input");
                assert!(fits(&self.options.input_dropout, batch * input), "dropout of the input");
            }
            Source::Tokens(places) => {
                assert_eq!(places.len(), time * batch, "tokens");
                assert!(places.iter().all(|place| *place < input), "a token is out of range");
                assert!(fits(&self.options.input_dropout, time * batch), "scale of the tokens");
            }
        }
        let memory_width = self.memory_width();
        assert_eq!(self.kernel.len(), input * width, "kernel");
        assert_eq!(self.recurrent.len(), hidden * width, "recurrent kernel");
        assert_eq!(self.biases.len(), shape.bias_rows() * width, "biases");
        assert_eq!(self.states.len(), batch * (hidden + memory_width), "states");
        if self.options.normalizes {
            let rows = if shape.normalizes_sum { 1 } else { 2 };
            assert_eq!(self.gains.len(), rows * width + 2 * memory_width, "gains");
        }
        assert!(fits(&self.options.state_dropout, batch * hidden), "dropout");
        let zoneout = &self.options.zoneout;
        for kept in [&zoneout.output, &zoneout.memory].into_iter().flatten() {
            let is_whole = |units: &[bool]| units.len() == time * batch * hidden;
            assert!(
                matches!(kept, Kept::Share(_)) || matches!(kept, Kept::Units(it) if is_whole(it)),
                "zoneout"
            );
        }
        assert!(zoneout.memory.is_none() || shape.has_memory, "zoneout of the memory");
        assert!(self.options.padding.as_ref().is_none_or(|real| real.len() == time * batch), "padding");
    }
}
