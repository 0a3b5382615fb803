//! Layer normalisation of a recurrent layer (Ba, Kiros and Hinton 2016, arXiv:1607.06450): the kinds, and the gains
//! that are learnt. The equations are computed in `op/normalize.rs`, and by
//! the kernel in `op/kernel/normalized.rs`.

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData},
};
use serde::{Deserialize, Serialize};

use crate::cell::Cell;

/// What a layer does to the sums of its units at each step, before they are activated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalization {
    /// Nothing.
    #[default]
    None,
    /// Brings them to mean 0 and variance 1 over the units of the layer, for each sequence and step by itself, and then
    /// to learnt gains and biases (Ba, Kiros and Hinton 2016). With `LN(z) = (z - mean(z)) / sqrt(variance(z) + 1e-5)`
    /// and gains `g`:
    ///
    /// ```text
    /// vanilla      s_t = a(g * LN(U x_t + W s_{t-1}) + b)
    /// LSTM         z = g_W * LN(W s_{t-1}) + g_U * LN(U x_t) + b                over all four gates together
    ///              c_t = f * c_{t-1} + i * c'      s_t = o * tanh(g_c * LN(c_t) + b_c)
    /// GRU          r, p = sigmoid(g_W * LN(W s_{t-1}) + g_U * LN(U x_t) + b)    over both gates together
    ///   before     c' = tanh(g_W * LN(W (r * s_{t-1})) + g_U * LN(U x_t) + b)   over the candidate
    ///   after      c' = tanh(g_U * LN(U x_t) + b + r * (g_W * LN(W s_{t-1}) + b_W))
    /// ```
    ///
    /// These are the paper's equations (its supplement for the gated cells), but for what would be learnt twice: its two
    /// biases of `LN` and its `b`, where they are added, are one here. The paper's GRU is the one that resets after; here
    /// that cell keeps `b_W` for its gates too, as it does without normalisation. With zoneout the memory that is normalised
    /// is the new one.
    Layer,
}

/// The gains of layer normalisation; all start at one.
#[derive(Module, Debug)]
pub struct LayerNormalization {
    /// The gains of the recurrent product, and below them those of the input product, `[2, gates * hidden]`; of their
    /// sum, `[1, hidden]`, in the vanilla cell.
    pub gain: Param<Tensor<2>>,
    /// The gain and below it the bias of the LSTM's memory, `[2, hidden]`.
    pub memory: Option<Param<Tensor<2>>>,
}

impl LayerNormalization {
    pub(crate) fn new(cell: Cell, hidden: usize, device: &Device) -> Self {
        let rows = |numbers: Vec<f32>, rows: usize| {
            let columns = numbers.len() / rows;
            Param::from_data(TensorData::new(numbers, [rows, columns]), device)
        };
        let width = cell.gates() * hidden;
        Self {
            gain: rows(vec![1.0; gain_rows(cell) * width], gain_rows(cell)),
            memory: cell.has_memory().then(|| rows([vec![1.0; hidden], vec![0.0; hidden]].concat(), 2)),
        }
    }
}

impl Normalization {
    /// The number of gains and biases that it adds to a layer.
    pub(crate) fn parameters(self, cell: Cell, hidden: usize) -> usize {
        match self {
            Self::None => 0,
            Self::Layer => {
                gain_rows(cell) * cell.gates() * hidden + if cell.has_memory() { 2 * hidden } else { 0 }
            }
        }
    }
}

/// The vanilla cell normalises the sum of both products, the others each product.
fn gain_rows(cell: Cell) -> usize {
    if cell.equations().shape().normalizes_sum { 1 } else { 2 }
}
