//! A layer's weights as plain numbers, and their layouts in PyTorch and Keras.
//!
//! | | kernels | gates of the LSTM | gates of the GRU | biases |
//! |---|---|---|---|---|
//! | here | `[input, gates * hidden]` | `i, f, c', o` | `r, p, c'` | one; two for a GRU that resets after |
//! | PyTorch | `[gates * hidden, input]` | `i, f, g, o` | `r, z, n` | two, added |
//! | Keras | `[input, gates * hidden]` | `i, f, c, o` | `z, r, h` | as here |

use crate::cell::{Cell, Reset};

/// The weights of one layer in one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// The cell that they are for.
    pub cell: Cell,
    /// The number of input features.
    pub input: usize,
    /// The number of units.
    pub hidden: usize,
    /// `[input, gates * hidden]`, row-major.
    pub kernel: Vec<f32>,
    /// `[hidden, gates * hidden]`, row-major.
    pub recurrent: Vec<f32>,
    /// `[gates * hidden]`, or `[2, gates * hidden]` with the recurrent product's own.
    pub bias: Vec<f32>,
}

/// The weights of one layer and direction of PyTorch's `nn.RNN`, `nn.LSTM` or `nn.GRU`.
#[derive(Clone, Debug, PartialEq)]
pub struct PyTorchWeights {
    /// `weight_ih_l*`, `[gates * hidden, input]`.
    pub weight_ih: Vec<f32>,
    /// `weight_hh_l*`, `[gates * hidden, hidden]`.
    pub weight_hh: Vec<f32>,
    /// `bias_ih_l*`, `[gates * hidden]`.
    pub bias_ih: Vec<f32>,
    /// `bias_hh_l*`, `[gates * hidden]`.
    pub bias_hh: Vec<f32>,
}

/// The weights of Keras's `SimpleRNN`, `LSTM` or `GRU`.
#[derive(Clone, Debug, PartialEq)]
pub struct KerasWeights {
    /// `[input, gates * hidden]`.
    pub kernel: Vec<f32>,
    /// `[hidden, gates * hidden]`.
    pub recurrent_kernel: Vec<f32>,
    /// `[gates * hidden]`, or `[2, gates * hidden]` for a GRU with `reset_after`.
    pub bias: Vec<f32>,
}

impl Weights {
    /// Zeros, in the sizes of a layer.
    pub fn zeros(cell: Cell, input: usize, hidden: usize) -> Self {
        let width = cell.gates() * hidden;
        let zeros = |rows: usize| vec![0.0; rows * width];
        let (kernel, recurrent, bias) = (zeros(input), zeros(hidden), zeros(cell.bias_rows()));
        Self { cell, input, hidden, kernel, recurrent, bias }
    }

    /// Takes weights over from PyTorch. Where a cell has one bias, it is the sum of PyTorch's two, as PyTorch adds them.
    ///
    /// # Panics
    /// A length is not that of its shape, or the cell is a GRU that resets before, which PyTorch does not have.
    pub fn from_pytorch(cell: Cell, input: usize, hidden: usize, weights: &PyTorchWeights) -> Self {
        refuse_reset_before(cell);
        let width = cell.gates() * hidden;
        assert_eq!((weights.bias_ih.len(), weights.bias_hh.len()), (width, width), "biases");
        let bias = if cell.has_recurrent_bias() {
            [weights.bias_ih.as_slice(), &weights.bias_hh].concat()
        } else {
            weights.bias_ih.iter().zip(&weights.bias_hh).map(|(a, b)| a + b).collect()
        };
        Self {
            cell,
            input,
            hidden,
            kernel: transpose(&weights.weight_ih, width, input),
            recurrent: transpose(&weights.weight_hh, width, hidden),
            bias,
        }
    }

    /// Gives weights to PyTorch. Where the cell has one bias, it becomes `bias_ih`, and `bias_hh` is zero.
    ///
    /// # Panics
    /// The cell is a GRU that resets before, which PyTorch does not have.
    pub fn to_pytorch(&self) -> PyTorchWeights {
        refuse_reset_before(self.cell);
        let width = self.cell.gates() * self.hidden;
        let (bias_ih, bias_hh) = self.bias.split_at(width);
        PyTorchWeights {
            weight_ih: transpose(&self.kernel, self.input, width),
            weight_hh: transpose(&self.recurrent, self.hidden, width),
            bias_ih: bias_ih.to_vec(),
            bias_hh: if bias_hh.is_empty() { vec![0.0; width] } else { bias_hh.to_vec() },
        }
    }

    /// Takes weights over from Keras.
    ///
    /// # Panics
    /// A length is not that of its shape.
    pub fn from_keras(cell: Cell, input: usize, hidden: usize, weights: &KerasWeights) -> Self {
        let width = cell.gates() * hidden;
        assert_eq!(weights.kernel.len(), input * width, "kernel");
        assert_eq!(weights.recurrent_kernel.len(), hidden * width, "recurrent kernel");
        assert_eq!(weights.bias.len(), cell.bias_rows() * width, "bias");
        Self {
            cell,
            input,
            hidden,
            kernel: swap_keras_gates(cell, hidden, &weights.kernel),
            recurrent: swap_keras_gates(cell, hidden, &weights.recurrent_kernel),
            bias: swap_keras_gates(cell, hidden, &weights.bias),
        }
    }

    /// Gives weights to Keras.
    pub fn to_keras(&self) -> KerasWeights {
        KerasWeights {
            kernel: swap_keras_gates(self.cell, self.hidden, &self.kernel),
            recurrent_kernel: swap_keras_gates(self.cell, self.hidden, &self.recurrent),
            bias: swap_keras_gates(self.cell, self.hidden, &self.bias),
        }
    }
}

fn refuse_reset_before(cell: Cell) {
    assert!(cell != Cell::Gru(Reset::Before), "PyTorch has no GRU that resets before the product");
}

/// Turns a `[rows, columns]` matrix into `[columns, rows]`.
fn transpose(matrix: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    assert_eq!(matrix.len(), rows * columns, "a matrix of {rows} rows and {columns} columns");
    (0..columns).flat_map(|column| (0..rows).map(move |row| matrix[row * columns + column])).collect()
}

/// Swaps the first two gates of a GRU in every row, from Keras's order to ours or back; no other cell differs.
fn swap_keras_gates(cell: Cell, hidden: usize, rows: &[f32]) -> Vec<f32> {
    let mut rows = rows.to_vec();
    if matches!(cell, Cell::Gru(_)) {
        for row in rows.chunks_exact_mut(3 * hidden) {
            let (first, second) = row[..2 * hidden].split_at_mut(hidden);
            first.swap_with_slice(second);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, init};
    use recurrent_backend::Seed;

    const CELLS: [Cell; 5] = [
        Cell::Rnn(Activation::Tanh),
        Cell::Rnn(Activation::Relu),
        Cell::Lstm,
        Cell::Gru(Reset::Before),
        Cell::Gru(Reset::After),
    ];

    #[test]
    fn weights_come_back_from_either_layout() {
        for cell in CELLS {
            for (input, hidden) in [(1, 1), (4, 6), (13, 7)] {
                let weights = init::weights(cell, input, hidden, Seed(1));
                assert_eq!(
                    Weights::from_keras(cell, input, hidden, &weights.to_keras()),
                    weights,
                    "{cell:?}"
                );
                if cell != Cell::Gru(Reset::Before) {
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
