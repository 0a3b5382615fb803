//! The recurrent product: a few rows times packed weights.

use std::{marker::PhantomData, ptr, slice};

use super::isa::{Isa, LINE, Lines, TileArguments};

/// A matrix of rows inside a larger buffer.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) data: &'a [f32],
    /// Floats from one row to the next.
    pub(super) stride: usize,
}

/// Where a product goes: the same columns of some rows. Others may lie beside it in the same rows, in another thread's hands.
pub(super) struct Target<'a> {
    first: *mut f32,
    rows: usize,
    columns: usize,
    /// Floats from one row to the next.
    stride: usize,
    numbers: PhantomData<&'a mut [f32]>,
}

// SAFETY: it stands for mutable slices, which can be sent, and no other has a number of theirs: `new` lets no rows overlap, and
// `split` gives each column to one half.
unsafe impl Send for Target<'_> {}

impl<'a> Target<'a> {
    /// The first `columns` of each of `rows` rows.
    ///
    /// # Panics
    /// There are fewer, or they overlap.
    pub(super) fn new(rows: usize, columns: usize, out: &'a mut [f32], stride: usize) -> Self {
        assert!(holds(out, rows, columns, stride), "rows of the output");
        assert!(columns <= stride || rows <= 1, "rows that overlap");
        Self { first: out.as_mut_ptr(), rows, columns, stride, numbers: PhantomData }
    }

    /// Columns.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// Rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Its first `columns` columns, and the others.
    pub(super) fn split(self, columns: usize) -> (Self, Self) {
        assert!(columns <= self.columns);
        let first = self.first.wrapping_add(columns);
        (Self { columns, ..self }, Self { first, columns: self.columns - columns, ..self })
    }

    /// Row by row.
    pub(super) fn for_each_row(&mut self, mut each: impl FnMut(usize, &mut [f32])) {
        for row in 0..self.rows {
            let first = self.first.wrapping_add(row * self.stride);
            // SAFETY: `new` saw that all columns of all rows are there and that no rows overlap; `split` gives each column to one
            // half, and this one is borrowed mutably.
            each(row, unsafe { slice::from_raw_parts_mut(first, self.columns) });
        }
    }
}

/// Whether a slice has the first `columns` of each of `rows` rows that lie `stride` apart.
fn holds(data: &[f32], rows: usize, columns: usize, stride: usize) -> bool {
    let before_last = rows.saturating_sub(1).checked_mul(stride);
    rows == 0 || before_last.and_then(|it| it.checked_add(columns)).is_some_and(|needed| needed <= data.len())
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
pub(super) enum Onto<'a> {
    /// The product overwrites it.
    Set,
    /// The product is added to it.
    Add,
    /// The product and this row, the same for all rows, overwrite it.
    SumWith(&'a [f32]),
}

impl Onto<'_> {
    /// The same for a product that is done, row by row.
    pub(super) fn finish(self, product: &[f32], out: &mut [f32]) {
        match self {
            Self::Set => out.copy_from_slice(product),
            Self::Add => out.iter_mut().zip(product).for_each(|(out, sum)| *out += sum),
            Self::SumWith(row) => {
                out.iter_mut().zip(row).zip(product).for_each(|((out, start), sum)| *out = start + sum);
            }
        }
    }
}

/// `out = a * weights (+ out, or + a row)`.
///
/// The sum of one element runs over a block of the depth in order, one multiply-add after the other, and is added to that of the
/// blocks before, whatever the tile that it falls into: the result does not depend on how rows are shared out.
pub(super) fn product<P: Panels>(a: Rows<'_>, weights: &P, out: Target<'_>, into: Onto<'_>) {
    let ([depth, columns], isa) = (weights.dims(), weights.isa());
    let Target { rows, stride: out_stride, .. } = out;
    if rows == 0 {
        return;
    }
    assert_eq!(columns, out.columns, "columns of the output");
    assert!(depth > 0 && holds(a.data, rows, depth, a.stride), "rows of a");
    if let Onto::SumWith(row) = into {
        assert!(columns <= row.len(), "the row to sum with");
    }
    for block in (0..depth).step_by(P::DEPTH) {
        let block_depth = P::DEPTH.min(depth - block);
        for first in (0..columns).step_by(isa.panel) {
            let panel = weights.panel(block, first);
            let width = isa.panel.min(columns - first);
            let whole_width = width.next_multiple_of(isa.lanes);
            assert!(holds(panel.data, block_depth, whole_width, panel.stride), "rows of the panel");
            // Each tile asks for as many lines of the next panel as it is deep, one part after the other and round again; the few
            // tiles of few rows ask for the first parts alone.
            let parts = isa.panel.div_ceil(LINE);
            for (tile, row) in (0..rows).step_by(isa.rows).enumerate() {
                let out = out.first.wrapping_add(row * out_stride + first);
                let start = match into {
                    Onto::Set if block == 0 => Lines { first: ptr::null(), stride: 0 },
                    Onto::SumWith(row) if block == 0 => Lines { first: row[first..].as_ptr(), stride: 0 },
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
                // SAFETY: an `Isa` is one that the processor has. The assertions above hold all rows of `a`, the row to sum with
                // and all rows of the panel; a target has all columns of its rows, of which this is a part, for itself.
                unsafe { (isa.tile)(arguments) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{isa::Level, pack::Packed};
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
            for level in Level::available() {
                for packed in [
                    Packed::new(Isa::of(level), depth, columns, &b, columns, 1),
                    Packed::new(Isa::of(level), depth, columns, &transposed, 1, depth),
                ] {
                    let row = numbers(columns, seed + 2);
                    let (start, added, into) = match case {
                        0 => (f32::NAN, vec![0.0; columns], Onto::Set),
                        1 => (0.25, vec![0.25; columns], Onto::Add),
                        _ => (f32::NAN, row.clone(), Onto::SumWith(&row)),
                    };
                    // One column more than the product, which must stay as it is.
                    let mut out = vec![start; rows * (columns + 1)];
                    let target = Target::new(rows, columns, &mut out, columns + 1);
                    product(Rows { data: &a, stride: depth }, &packed, target, into);
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

    /// Small enough for Miri, which follows every pointer.
    #[test]
    fn the_plain_tile_agrees_with_the_definition() {
        let plain = Isa::of(Level::available()[0]);
        for (rows, depth, columns) in [(1, 1, 1), (5, 3, 9), (9, 2, 33)] {
            let (a, b) = (numbers(rows * depth, 1), numbers(depth * columns, 2));
            let mut out = vec![0.5; rows * columns];
            let packed = Packed::new(plain, depth, columns, &b, columns, 1);
            let target = Target::new(rows, columns, &mut out, columns);
            product(Rows { data: &a, stride: depth }, &packed, target, Onto::Add);
            for (found, expected) in out.iter().zip(expected(rows, depth, columns, &a, &b)) {
                assert!((f64::from(*found) - 0.5 - expected).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn a_target_that_is_split_writes_its_own_columns_alone() {
        for rows in [0, 1, 3] {
            let (columns, stride) = (5, 7);
            let len = if rows == 0 { 0 } else { (rows - 1) * stride + columns };
            for at in 0..=columns {
                let mut out = vec![-1.0; len];
                let (mut left, mut right) = Target::new(rows, columns, &mut out, stride).split(at);
                let fill = |target: &mut Target<'_>, number: f32| {
                    target.for_each_row(|row, numbers| numbers.fill(number + row as f32));
                };
                rayon::join(|| fill(&mut left, 10.0), || fill(&mut right, 20.0));
                for (place, found) in out.iter().enumerate() {
                    let (row, column) = (place / stride, place % stride);
                    let expected = match column {
                        _ if column < at => 10.0 + row as f32,
                        _ if column < columns => 20.0 + row as f32,
                        _ => -1.0,
                    };
                    assert_eq!(*found, expected, "{rows} rows split at {at}: [{row}, {column}]");
                }
            }
        }
    }

    #[test]
    #[should_panic(expected = "rows of the output")]
    fn a_target_needs_all_columns_of_its_last_row() {
        Target::new(3, 5, &mut [0.0; 18], 7);
    }

    #[test]
    #[should_panic(expected = "rows of the output")]
    fn a_target_of_more_rows_than_can_be_counted_is_refused() {
        Target::new(3, 1, &mut [0.0; 18], 1 << 63);
    }

    #[test]
    #[should_panic(expected = "rows that overlap")]
    fn the_rows_of_a_target_lie_apart() {
        Target::new(3, 5, &mut [0.0; 18], 4);
    }
}
