//! Initial weights as Keras draws them, each from a stream of its own.

use rand_chacha::rand_core::Rng;
use recurrent_backend::Seed;

use crate::{cell::Cell, layouts::Weights};

/// Glorot-uniform input kernel, orthogonal recurrent kernel, zero biases, and a forget-gate bias of one.
pub(crate) fn weights(cell: Cell, input: usize, hidden: usize, seed: Seed) -> Weights {
    let width = cell.gates() * hidden;
    let mut bias = vec![0.0; cell.bias_rows() * width];
    if cell == Cell::Lstm {
        bias[hidden..2 * hidden].fill(1.0); // Jozefowicz et al. 2015
    }
    Weights {
        cell,
        input,
        hidden,
        kernel: glorot_uniform(input, width, seed.part(&[0])),
        recurrent: orthogonal(hidden, width, seed.part(&[1])),
        bias,
    }
}

/// Uniform in `±sqrt(6 / (rows + columns))` (Glorot and Bengio 2010).
fn glorot_uniform(rows: usize, columns: usize, seed: Seed) -> Vec<f32> {
    let limit = (6.0 / (rows + columns) as f64).sqrt();
    let mut stream = seed.stream(&[]);
    (0..rows * columns).map(|_| ((2.0 * uniform(&mut stream) - 1.0) * limit) as f32).collect()
}

/// A `[rows, columns]` matrix, `rows <= columns`, whose rows are orthonormal: normal numbers, made so by
/// modified Gram-Schmidt, which is the QR decomposition with a positive diagonal (Saxe et al. 2013).
fn orthogonal(rows: usize, columns: usize, seed: Seed) -> Vec<f32> {
    assert!(rows <= columns, "a recurrent kernel is never taller than wide");
    let mut stream = seed.stream(&[]);
    let mut matrix: Vec<f32> = (0..rows * columns).map(|_| normal(&mut stream) as f32).collect();
    for row in 0..rows {
        let (done, rest) = matrix.split_at_mut(row * columns);
        let row = &mut rest[..columns];
        // Twice is enough (Kahan and Parlett): the second round takes off what rounding left in the first.
        for _ in 0..2 {
            for other in done.chunks_exact(columns) {
                let along = dot(row, other);
                row.iter_mut().zip(other).for_each(|(value, other)| *value -= along * other);
            }
        }
        let norm = dot(row, row).sqrt();
        row.iter_mut().for_each(|value| *value /= norm);
    }
    matrix
}

/// A sum in sixteen parts, which the compiler turns into vectors.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 16];
    let (a, rest_a) = a.as_chunks::<16>();
    let (b, rest_b) = b.as_chunks::<16>();
    for (a, b) in a.iter().zip(b) {
        for k in 0..16 {
            sums[k] += a[k] * b[k];
        }
    }
    sums.iter().sum::<f32>() + rest_a.iter().zip(rest_b).map(|(a, b)| a * b).sum::<f32>()
}

/// Uniform in `(0, 1]`.
fn uniform(stream: &mut impl Rng) -> f64 {
    ((stream.next_u64() >> 11) + 1) as f64 / (1u64 << 53) as f64
}

/// Standard normal (Box and Muller 1958).
fn normal(stream: &mut impl Rng) -> f64 {
    (-2.0 * uniform(stream).ln()).sqrt() * (std::f64::consts::TAU * uniform(stream)).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recurrent_kernel_has_orthonormal_rows() {
        for (rows, columns) in [(1, 1), (7, 7), (13, 39), (33, 132)] {
            let matrix = orthogonal(rows, columns, Seed(5));
            for a in 0..rows {
                for b in 0..rows {
                    let product = dot(&matrix[a * columns..][..columns], &matrix[b * columns..][..columns]);
                    let expected = if a == b { 1.0 } else { 0.0 };
                    assert!(
                        (product - expected).abs() < 1e-5,
                        "[{rows}, {columns}], rows {a}, {b}: {product}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_input_kernel_fills_its_interval() {
        let kernel = glorot_uniform(57, 3200, Seed(9));
        let limit = (6.0f32 / 3257.0).sqrt();
        let (low, high) = kernel.iter().fold((0.0f32, 0.0f32), |(l, h), v| (l.min(*v), h.max(*v)));
        assert!(low >= -limit && high <= limit && low < -0.99 * limit && high > 0.99 * limit);
        let mean = kernel.iter().sum::<f32>() / kernel.len() as f32;
        assert!(mean.abs() < 0.01 * limit, "the mean is {mean}");
    }

    #[test]
    fn only_the_forget_gate_starts_with_a_bias() {
        assert_eq!(weights(Cell::Lstm, 2, 2, Seed(0)).bias, [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(weights(Cell::Gru(crate::Reset::After), 2, 1, Seed(0)).bias, [0.0; 6]);
    }
}
