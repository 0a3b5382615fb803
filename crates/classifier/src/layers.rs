//! The recurrent layers of a network: of which cell, and in which directions they read.

use burn::{module::Module, tensor::Device};
use recurrent_backend::Seed;
use recurrent_cells::{Cell, Merge, Reset, Stack, StackConfig};
use recurrent_exchange::AnyLayer;
use serde::{Deserialize, Serialize};

/// The cell of the recurrent layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CellKind {
    /// Long short-term memory.
    #[default]
    Lstm,
    /// A gated recurrent unit that resets after the product, as those of Keras, PyTorch and cuDNN.
    Gru,
}

impl CellKind {
    /// The kind of a cell, where it is one of them.
    pub(crate) fn of(cell: Cell) -> Option<Self> {
        [Self::Lstm, Self::Gru].into_iter().find(|kind| kind.cell() == cell)
    }

    pub(crate) fn cell(self) -> Cell {
        match self {
            Self::Lstm => Cell::Lstm,
            Self::Gru => Cell::Gru(Reset::After),
        }
    }

    /// Its name: `LSTM` or `GRU`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lstm => "LSTM",
            Self::Gru => "GRU",
        }
    }
}

/// The directions that each recurrent layer reads in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Directions {
    /// From the first word on and from the last one back, the outputs side by side.
    #[default]
    Both,
    /// From the first word on.
    Forward,
}

impl Directions {
    /// How many there are.
    pub fn count(self) -> usize {
        match self {
            Self::Both => 2,
            Self::Forward => 1,
        }
    }

    /// Layers with first weights of a seed.
    pub(crate) fn drawn(self, stack: &StackConfig, seed: Seed, device: &Device) -> Stack<AnyLayer> {
        match self {
            Self::Both => {
                any(stack.init_bidirectional(Merge::Concat, seed, device), AnyLayer::BothWays, stack)
            }
            Self::Forward => any(stack.init(seed, device), AnyLayer::OneWay, stack),
        }
    }

    /// Layers of zeros.
    pub(crate) fn zeros(self, stack: &StackConfig, device: &Device) -> Stack<AnyLayer> {
        match self {
            Self::Both => any(stack.zeros_bidirectional(Merge::Concat, device), AnyLayer::BothWays, stack),
            Self::Forward => any(stack.zeros(device), AnyLayer::OneWay, stack),
        }
    }
}

fn any<L: Module>(layers: Stack<L>, of: fn(L) -> AnyLayer, stack: &StackConfig) -> Stack<AnyLayer> {
    Stack::new(layers.layers.into_iter().map(of).collect(), stack.dropout)
}
