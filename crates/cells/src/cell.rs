//! The kinds of recurrent cell: what a gate is for, and how many of them stand side by side in a kernel.

use serde::{Deserialize, Serialize};

/// The activation of a vanilla cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// Hyperbolic tangent.
    #[default]
    Tanh,
    /// Rectifier, `max(0, x)`; it needs the orthogonal start of the recurrent kernel.
    Relu,
}

/// Where a GRU applies its reset gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reset {
    /// To the state, before the recurrent product, as in Cho et al. 2014 (arXiv:1406.1078).
    Before,
    /// To the result of the recurrent product, as in cuDNN, PyTorch and Keras 2 and later.
    #[default]
    After,
}

/// A recurrent cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cell {
    /// `s_t = a(U x_t + W s_{t-1} + b)` (Elman 1990).
    Rnn(Activation),
    /// Long short-term memory (Hochreiter and Schmidhuber 1997), gates in the order `i, f, c', o`.
    Lstm,
    /// Gated recurrent unit (Cho et al. 2014), gates in the order `r, p, c'`.
    Gru(Reset),
}

impl Cell {
    /// The number of gates, candidate included: a kernel is `[input, gates * hidden]`, gate after gate.
    pub fn gates(self) -> usize {
        match self {
            Self::Rnn(_) => 1,
            Self::Lstm => 4,
            Self::Gru(_) => 3,
        }
    }

    /// Whether the cell carries a memory beside its output, as the LSTM does.
    pub fn has_memory(self) -> bool {
        self == Self::Lstm
    }

    /// Whether the recurrent product has a bias of its own, `[gates * hidden]`.
    pub fn has_recurrent_bias(self) -> bool {
        self == Self::Gru(Reset::After)
    }

    /// The number of biases of `[gates * hidden]` that a layer holds: 2 with a recurrent bias, else 1.
    pub fn bias_rows(self) -> usize {
        if self.has_recurrent_bias() { 2 } else { 1 }
    }

    /// The number of weights and biases of a layer.
    ///
    /// ```
    /// use recurrent_cells::{Cell, Reset};
    ///
    /// assert_eq!(Cell::Gru(Reset::Before).parameters(1, 256), 198_144);
    /// assert_eq!(Cell::Lstm.parameters(57, 800), 2_745_600);
    /// ```
    pub fn parameters(self, d_input: usize, d_hidden: usize) -> usize {
        self.gates() * d_hidden * (d_input + d_hidden + self.bias_rows())
    }
}

/// The order in which a sequence is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the first step to the last.
    #[default]
    Forward,
    /// From the last step to the first.
    Reverse,
}
