//! The sequence op on plain slices of `f32`: no type of Burn is known here.
//!
//! Everything but a dense input is time-major, `[time, batch, ...]`: the rows of one step lie together, so the state of the
//! step before is an operand of the recurrent product as it stands, and the weight gradients of all steps are single
//! products. A dense input is read as it lies, by steps or by sequences. `forward.rs` and `backward.rs` walk a sequence; each
//! cell is one file with its equations, forward and backward side by side; `product.rs`, `pack.rs` and the instruction sets
//! below `isa/` multiply; `matmul.rs` hands the large products to the `gemm` crate.
//!
//! This folder is the only place of the workspace with unsafe code: the calls of functions compiled for an
//! instruction set, their loads, stores and requests of cache lines, the columns that threads write side by side
//! (`product.rs`), and the call of `gemm`.
#![allow(unsafe_code)]

mod activate;
mod backward;
mod forward;
mod gru;
mod isa;
mod layer_norm;
mod lstm;
mod matmul;
mod normalized;
mod pack;
mod peak;
mod pool;
mod product;
mod rnn;
mod rows;
mod stream;
mod weight_gradients;
mod zones;

pub(crate) use backward::backward;
pub(crate) use forward::{Saved, forward};
pub use peak::peak_flops;
use product::Rows;
pub(crate) use weight_gradients::Wanted;

use crate::{
    cell::{Cell, Direction},
    zoneout::{Kept, Zoneout},
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
    Dense(Features<'a>),
    /// The place of the one in a one-hot input, and what that one is multiplied with; `[time, batch]` each.
    Tokens {
        places: &'a [usize],
        scale: Option<&'a [f32]>,
    },
    /// Its part of every sum with the bias, `[time, batch, gates * hidden]`: the input kernel is not used.
    Sums(&'a [f32]),
}

impl<'a> Source<'a> {
    /// What a dense input is multiplied with, where some of it is dropped.
    fn dropout(&self) -> Option<Dropout<'a>> {
        match self {
            Self::Dense(features) => features.dropout,
            Self::Tokens { .. } | Self::Sums(_) => None,
        }
    }
}

/// A dense input.
#[derive(Clone, Copy)]
pub(crate) struct Features<'a> {
    pub(crate) data: &'a [f32],
    pub(crate) order: Order,
    /// What the features are multiplied with at every step.
    pub(crate) dropout: Option<Dropout<'a>>,
}

/// Masks of dropout, `[masks, batch, width]`: one for all gates, or one for each gate of the LSTM.
#[derive(Clone, Copy)]
pub(crate) struct Dropout<'a> {
    factors: &'a [f32],
    masks: usize,
}

impl<'a> Dropout<'a> {
    pub(crate) fn new(factors: &'a [f32], batch: usize, width: usize) -> Self {
        Self { factors, masks: factors.len() / (batch * width).max(1) }
    }

    /// The mask of a part of the columns, `[batch, width]`: the gate with this number, or all.
    fn mask(&self, part: usize) -> &'a [f32] {
        let size = self.factors.len() / self.masks;
        &self.factors[part % self.masks * size..][..size]
    }
}

/// The parts of a kernel's columns that have masks of their own; without dropout one.
fn parts(dropout: Option<Dropout<'_>>) -> usize {
    dropout.map_or(1, |dropout| dropout.masks)
}

impl<'a> Features<'a> {
    /// What a step reads of the sequences from `first` on, before dropout.
    fn rows(&self, sizes: Sizes, step: usize, first: usize) -> Rows<'a> {
        let Sizes { time, batch, input, .. } = sizes;
        let (start, stride) = match self.order {
            Order::Steps => ((step * batch + first) * input, input),
            Order::Sequences => ((first * time + step) * input, time * input),
        };
        Rows { data: &self.data[start..], stride }
    }
}

/// What lies together in a tensor of all steps of all sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The sequences of one step: `[time, batch, ...]`.
    Steps,
    /// The steps of one sequence: `[batch, time, ...]`.
    Sequences,
}

/// What an LSTM with layer normalisation learns beside its weights.
#[derive(Clone, Copy)]
pub(crate) struct Gains<'a> {
    /// Of the recurrent product, `[4 * hidden]`.
    pub(crate) recurrent: &'a [f32],
    /// Of the memory before its tangent, `[hidden]`, and the bias there.
    pub(crate) memory: &'a [f32],
    pub(crate) memory_bias: &'a [f32],
}

/// All that goes into a sequence. Lengths are checked by [`Operands::check`], once, at the door.
#[derive(Clone, Copy)]
pub(crate) struct Operands<'a> {
    pub(crate) sizes: Sizes,
    pub(crate) cell: Cell,
    pub(crate) direction: Direction,
    pub(crate) source: Source<'a>,
    /// `[input, gates * hidden]`.
    pub(crate) kernel: &'a [f32],
    /// `[hidden, gates * hidden]`.
    pub(crate) recurrent: &'a [f32],
    /// `[gates * hidden]`.
    pub(crate) bias: &'a [f32],
    /// `[gates * hidden]`, for a GRU that resets after the product.
    pub(crate) recurrent_bias: Option<&'a [f32]>,
    /// With layer normalisation, of the LSTM alone.
    pub(crate) gains: Option<Gains<'a>>,
    /// `[batch, hidden]`.
    pub(crate) state: &'a [f32],
    /// `[batch, hidden]`, for the LSTM.
    pub(crate) memory: Option<&'a [f32]>,
    /// What the state is multiplied with before every recurrent product.
    pub(crate) dropout: Option<Dropout<'a>>,
    /// What each step keeps of the state before it.
    pub(crate) zoneout: &'a Zoneout,
    /// `[time, batch]`: false where a step is padding.
    pub(crate) mask: Option<&'a [bool]>,
}

impl Operands<'_> {
    fn width(&self) -> usize {
        self.cell.gates() * self.sizes.hidden
    }

    /// The steps in the order in which the sequence is read.
    fn order(&self) -> Vec<usize> {
        match self.direction {
            Direction::Forward => (0..self.sizes.time).collect(),
            Direction::Reverse => (0..self.sizes.time).rev().collect(),
        }
    }

    /// Asserts every length, so that nothing inside has to.
    fn check(&self) {
        let Sizes { time, batch, input, hidden } = self.sizes;
        let width = self.width();
        let fits = |dropout: Option<Dropout<'_>>, size: usize| {
            let may_have = |masks: usize| masks == 1 || (self.cell == Cell::Lstm && masks == 4);
            dropout.is_none_or(|it| may_have(it.masks) && it.factors.len() == it.masks * size)
        };
        assert!(time > 0 && batch > 0 && input > 0 && hidden > 0, "no size may be 0: {:?}", self.sizes);
        match self.source {
            Source::Dense(x) => {
                assert_eq!(x.data.len(), time * batch * input, "input");
                assert!(fits(x.dropout, batch * input), "dropout of the input");
            }
            Source::Sums(sums) => assert_eq!(sums.len(), time * batch * width, "sums of the input"),
            Source::Tokens { places, scale } => {
                assert_eq!(places.len(), time * batch, "tokens");
                assert!(scale.is_none_or(|scale| scale.len() == time * batch), "scale of the tokens");
                if let Some(token) = places.iter().find(|token| **token >= input) {
                    panic!("token {token} is out of range: the layer's input has {input} places");
                }
            }
        }
        if let Some(gains) = self.gains {
            assert_eq!(self.cell, Cell::Lstm, "layer normalisation of another cell is composed");
            let lengths = (gains.recurrent.len(), gains.memory.len(), gains.memory_bias.len());
            assert_eq!(lengths, (width, hidden, hidden), "gains");
        }
        assert_eq!(self.kernel.len(), input * width, "kernel");
        assert_eq!(self.recurrent.len(), hidden * width, "recurrent kernel");
        assert_eq!(self.bias.len(), width, "bias");
        assert_eq!(self.recurrent_bias.is_some(), self.cell.has_recurrent_bias(), "recurrent bias");
        assert!(self.recurrent_bias.is_none_or(|bias| bias.len() == width), "recurrent bias");
        assert_eq!(self.state.len(), batch * hidden, "state");
        assert_eq!(self.memory.is_some(), self.cell.has_memory(), "memory");
        assert!(self.memory.is_none_or(|memory| memory.len() == batch * hidden), "memory");
        assert!(fits(self.dropout, batch * hidden), "dropout");
        for kept in [&self.zoneout.output, &self.zoneout.memory].into_iter().flatten() {
            let is_whole = |units: &[bool]| units.len() == time * batch * hidden;
            assert!(
                matches!(kept, Kept::Share(_)) || matches!(kept, Kept::Units(it) if is_whole(it)),
                "zoneout"
            );
        }
        assert!(self.zoneout.memory.is_none() || self.cell.has_memory(), "zoneout of the memory");
        assert!(self.mask.is_none_or(|mask| mask.len() == time * batch), "mask");
    }
}
