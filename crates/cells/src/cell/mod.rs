//! The kinds of recurrent cell. Each is one file, with its equations composed, forward and backward, its gates and their places in
//! PyTorch and Keras, and one arm in [`Cell::equations`].

mod gru;
mod light_gru;
mod lstm;
mod rnn;

use serde::{Deserialize, Serialize};

use crate::{activation::Activation, op::equations::Equations};

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
#[non_exhaustive]
pub enum Cell {
    /// `s_t = a(U x_t + W s_{t-1} + b)` (Elman 1990).
    Rnn(Activation),
    /// Long short-term memory (Hochreiter and Schmidhuber 1997), gates in the order `i, f, c', o`.
    Lstm,
    /// Gated recurrent unit (Cho et al. 2014), gates in the order `r, p, c'`.
    Gru(Reset),
    /// Light gated recurrent unit (Ravanelli et al. 2018), gates in the order `z, c'`: a GRU without a reset gate. The paper's candidate
    /// has the rectifier, and is normalised.
    LightGru(Activation),
}

impl Cell {
    /// Every cell, with the activations that the kernel has where the cell names one.
    ///
    /// ```
    /// use recurrent_cells::Cell;
    ///
    /// assert!(Cell::all().contains(&Cell::Lstm));
    /// ```
    pub fn all() -> Vec<Self> {
        let of_kernel = [Activation::Tanh, Activation::Relu];
        let gated =
            [Self::Lstm, Self::Gru(Reset::Before), Self::Gru(Reset::After), Self::LightGru(Activation::Relu)];
        of_kernel.into_iter().map(Self::Rnn).chain(gated).collect()
    }

    /// What the op computes.
    pub(crate) fn equations(self) -> &'static dyn Equations {
        match self {
            Self::Rnn(activation) => rnn::of(activation),
            Self::Lstm => &lstm::Lstm,
            Self::Gru(Reset::Before) => &gru::ResetBefore,
            Self::Gru(Reset::After) => &gru::ResetAfter,
            Self::LightGru(activation) => light_gru::of(activation),
        }
    }

    /// The number of gates, candidate included: a kernel is `[input, gates * hidden]`, gate after gate.
    pub fn gates(self) -> usize {
        self.equations().shape().gates.len()
    }

    /// What the gates are called in the equations, in the order in which they stand in a kernel.
    ///
    /// ```
    /// use recurrent_cells::Cell;
    ///
    /// assert!(Cell::Lstm.gate_names().eq(["i", "f", "c'", "o"]));
    /// ```
    pub fn gate_names(self) -> impl Iterator<Item = &'static str> {
        self.equations().shape().gates.iter().map(|gate| gate.name)
    }

    /// Whether the cell carries a memory beside its output, as the LSTM does.
    pub fn has_memory(self) -> bool {
        self.equations().shape().has_memory
    }

    /// Whether the recurrent product has a bias of its own, `[gates * hidden]`.
    pub fn has_recurrent_bias(self) -> bool {
        self.equations().shape().has_recurrent_bias
    }

    /// The number of biases of `[gates * hidden]` that a layer holds: 2 with a recurrent bias, else 1.
    pub fn bias_rows(self) -> usize {
        self.equations().shape().bias_rows()
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
