//! Weights laid out in the order in which the tiles read them, once for a whole sequence.

use rayon::prelude::*;

use super::{
    isa::{Isa, LINE},
    pool,
    product::{Panel, Panels},
};

/// Rows of a weight matrix that are multiplied in one go. A panel of 128 rows and 64 columns is 32 KiB: it stays in the
/// first-level cache, or just beside it in the second, while all rows of the batch pass over it.
const DEPTH: usize = 128;

/// A `[depth, columns]` matrix as panels of [`Isa::panel`] columns, block of [`DEPTH`] rows after block. The
/// last panel is as narrow as whole vectors allow, padded with zeros.
pub(super) struct Packed {
    isa: Isa,
    depth: usize,
    columns: usize,
    data: Vec<f32>,
}

impl Packed {
    /// Packs the matrix whose element `[row, column]` is `matrix[row * row_stride + column * column_stride]`; panels on
    /// all threads.
    pub(super) fn new(
        isa: Isa,
        depth: usize,
        columns: usize,
        matrix: &[f32],
        row_stride: usize,
        column_stride: usize,
    ) -> Self {
        assert!(depth > 0 && columns > 0);
        assert!((depth - 1) * row_stride + (columns - 1) * column_stride < matrix.len());
        let mut data = pool::take(depth * columns.next_multiple_of(isa.lanes));
        let mut panels = Vec::new();
        let mut rest = &mut data[..];
        for block in (0..depth).step_by(DEPTH) {
            for first in (0..columns).step_by(isa.panel) {
                let (rows, real) = (DEPTH.min(depth - block), isa.panel.min(columns - first));
                let (panel, after) = rest.split_at_mut(rows * real.next_multiple_of(isa.lanes));
                panels.push((&matrix[block * row_stride + first * column_stride..], rows, real, panel));
                rest = after;
            }
        }
        panels.into_par_iter().for_each(|(matrix, rows, real, panel)| {
            if column_stride == 1 {
                fill(panel, matrix, rows, row_stride, real);
            } else {
                fill_transposed(panel, matrix, [rows, row_stride], [real, column_stride]);
            }
        });
        Self { isa, depth, columns, data }
    }
}

impl Panels for Packed {
    const DEPTH: usize = DEPTH;

    fn isa(&self) -> Isa {
        self.isa
    }

    fn dims(&self) -> [usize; 2] {
        [self.depth, self.columns]
    }

    fn panel(&self, block: usize, first: usize) -> Panel<'_> {
        let rows = DEPTH.min(self.depth - block);
        let start = block * self.columns.next_multiple_of(self.isa.lanes) + rows * first;
        let width = self.isa.panel.min(self.columns - first).next_multiple_of(self.isa.lanes);
        let (data, after) = self.data[start..].split_at(rows * width);
        // Behind the last panel they start over.
        let after = if after.is_empty() { &self.data } else { after };
        Panel { data, stride: width, next: after.as_ptr(), next_line: LINE, next_part: rows * LINE }
    }
}

/// Fills a panel from rows that lie in order, the first `real` of each.
fn fill(panel: &mut [f32], matrix: &[f32], rows: usize, row_stride: usize, real: usize) {
    for (row, line) in panel.chunks_exact_mut(panel.len() / rows).enumerate() {
        let (line, padding) = line.split_at_mut(real);
        line.copy_from_slice(&matrix[row * row_stride..][..real]);
        padding.fill(0.0);
    }
}

/// Fills a panel from a matrix whose columns lie in order; some rows at a time, so that of each column a run is read, and
/// what is written stays in the first-level cache.
fn fill_transposed(
    panel: &mut [f32],
    matrix: &[f32],
    [rows, row_stride]: [usize; 2],
    [real, column_stride]: [usize; 2],
) {
    const RUN: usize = 16;
    let width = panel.len() / rows;
    for (first, lines) in (0..).step_by(RUN).zip(panel.chunks_mut(RUN * width)) {
        for column in 0..width {
            let of_row = |row: usize| matrix[(first + row) * row_stride + column * column_stride];
            for (row, line) in lines.chunks_exact_mut(width).enumerate() {
                line[column] = if column < real { of_row(row) } else { 0.0 };
            }
        }
    }
}

impl Drop for Packed {
    fn drop(&mut self) {
        pool::give(std::mem::take(&mut self.data));
    }
}
