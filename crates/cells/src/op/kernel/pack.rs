//! Weights laid out in the order in which the tiles read them, once for a whole sequence.

use super::{isa::Isa, pool};

/// Rows of a weight matrix that are multiplied in one go. A panel of 512 rows and 64 columns is 128 KiB: it
/// stays in the second-level cache while all rows of the batch pass over it, and a tile's rows of 512
/// floats (12 KiB) stay in the first.
pub(super) const DEPTH: usize = 512;

/// A `[depth, columns]` matrix as panels of [`Isa::panel`] columns, block of [`DEPTH`] rows after block. The
/// last panel is as narrow as whole vectors allow, padded with zeros.
pub(super) struct Packed {
    pub(super) isa: Isa,
    pub(super) depth: usize,
    pub(super) columns: usize,
    data: Vec<f32>,
}

impl Packed {
    /// Packs the matrix whose element `[row, column]` is `matrix[row * row_stride + column * column_stride]`.
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
        data.clear();
        for block in (0..depth).step_by(DEPTH) {
            for first in (0..columns).step_by(isa.panel) {
                let real = isa.panel.min(columns - first);
                let padding = real.next_multiple_of(isa.lanes) - real;
                for row in block..depth.min(block + DEPTH) {
                    let line = &matrix[row * row_stride + first * column_stride..];
                    if column_stride == 1 {
                        data.extend_from_slice(&line[..real]);
                    } else {
                        data.extend(line.iter().step_by(column_stride).take(real));
                    }
                    data.extend(std::iter::repeat_n(0.0, padding));
                }
            }
        }
        Self { isa, depth, columns, data }
    }

    /// The panel whose first column is `first`, in the block whose first row is `block`.
    pub(super) fn panel(&self, block: usize, first: usize) -> &[f32] {
        let rows = DEPTH.min(self.depth - block);
        let start = block * self.columns.next_multiple_of(self.isa.lanes) + rows * first;
        let width = self.isa.panel.min(self.columns - first).next_multiple_of(self.isa.lanes);
        &self.data[start..start + rows * width]
    }
}

impl Drop for Packed {
    fn drop(&mut self) {
        pool::give(std::mem::take(&mut self.data));
    }
}
