//! A layer's weights as plain numbers, and their layouts in PyTorch and Keras.
//!
//! | | kernels | gates of the LSTM | gates of the GRU | biases |
//! |---|---|---|---|---|
//! | here | `[input, gates * hidden]` | `i, f, c', o` | `r, p, c'` | one; two for a GRU that resets after |
//! | PyTorch | `[gates * hidden, input]` | `i, f, g, o` | `r, z, n` | two, added |
//! | Keras | `[input, gates * hidden]` | `i, f, c, o` | `z, r, h` | as here |

use crate::{cell::Cell, init::transpose, op::equations::Gate};

/// The weights of one layer in one direction. Make one with [`Weights::zeros`], and fill in what there is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Weights {
    /// The cell that they are for.
    pub cell: Cell,
    /// The number of input features.
    pub input: usize,
    /// The number of units.
    pub hidden: usize,
    /// The number of features of an output: `hidden`, but for a projection.
    pub output: usize,
    /// `[input, gates * hidden]`, row-major.
    pub kernel: Vec<f32>,
    /// `[output, gates * hidden]`, row-major.
    pub recurrent: Vec<f32>,
    /// `[gates * hidden]`, or `[2, gates * hidden]` with the recurrent product's own; empty for a layer without biases.
    pub bias: Vec<f32>,
    /// The LSTM's peepholes of `i`, `f` and `o`, `[3, hidden]`; empty without.
    pub peepholes: Vec<f32>,
    /// The LSTM's projection, `[hidden, output]`; empty without.
    pub projection: Vec<f32>,
}

/// The weights of one layer and direction of PyTorch's `nn.RNN`, `nn.LSTM` or `nn.GRU`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PyTorchWeights {
    /// `weight_ih_l*`, `[gates * hidden, input]`.
    pub weight_ih: Vec<f32>,
    /// `weight_hh_l*`, `[gates * hidden, output]`.
    pub weight_hh: Vec<f32>,
    /// `bias_ih_l*`, `[gates * hidden]`; empty with `bias=False`.
    pub bias_ih: Vec<f32>,
    /// `bias_hh_l*`, `[gates * hidden]`; empty with `bias=False`.
    pub bias_hh: Vec<f32>,
    /// `weight_hr_l*` of an LSTM with `proj_size`, `[output, hidden]`; empty without.
    pub weight_hr: Vec<f32>,
}

/// The weights of Keras's `SimpleRNN`, `LSTM` or `GRU`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KerasWeights {
    /// `[input, gates * hidden]`.
    pub kernel: Vec<f32>,
    /// `[hidden, gates * hidden]`.
    pub recurrent_kernel: Vec<f32>,
    /// `[gates * hidden]`, or `[2, gates * hidden]` for a GRU with `reset_after`; empty with `use_bias=False`.
    pub bias: Vec<f32>,
}

impl Weights {
    /// Zeros, in the sizes of a layer with biases and without peepholes or projection.
    pub fn zeros(cell: Cell, input: usize, hidden: usize) -> Self {
        let width = cell.gates() * hidden;
        let zeros = |rows: usize| vec![0.0; rows * width];
        let (kernel, recurrent, bias) = (zeros(input), zeros(hidden), zeros(cell.bias_rows()));
        let (peepholes, projection) = (Vec::new(), Vec::new());
        Self { cell, input, hidden, output: hidden, kernel, recurrent, bias, peepholes, projection }
    }

    /// Takes weights over from PyTorch. Where a cell has one bias, it is the sum of PyTorch's two, as PyTorch adds them.
    ///
    /// # Panics
    /// A length is not that of its shape, or PyTorch does not have the cell: a GRU that resets before, say.
    pub fn from_pytorch(cell: Cell, input: usize, hidden: usize, weights: &PyTorchWeights) -> Self {
        let order = pytorch_order(cell);
        let width = order.len() * hidden;
        let PyTorchWeights { weight_ih, weight_hh, bias_ih, bias_hh, weight_hr } = weights;
        assert_eq!(bias_ih.len(), bias_hh.len(), "both biases, or none");
        assert!(bias_ih.is_empty() || bias_ih.len() == width, "biases");
        let output = if weight_hr.is_empty() { hidden } else { weight_hr.len() / hidden };
        let bias = match cell.has_recurrent_bias() {
            true => [bias_ih.as_slice(), bias_hh].concat(),
            false => bias_ih.iter().zip(bias_hh).map(|(a, b)| a + b).collect(),
        };
        let ours = |rows: Vec<f32>| from_order(&order, hidden, &rows);
        Self {
            kernel: ours(transpose(weight_ih, width, input)),
            recurrent: ours(transpose(weight_hh, width, output)),
            bias: ours(bias),
            projection: transpose(weight_hr, if weight_hr.is_empty() { 0 } else { output }, hidden),
            output,
            ..Self::zeros(cell, input, hidden)
        }
    }

    /// Gives weights to PyTorch. Where the cell has one bias, it becomes `bias_ih`, and `bias_hh` is zero.
    ///
    /// # Panics
    /// PyTorch does not have the cell, or peepholes.
    pub fn to_pytorch(&self) -> PyTorchWeights {
        assert!(self.peepholes.is_empty(), "PyTorch has no peepholes");
        let order = pytorch_order(self.cell);
        let width = order.len() * self.hidden;
        let theirs = |rows: &[f32]| to_order(&order, self.hidden, rows);
        let bias = theirs(&self.bias);
        let (bias_ih, bias_hh) = bias.split_at(width.min(bias.len()));
        PyTorchWeights {
            weight_ih: transpose(&theirs(&self.kernel), self.input, width),
            weight_hh: transpose(&theirs(&self.recurrent), self.output, width),
            bias_ih: bias_ih.to_vec(),
            bias_hh: if bias_hh.is_empty() { vec![0.0; bias_ih.len()] } else { bias_hh.to_vec() },
            weight_hr: match self.projection.is_empty() {
                true => Vec::new(),
                false => transpose(&self.projection, self.hidden, self.output),
            },
        }
    }

    /// Takes weights over from Keras.
    ///
    /// # Panics
    /// A length is not that of its shape.
    pub fn from_keras(cell: Cell, input: usize, hidden: usize, weights: &KerasWeights) -> Self {
        let order = keras_order(cell);
        let width = order.len() * hidden;
        let KerasWeights { kernel, recurrent_kernel, bias } = weights;
        assert_eq!(kernel.len(), input * width, "kernel");
        assert_eq!(recurrent_kernel.len(), hidden * width, "recurrent kernel");
        assert!([0, cell.bias_rows() * width].contains(&bias.len()), "bias");
        let ours = |rows: &[f32]| from_order(&order, hidden, rows);
        Self {
            kernel: ours(kernel),
            recurrent: ours(recurrent_kernel),
            bias: ours(bias),
            ..Self::zeros(cell, input, hidden)
        }
    }

    /// Gives weights to Keras.
    ///
    /// # Panics
    /// There are peepholes or a projection, which Keras's layers do not have.
    pub fn to_keras(&self) -> KerasWeights {
        let is_plain = self.peepholes.is_empty() && self.projection.is_empty();
        assert!(is_plain, "Keras has neither peepholes nor a projection");
        let order = keras_order(self.cell);
        let theirs = |rows: &[f32]| to_order(&order, self.hidden, rows);
        KerasWeights {
            kernel: theirs(&self.kernel),
            recurrent_kernel: theirs(&self.recurrent),
            bias: theirs(&self.bias),
        }
    }
}

/// The place of each of our gates in PyTorch's layout.
fn pytorch_order(cell: Cell) -> Vec<usize> {
    let place =
        |gate: &Gate| gate.pytorch.unwrap_or_else(|| panic!("PyTorch does not have this cell: {cell:?}"));
    cell.equations().shape().gates.iter().map(place).collect()
}

/// The place of each of our gates in Keras's layout.
fn keras_order(cell: Cell) -> Vec<usize> {
    let place = |gate: &Gate| gate.keras.unwrap_or_else(|| panic!("Keras does not have this cell: {cell:?}"));
    cell.equations().shape().gates.iter().map(place).collect()
}

/// Rows whose gates stand in another order, in ours.
fn from_order(order: &[usize], hidden: usize, rows: &[f32]) -> Vec<f32> {
    let rows = rows.chunks_exact(order.len() * hidden);
    rows.flat_map(|row| order.iter().flat_map(move |place| &row[place * hidden..][..hidden]))
        .copied()
        .collect()
}

/// Rows whose gates stand in our order, in another.
fn to_order(order: &[usize], hidden: usize, rows: &[f32]) -> Vec<f32> {
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(gate, place)| places[*place] = gate);
    from_order(&places, hidden, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Initializers, Reset};
    use recurrent_backend::Seed;

    #[test]
    fn weights_come_back_from_either_layout() {
        for cell in Cell::all() {
            for (input, hidden) in [(1, 1), (4, 6), (13, 7)] {
                let weights = Initializers::default().draw(Weights::zeros(cell, input, hidden), Seed(1));
                let has = |place: fn(&Gate) -> Option<usize>| {
                    cell.equations().shape().gates.iter().all(|gate| place(gate).is_some())
                };
                if has(|gate| gate.keras) {
                    let again = Weights::from_keras(cell, input, hidden, &weights.to_keras());
                    assert_eq!(again, weights, "{cell:?}");
                }
                if has(|gate| gate.pytorch) {
                    assert_eq!(
                        Weights::from_pytorch(cell, input, hidden, &weights.to_pytorch()),
                        weights,
                        "{cell:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn keras_has_the_update_gate_first() {
        let keras = KerasWeights {
            kernel: vec![1.0, 2.0, 3.0],
            recurrent_kernel: vec![4.0, 5.0, 6.0],
            bias: vec![7.0, 8.0, 9.0],
        };
        let ours = Weights::from_keras(Cell::Gru(Reset::Before), 1, 1, &keras);
        assert_eq!(
            (ours.kernel, ours.recurrent, ours.bias),
            (vec![2.0, 1.0, 3.0], vec![5.0, 4.0, 6.0], vec![8.0, 7.0, 9.0])
        );
    }
}
