//! The recurrent product: a few rows times packed weights.

use std::ptr;

use super::isa::{Isa, LINE, Lines, TileArguments};

/// A matrix of rows inside a larger buffer.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) data: &'a [f32],
    /// Floats from one row to the next.
    pub(super) stride: usize,
}

/// A `[depth, columns]` matrix of weights as the tiles read it: panels of [`Isa::panel`] columns, block of rows after block.
pub(super) trait Panels {
    /// Rows of a block.
    const DEPTH: usize;

    fn isa(&self) -> Isa;

    /// Depth and columns.
    fn dims(&self) -> [usize; 2];

    /// The panel whose first column is `first`, in the block whose first row is `block`.
    fn panel(&self, block: usize, first: usize) -> Panel<'_>;
}

/// A panel of one block.
pub(super) struct Panel<'a> {
    /// Its rows, each of whole vectors, `stride` floats apart.
    pub(super) data: &'a [f32],
    pub(super) stride: usize,
    /// The numbers that are read after it; nothing is read through this.
    pub(super) next: *const f32,
    /// Floats from one cache line of those to the next, where as many as the panel has rows are asked for.
    pub(super) next_line: usize,
    /// Floats from one such part of them to the next.
    pub(super) next_part: usize,
}

/// What becomes of a product and of what its output holds.
#[derive(Clone, Copy)]
pub(super) enum Into<'a> {
    /// The product overwrites it.
    Set,
    /// The product is added to it.
    Add,
    /// The product and this row, the same for all rows, overwrite it.
    SumWith(&'a [f32]),
}

/// `out = a * weights (+ out, or + a row)`, for `rows` rows.
///
/// The sum of one element runs over the depth in order, one multiply-add after the other, whatever the tile
/// that it falls into: the result does not depend on how rows are shared out.
pub(super) fn product<P: Panels>(
    rows: usize,
    a: Rows<'_>,
    weights: &P,
    out: &mut [f32],
    out_stride: usize,
    into: Into<'_>,
) {
    let ([depth, columns], isa) = (weights.dims(), weights.isa());
    if rows == 0 {
        return;
    }
    assert!((rows - 1) * a.stride + depth <= a.data.len(), "rows of a");
    assert!((rows - 1) * out_stride + columns <= out.len(), "rows of the output");
    if let Into::SumWith(row) = into {
        assert!(columns <= row.len(), "the row to sum with");
    }
    for block in (0..depth).step_by(P::DEPTH) {
        let block_depth = P::DEPTH.min(depth - block);
        for first in (0..columns).step_by(isa.panel) {
            let panel = weights.panel(block, first);
            let width = isa.panel.min(columns - first);
            let whole_width = width.next_multiple_of(isa.lanes);
            assert!((block_depth - 1) * panel.stride + whole_width <= panel.data.len(), "rows of the panel");
            // Each tile asks for as many lines of the next panel as it is deep, one part after the other and round again; the few
            // tiles of few rows ask for the first parts alone.
            let parts = isa.panel.div_ceil(LINE);
            for (tile, row) in (0..rows).step_by(isa.rows).enumerate() {
                let out = out[row * out_stride + first..].as_mut_ptr();
                let start = match into {
                    Into::Set if block == 0 => Lines { first: ptr::null(), stride: 0 },
                    Into::SumWith(row) if block == 0 => Lines { first: row[first..].as_ptr(), stride: 0 },
                    _ => Lines { first: out.cast_const(), stride: out_stride },
                };
                let ahead = panel.next.wrapping_add(tile % parts * panel.next_part);
                let arguments = TileArguments {
                    rows: isa.rows.min(rows - row),
                    columns: width,
                    depth: block_depth,
                    a: Lines { first: a.data[row * a.stride + block..].as_ptr(), stride: a.stride },
                    panel: Lines { first: panel.data.as_ptr(), stride: panel.stride },
                    ahead: Lines { first: ahead, stride: panel.next_line },
                    out: Lines { first: out, stride: out_stride },
                    start,
                };
                // SAFETY: an `Isa` is one that the processor has. The assertions above hold all rows of `a` and of `out`, of which
                // this is a part, the row to sum with, and all rows of the panel.
                unsafe { (isa.tile)(arguments) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pack::Packed;
    use super::*;

    fn numbers(count: usize, seed: u64) -> Vec<f32> {
        use rand_chacha::{
            ChaCha8Rng,
            rand_core::{Rng, SeedableRng},
        };
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        (0..count).map(|_| random.next_u32() as f32 / u32::MAX as f32 - 0.5).collect()
    }

    /// The definition, in double precision.
    fn expected(rows: usize, depth: usize, columns: usize, a: &[f32], b: &[f32]) -> Vec<f64> {
        let mut out = vec![0.0; rows * columns];
        for row in 0..rows {
            for column in 0..columns {
                out[row * columns + column] = (0..depth)
                    .map(|k| f64::from(a[row * depth + k]) * f64::from(b[k * columns + column]))
                    .sum();
            }
        }
        out
    }

    proptest::proptest! {
        #[test]
        fn every_instruction_set_agrees_with_the_definition(
            rows in 1usize..20, depth in 1usize..1100, columns in 1usize..140, seed in 0u64..1000, case in 0..3,
        ) {
            let (a, b) = (numbers(rows * depth, seed), numbers(depth * columns, seed + 1));
            let expected = expected(rows, depth, columns, &a, &b);
            let transposed: Vec<f32> = (0..columns * depth).map(|i| b[i % depth * columns + i / depth]).collect();
            for level in Isa::available() {
                for packed in [
                    Packed::new(Isa::of(level), depth, columns, &b, columns, 1),
                    Packed::new(Isa::of(level), depth, columns, &transposed, 1, depth),
                ] {
                    let row = numbers(columns, seed + 2);
                    let (start, added, into) = match case {
                        0 => (f32::NAN, vec![0.0; columns], Into::Set),
                        1 => (0.25, vec![0.25; columns], Into::Add),
                        _ => (f32::NAN, row.clone(), Into::SumWith(&row)),
                    };
                    // One column more than the product, which must stay as it is.
                    let mut out = vec![start; rows * (columns + 1)];
                    product(rows, Rows { data: &a, stride: depth }, &packed, &mut out, columns + 1, into);
                    for (row, line) in out.chunks_exact(columns + 1).enumerate() {
                        for column in 0..columns {
                            let want = expected[row * columns + column] + f64::from(added[column]);
                            let found = f64::from(line[column]);
                            proptest::prop_assert!((found - want).abs() < 1e-4, "{level:?} [{row}, {column}]: {found}, not {want}");
                        }
                        proptest::prop_assert!(line[columns].to_bits() == start.to_bits(), "{level:?} wrote past row {row}");
                    }
                }
            }
        }
    }
}
