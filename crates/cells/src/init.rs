//! Initial weights, each from a stream of its own.

use rand_chacha::rand_core::Rng;
use recurrent_backend::Seed;
use serde::{Deserialize, Serialize};

use crate::{layouts::Weights, op::equations::Shape};

/// How a matrix of weights, `[rows, columns]`, starts. Fans are those of Glorot and Bengio 2010: rows in, columns out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Initializer {
    /// The same number everywhere.
    Constant(f64),
    /// Uniform in `[-limit, limit)`.
    Uniform(f64),
    /// Normal of mean 0, with this standard deviation.
    Normal(f64),
    /// Uniform in `±sqrt(6 / (rows + columns))` (Glorot and Bengio 2010), also called Xavier.
    GlorotUniform,
    /// Normal, with the standard deviation `sqrt(2 / (rows + columns))`.
    GlorotNormal,
    /// Uniform in `±sqrt(6 / rows)` (He et al. 2015), also called Kaiming.
    HeUniform,
    /// Normal, with the standard deviation `sqrt(2 / rows)`.
    HeNormal,
    /// Orthonormal rows, or columns where there are fewer of those, times a gain (Saxe et al. 2013).
    Orthogonal(f64),
}

impl Initializer {
    fn draw(self, rows: usize, columns: usize, seed: Seed) -> Vec<f32> {
        let (fans, count) = ((rows + columns) as f64, rows * columns);
        match self {
            Self::Constant(number) => vec![number as f32; count],
            Self::Uniform(limit) => uniform_numbers(count, limit, seed),
            Self::Normal(deviation) => normal_numbers(count, deviation, seed),
            Self::GlorotUniform => uniform_numbers(count, (6.0 / fans).sqrt(), seed),
            Self::GlorotNormal => normal_numbers(count, (2.0 / fans).sqrt(), seed),
            Self::HeUniform => uniform_numbers(count, (6.0 / rows as f64).sqrt(), seed),
            Self::HeNormal => normal_numbers(count, (2.0 / rows as f64).sqrt(), seed),
            Self::Orthogonal(gain) => {
                let mut matrix = match rows <= columns {
                    true => orthogonal(rows, columns, seed),
                    false => transpose(&orthogonal(columns, rows, seed), columns, rows),
                };
                matrix.iter_mut().filter(|_| gain != 1.0).for_each(|number| *number *= gain as f32);
                matrix
            }
        }
    }
}

/// How the weights of a layer start. The default is Keras's: a Glorot-uniform input kernel and an orthogonal recurrent kernel, each
/// drawn as one matrix over all gates, and biases of zero, but one for the LSTM's forget gate (Jozefowicz et al. 2015).
///
/// ```
/// use recurrent_cells::{GateInitializers, Initializer, Initializers};
///
/// let pytorch = Initializers::pytorch(64); // uniform in ±1/8
/// // The LSTM's forget gate begins open.
/// let open = GateInitializers { bias: Some(Initializer::Constant(2.0)), ..GateInitializers::default() };
/// let remembering = Initializers::default().with_gate(1, open);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Initializers {
    kernel: Initializer,
    recurrent: Initializer,
    /// `None` for zeros and the cell's own.
    bias: Option<Initializer>,
    gates: Vec<(usize, GateInitializers)>,
}

/// How the columns of one gate start; `None` as the layer's others do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GateInitializers {
    /// Of the input kernel.
    pub kernel: Option<Initializer>,
    /// Of the recurrent kernel.
    pub recurrent: Option<Initializer>,
    /// Of each bias.
    pub bias: Option<Initializer>,
}

impl Default for Initializers {
    fn default() -> Self {
        Self {
            kernel: Initializer::GlorotUniform,
            recurrent: Initializer::Orthogonal(1.0),
            bias: None,
            gates: Vec::new(),
        }
    }
}

impl Initializers {
    /// PyTorch's: everything uniform in `±1 / sqrt(hidden)`. Where the cell has one bias and PyTorch two, it starts as one of them.
    pub fn pytorch(hidden: usize) -> Self {
        let all = Initializer::Uniform(1.0 / (hidden as f64).sqrt());
        Self { kernel: all, recurrent: all, bias: Some(all), gates: Vec::new() }
    }

    /// With an input kernel that starts so.
    pub fn with_kernel(self, kernel: Initializer) -> Self {
        Self { kernel, ..self }
    }

    /// With a recurrent kernel that starts so.
    pub fn with_recurrent(self, recurrent: Initializer) -> Self {
        Self { recurrent, ..self }
    }

    /// With biases that start so, the LSTM's forget gate's too.
    pub fn with_bias(self, bias: Initializer) -> Self {
        Self { bias: Some(bias), ..self }
    }

    /// With one gate that starts otherwise; gates are counted from 0 in the order of [`Cell::gate_names`](crate::Cell::gate_names).
    pub fn with_gate(mut self, gate: usize, initializers: GateInitializers) -> Self {
        self.gates.push((gate, initializers));
        self
    }

    /// Draws the weights of a layer; `extent` are its sizes, with zeros for numbers.
    ///
    /// # Panics
    /// The cell has no gate of that number.
    pub(crate) fn draw(&self, mut weights: Weights, seed: Seed) -> Weights {
        let (cell, hidden) = (weights.cell, weights.hidden);
        let shape = cell.equations().shape();
        let width = shape.gates.len() * hidden;
        weights.kernel = self.kernel.draw(weights.input, width, seed.part(&[0]));
        weights.recurrent = self.recurrent.draw(weights.output, width, seed.part(&[1]));
        let rows = weights.bias.len() / width;
        if rows > 0 {
            weights.bias = match self.bias {
                Some(bias) => bias.draw(rows, width, seed.part(&[2])),
                None => own_biases(shape, hidden, rows),
            };
        }
        if !weights.projection.is_empty() {
            weights.projection = self.recurrent.draw(hidden, weights.output, seed.part(&[3]));
        }
        for (gate, of_gate) in &self.gates {
            let names: Vec<_> = cell.gate_names().collect();
            assert!(*gate < names.len(), "there is no gate {gate}: the cell has {}", names.join(", "));
            let key = |part: u64| seed.part(&[4, *gate as u64, part]);
            let set = |matrix: &mut [f32], initializer: Option<Initializer>, part: u64| {
                let Some(initializer) = initializer else { return };
                let numbers = initializer.draw(matrix.len() / width, hidden, key(part));
                for (row, numbers) in matrix.chunks_exact_mut(width).zip(numbers.chunks_exact(hidden)) {
                    row[gate * hidden..][..hidden].copy_from_slice(numbers);
                }
            };
            set(&mut weights.kernel, of_gate.kernel, 0);
            set(&mut weights.recurrent, of_gate.recurrent, 1);
            set(&mut weights.bias, of_gate.bias, 2);
        }
        weights
    }
}

/// The biases that the cell starts with by itself; those of a recurrent product are zero.
fn own_biases(shape: &Shape, hidden: usize, rows: usize) -> Vec<f32> {
    let mut biases = vec![0.0; rows * shape.gates.len() * hidden];
    for (gate, biases) in shape.gates.iter().zip(biases.chunks_exact_mut(hidden)) {
        biases.fill(gate.bias);
    }
    biases
}

/// Uniform in `±limit`.
fn uniform_numbers(count: usize, limit: f64, seed: Seed) -> Vec<f32> {
    let mut stream = seed.stream(&[]);
    (0..count).map(|_| ((2.0 * uniform(&mut stream) - 1.0) * limit) as f32).collect()
}

fn normal_numbers(count: usize, deviation: f64, seed: Seed) -> Vec<f32> {
    let mut stream = seed.stream(&[]);
    (0..count).map(|_| (normal(&mut stream) * deviation) as f32).collect()
}

/// Turns a `[rows, columns]` matrix into `[columns, rows]`.
pub(crate) fn transpose(matrix: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    assert_eq!(matrix.len(), rows * columns, "a matrix of {rows} rows and {columns} columns");
    (0..columns).flat_map(|column| (0..rows).map(move |row| matrix[row * columns + column])).collect()
}

/// A `[rows, columns]` matrix, `rows <= columns`, whose rows are orthonormal: normal numbers, made so by
/// modified Gram-Schmidt, which is the QR decomposition with a positive diagonal (Saxe et al. 2013).
fn orthogonal(rows: usize, columns: usize, seed: Seed) -> Vec<f32> {
    assert!(rows <= columns, "more rows than columns");
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
    use crate::cell::Cell;

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
        let kernel = Initializer::GlorotUniform.draw(57, 3200, Seed(9));
        let limit = (6.0f32 / 3257.0).sqrt();
        let (low, high) = kernel.iter().fold((0.0f32, 0.0f32), |(l, h), v| (l.min(*v), h.max(*v)));
        assert!(low >= -limit && high <= limit && low < -0.99 * limit && high > 0.99 * limit);
        let mean = kernel.iter().sum::<f32>() / kernel.len() as f32;
        assert!(mean.abs() < 0.01 * limit, "the mean is {mean}");
    }

    #[test]
    fn normal_numbers_have_their_deviation() {
        let kernel = Initializer::HeNormal.draw(50, 800, Seed(3));
        let variance = kernel.iter().map(|number| number * number).sum::<f32>() / kernel.len() as f32;
        assert!((variance / (2.0 / 50.0) - 1.0).abs() < 0.03, "a variance of {variance}");
    }

    #[test]
    fn a_tall_matrix_has_orthonormal_columns() {
        let (rows, columns) = (7, 3);
        let matrix = Initializer::Orthogonal(2.0).draw(rows, columns, Seed(5));
        let columns: Vec<Vec<f32>> = (0..columns)
            .map(|column| matrix.iter().skip(column).step_by(columns).copied().collect())
            .collect();
        for (place, a) in columns.iter().enumerate() {
            for (other, b) in columns.iter().enumerate() {
                let expected = if place == other { 4.0 } else { 0.0 };
                assert!((dot(a, b) - expected).abs() < 1e-5);
            }
        }
    }

    fn drawn(cell: Cell, initializers: &Initializers) -> Weights {
        initializers.draw(Weights::zeros(cell, 3, 2), Seed(0))
    }

    #[test]
    fn only_the_forget_gate_starts_with_a_bias() {
        let of = |cell| drawn(cell, &Initializers::default()).bias;
        assert_eq!(of(Cell::Lstm), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(of(Cell::Gru(crate::Reset::After)), [0.0; 12]);
    }

    #[test]
    fn a_gate_can_start_otherwise() {
        let of_gate = GateInitializers {
            kernel: Some(Initializer::Constant(3.0)),
            recurrent: Some(Initializer::Orthogonal(1.0)),
            bias: Some(Initializer::Constant(-1.0)),
        };
        let plain = drawn(Cell::Lstm, &Initializers::default());
        let other = drawn(Cell::Lstm, &Initializers::default().with_gate(2, of_gate));
        assert_eq!(other.bias, [0.0, 0.0, 1.0, 1.0, -1.0, -1.0, 0.0, 0.0]);
        for (other, plain) in other.kernel.chunks_exact(8).zip(plain.kernel.chunks_exact(8)) {
            assert_eq!((&other[..4], &other[4..6], &other[6..]), (&plain[..4], &[3.0, 3.0][..], &plain[6..]));
        }
        let [a, b] = [&other.recurrent[4..6], &other.recurrent[12..14]];
        assert!((dot(a, a) - 1.0).abs() < 1e-6 && dot(a, b).abs() < 1e-6);
    }

    #[test]
    #[should_panic(expected = "there is no gate 4: the cell has i, f, c', o")]
    fn a_gate_that_is_not_there_is_refused() {
        drawn(Cell::Lstm, &Initializers::default().with_gate(4, GateInitializers::default()));
    }
}
