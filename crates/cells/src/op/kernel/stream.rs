//! The product of a single step, as in generation. The weights are read from memory once, and threads share them out by
//! columns, so that each is read by one thread. They are used as they lie: for few rows the time is that of reading them; for
//! more, the tiles take a panel through all rows before the one beside it, and ask for that meanwhile.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    isa::{Isa, LINE, compiled_for_each},
    pack::Packed,
    product::{Onto, Panel, Panels, Rows, Target, product},
};

/// Up to so many rows, reading the weights costs more than multiplying.
const FEW: usize = 8;

/// A part of a row-major matrix, used where it lies.
#[derive(Clone, Copy)]
pub(super) struct Plain<'a> {
    pub(super) isa: Isa,
    pub(super) data: &'a [f32],
    pub(super) depth: usize,
    pub(super) columns: usize,
    /// Floats from one row to the next.
    pub(super) stride: usize,
}

/// `out = a * weights (+ out, or + a row)`, as [`product`] has it.
///
/// A thread has a number's whole sum, in the order of the depth, whatever the count of threads.
pub(super) fn streamed(a: Rows<'_>, weights: Plain<'_>, out: Target<'_>, into: Onto<'_>) {
    assert_eq!(weights.columns, out.columns(), "columns of the output");
    let mut rest = out;
    let mut parts = Vec::new();
    for columns in shares(weights.isa, weights.columns) {
        let (part, after) = rest.split(columns.len());
        parts.push((columns, part));
        rest = after;
    }
    parts.into_par_iter().for_each(|(columns, out)| {
        let into = match into {
            Onto::SumWith(row) => Onto::SumWith(&row[columns.clone()]),
            other => other,
        };
        let part = Plain { data: &weights.data[columns.start..], columns: columns.len(), ..weights };
        part.product(a, out, into);
    });
}

impl Plain<'_> {
    /// The product of one share. Of few rows each number is summed up many times between memory and registers: near at hand, in
    /// rows as long as the share, and not where it belongs.
    fn product(self, a: Rows<'_>, mut out: Target<'_>, into: Onto<'_>) {
        let Self { isa, data, depth, columns, stride } = self;
        if out.rows() <= FEW {
            let mut sums = vec![0.0; out.rows() * columns];
            sum(isa.level(), a.data, a.stride, self, &mut sums);
            out.for_each_row(|row, out| into.finish(&sums[row * columns..][..columns], out));
        } else if columns.is_multiple_of(isa.lanes) {
            product(a, &self, out, into);
        } else {
            product(a, &Packed::new(isa, depth, columns, data, stride, 1), out, into);
        }
    }
}

/// The columns of each thread: side by side, so that a row of them is a long run of memory. Those that do not fill a vector are a
/// share of their own, however many threads there are, so that the same sums are rounded alike.
fn shares(isa: Isa, columns: usize) -> Vec<Range<usize>> {
    let whole = columns / isa.lanes * isa.lanes;
    let width = columns.div_ceil(rayon::current_num_threads()).next_multiple_of(isa.panel);
    let shares = (0..whole).step_by(width).map(|start| start..whole.min(start + width));
    shares.chain((whole < columns).then_some(whole..columns)).collect()
}

/// As the tiles read it where it lies; its columns must fill whole vectors.
impl Panels for Plain<'_> {
    /// Few enough that the rows of a share stay in the second-level cache, and their pages in the first table of pages.
    const DEPTH: usize = 64;

    fn isa(&self) -> Isa {
        self.isa
    }

    fn dims(&self) -> [usize; 2] {
        [self.depth, self.columns]
    }

    fn panel(&self, block: usize, first: usize) -> Panel<'_> {
        let Plain { columns, stride, .. } = *self;
        let data = &self.data[block * stride + first..];
        // The columns beside it; at the end of a row those below.
        let after = first + self.isa.panel;
        let next = if after < columns { block * stride + after } else { (block + Self::DEPTH) * stride };
        let next = self.data.as_ptr().wrapping_add(next);
        Panel { data, stride, next, next_line: stride, next_part: LINE }
    }
}

compiled_for_each! {
    /// Sums into `[rows, columns]`; four rows of weights at a time, so that a sum is loaded and stored once for them.
    fn sum(a: &[f32], a_stride: usize, weights: Plain<'_>, sums: &mut [f32]) {
        let width = weights.columns;
        let line = |k: usize| &weights.data[k * weights.stride..][..width];
        let whole = weights.depth / 4 * 4;
        for k in (0..whole).step_by(4) {
            let lines = [line(k), line(k + 1), line(k + 2), line(k + 3)];
            for (row, sums) in sums.chunks_exact_mut(width).enumerate() {
                let a = &a[row * a_stride + k..][..4];
                for (i, sum) in sums.iter_mut().enumerate() {
                    *sum = (((*sum + a[0] * lines[0][i]) + a[1] * lines[1][i]) + a[2] * lines[2][i]) + a[3] * lines[3][i];
                }
            }
        }
        for k in whole..weights.depth {
            for (row, sums) in sums.chunks_exact_mut(width).enumerate() {
                let a = a[row * a_stride + k];
                sums.iter_mut().zip(line(k)).for_each(|(sum, weight)| *sum += a * weight);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::isa::Level, *};

    #[test]
    fn the_number_of_threads_does_not_change_a_bit() {
        let (depth, columns, isa) = (70, 331, Isa::detect());
        let number = |i: usize| (i * 31 % 17) as f32 / 16.0 - 0.49;
        let data: Vec<f32> = (0..depth * columns).map(number).collect();
        let weights = Plain { isa, data: &data, depth, columns, stride: columns };
        for rows in [1, 8, 9, 33] {
            let a: Vec<f32> = (0..rows * depth).map(|i| number(i + 7)).collect();
            let bias: Vec<f32> = (0..columns).map(|i| number(i + 3)).collect();
            let by = |threads: usize, into: Onto<'_>| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
                let mut out = vec![0.25; rows * columns];
                let target = Target::new(rows, columns, &mut out, columns);
                pool.install(|| streamed(Rows { data: &a, stride: depth }, weights, target, into));
                out.into_iter().map(f32::to_bits).collect::<Vec<_>>()
            };
            for into in [Onto::Set, Onto::Add, Onto::SumWith(&bias)] {
                let one = by(1, into);
                for threads in [2, 3, 7] {
                    assert_eq!(by(threads, into), one, "{rows} rows on {threads} threads");
                }
            }
        }
    }

    #[test]
    fn every_size_and_instruction_set_agrees_with_the_definition() {
        for (rows, depth, columns) in
            [(1, 1, 1), (1, 7, 13), (3, 33, 401), (8, 6, 1000), (9, 13, 7), (33, 600, 131)]
        {
            let (a_stride, stride, out_stride) = (depth + 2, columns + 3, columns + 1);
            let number = |i: usize| (i * 31 % 17) as f32 / 16.0 - 0.5;
            let a: Vec<f32> = (0..rows * a_stride).map(number).collect();
            let data: Vec<f32> = (0..depth * stride).map(|i| number(i + 5)).collect();
            let bias: Vec<f32> = (0..columns).map(|i| number(i + 3)).collect();
            for (level, into) in Level::available()
                .into_iter()
                .flat_map(|level| [Onto::Set, Onto::Add, Onto::SumWith(&bias)].map(|into| (level, into)))
            {
                let mut out = vec![0.25; rows * out_stride];
                let weights = Plain { isa: Isa::of(level), data: &data, depth, columns, stride };
                let target = Target::new(rows, columns, &mut out, out_stride);
                streamed(Rows { data: &a, stride: a_stride }, weights, target, into);
                for row in 0..rows {
                    for column in 0..columns {
                        let terms = (0..depth)
                            .map(|k| f64::from(a[row * a_stride + k]) * f64::from(data[k * stride + column]));
                        let start = match into {
                            Onto::Set => 0.0,
                            Onto::Add => 0.25,
                            Onto::SumWith(bias) => f64::from(bias[column]),
                        };
                        let (found, expected) = (out[row * out_stride + column], start + terms.sum::<f64>());
                        assert!(
                            (f64::from(found) - expected).abs() < 1e-4,
                            "{level:?} [{row}, {column}]: {found}, not {expected}"
                        );
                    }
                    assert_eq!(out[row * out_stride + columns], 0.25, "{level:?} wrote past row {row}");
                }
            }
        }
    }
}
