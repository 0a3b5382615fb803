//! The product of a single step, as in generation. The weights are read from memory once, and threads share them out by
//! columns, so that each is read by one thread. They are used as they lie: for few rows the time is that of reading them; for
//! more, the tiles take a panel through all rows before the one beside it, and ask for that meanwhile.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    isa::{Isa, LINE, compiled_for_each},
    pack::Packed,
    product::{Into, Panel, Panels, Rows, product},
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

/// `out += a * weights`; `out` is row-major, its rows `out_stride` apart.
///
/// Each number is summed in the order of the depth, by one thread, whatever their count.
pub(super) fn add_streamed(rows: usize, a: Rows<'_>, weights: Plain<'_>, out: &mut [f32], out_stride: usize) {
    let isa = weights.isa;
    let parts: Vec<_> = shares(isa, weights.columns)
        .into_par_iter()
        .map(|columns| {
            let width = columns.len();
            let part = Plain { data: &weights.data[columns.start..], columns: width, ..weights };
            let mut sums = vec![0.0; rows * width];
            if rows <= FEW {
                sum(isa.level, a.data, a.stride, part, &mut sums);
            } else if width.is_multiple_of(isa.lanes) {
                product(rows, a, &part, &mut sums, width, Into::Set);
            } else {
                let packed = Packed::new(isa, part.depth, width, part.data, part.stride, 1);
                product(rows, a, &packed, &mut sums, width, Into::Set);
            }
            (columns, sums)
        })
        .collect();
    for (columns, sums) in parts {
        for (row, sums) in sums.chunks_exact(columns.len()).enumerate() {
            let out = &mut out[row * out_stride..][columns.clone()];
            out.iter_mut().zip(sums).for_each(|(out, sum)| *out += sum);
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
    use super::*;

    #[test]
    fn the_number_of_threads_does_not_change_a_bit() {
        let (depth, columns, isa) = (70, 331, Isa::detect());
        let number = |i: usize| (i * 31 % 17) as f32 / 16.0 - 0.49;
        let data: Vec<f32> = (0..depth * columns).map(number).collect();
        let weights = Plain { isa, data: &data, depth, columns, stride: columns };
        for rows in [1, 8, 9, 33] {
            let a: Vec<f32> = (0..rows * depth).map(|i| number(i + 7)).collect();
            let by = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
                let mut out = vec![0.25; rows * columns];
                pool.install(|| {
                    add_streamed(rows, Rows { data: &a, stride: depth }, weights, &mut out, columns)
                });
                out.into_iter().map(f32::to_bits).collect::<Vec<_>>()
            };
            let one = by(1);
            for threads in [2, 3, 7] {
                assert_eq!(by(threads), one, "{rows} rows on {threads} threads");
            }
        }
    }

    #[test]
    fn every_size_and_instruction_set_agrees_with_the_definition() {
        for (rows, depth, columns) in
            [(1, 1, 1), (1, 7, 13), (3, 33, 401), (8, 6, 1000), (9, 13, 7), (33, 600, 131)]
        {
            let (a_stride, stride) = (depth + 2, columns + 3);
            let number = |i: usize| (i * 31 % 17) as f32 / 16.0 - 0.5;
            let a: Vec<f32> = (0..rows * a_stride).map(number).collect();
            let data: Vec<f32> = (0..depth * stride).map(|i| number(i + 5)).collect();
            for level in Isa::available() {
                let mut out = vec![0.25; rows * columns];
                let weights = Plain { isa: Isa::of(level), data: &data, depth, columns, stride };
                let rows_of_a = Rows { data: &a, stride: a_stride };
                add_streamed(rows, rows_of_a, weights, &mut out, columns);
                for row in 0..rows {
                    for column in 0..columns {
                        let terms = (0..depth)
                            .map(|k| f64::from(a[row * a_stride + k]) * f64::from(data[k * stride + column]));
                        let (found, expected) = (out[row * columns + column], 0.25 + terms.sum::<f64>());
                        assert!(
                            (f64::from(found) - expected).abs() < 1e-4,
                            "{level:?} [{row}, {column}]: {found}, not {expected}"
                        );
                    }
                }
            }
        }
    }
}
