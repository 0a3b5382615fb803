//! The tile, written once for the vectors of every instruction set: [`ROWS`] rows by [`Vector::PANEL`] vectors of sums, which stay
//! in registers for as many rows of the panel as the arguments say.

use std::hint::black_box;

use super::TileArguments;

/// Rows of a full tile.
pub(super) const ROWS: usize = 6;

/// A vector of one instruction set. All of this is inlined into functions that are compiled for that set.
///
/// # Safety
///
/// Of each function: the processor has the instruction set; addresses are those of as many floats as the function names.
pub(super) trait Vector: Copy {
    /// Floats in it.
    const LANES: usize;
    /// Vectors beside each other in a full tile, at most 4: as many as leave registers for the sums of [`ROWS`] rows, a row of
    /// the panel and a number of `a`.
    const PANEL: usize;

    /// The same number in all lanes.
    unsafe fn splat(number: f32) -> Self;

    /// [`Self::LANES`] numbers.
    unsafe fn load(from: *const f32) -> Self;

    /// `count` numbers, which are 1 to [`Self::LANES`], and others in the lanes after them.
    unsafe fn load_first(count: usize, from: *const f32) -> Self;

    /// Writes the first `count` lanes, which are 1 to [`Self::LANES`].
    unsafe fn store_first(self, count: usize, to: *mut f32);

    /// `self + other`.
    unsafe fn add(self, other: Self) -> Self;

    /// `self + a * b`, rounded once.
    unsafe fn add_product(self, a: Self, b: Self) -> Self;

    /// Asks for a cache line, to wait in the second-level cache. Any address will do.
    unsafe fn ask_for(address: *const f32);
}

/// [`super::Tile`] by vectors of `V`.
///
/// # Safety
///
/// As [`super::Tile`] says.
#[inline(always)]
pub(super) unsafe fn tile<V: Vector>(arguments: TileArguments) {
    const { assert!(1 <= V::PANEL && V::PANEL <= 4, "an arm for each number of vectors") };
    // SAFETY: passed on as they came; the arm fits `columns`.
    unsafe {
        match arguments.columns.div_ceil(V::LANES).min(V::PANEL) {
            4 => tile_of_rows::<V, 4>(arguments),
            3 => tile_of_rows::<V, 3>(arguments),
            2 => tile_of_rows::<V, 2>(arguments),
            _ => tile_of_rows::<V, 1>(arguments),
        }
    }
}

/// # Safety
///
/// As for [`tile`], with `N` vectors.
#[inline(always)]
unsafe fn tile_of_rows<V: Vector, const N: usize>(arguments: TileArguments) {
    // SAFETY: passed on as they came; the arm fits `rows`.
    unsafe {
        match arguments.rows {
            1 => multiply::<V, 1, N>(arguments),
            2 => multiply::<V, 2, N>(arguments),
            3 => multiply::<V, 3, N>(arguments),
            4 => multiply::<V, 4, N>(arguments),
            5 => multiply::<V, 5, N>(arguments),
            _ => multiply::<V, ROWS, N>(arguments),
        }
    }
}

/// # Safety
///
/// As for [`tile`], with `R` rows and `N` vectors.
#[inline(always)]
unsafe fn multiply<V: Vector, const R: usize, const N: usize>(arguments: TileArguments) {
    let TileArguments { columns, depth, a, panel, ahead, out, start, .. } = arguments;
    // SAFETY: the caller vouches for the instruction set, here and below.
    let mut sums = [[unsafe { V::splat(0.0) }; N]; R];
    for k in 0..depth {
        // SAFETY: any address will do.
        unsafe { V::ask_for(ahead.first.wrapping_add(k * ahead.stride)) };
        // SAFETY: the caller vouches for the instruction set.
        let mut line = [unsafe { V::splat(0.0) }; N];
        for (v, vector) in line.iter_mut().enumerate() {
            // SAFETY: row `k < depth` of the panel, vector `v` of its `N`.
            *vector = unsafe { V::load(panel.first.add(k * panel.stride + v * V::LANES)) };
        }
        for (r, row) in sums.iter_mut().enumerate() {
            // SAFETY: row `r < rows` of `a`, at `k < depth`.
            let scalar = unsafe { V::splat(*a.first.add(r * a.stride + k)) };
            for (sum, vector) in row.iter_mut().zip(line) {
                // SAFETY: as above.
                *sum = unsafe { sum.add_product(scalar, vector) };
            }
        }
    }
    for (r, row) in sums.into_iter().enumerate() {
        for (v, mut sum) in row.into_iter().enumerate() {
            // The last vector may reach past the columns.
            let count = if v + 1 == N { columns - v * V::LANES } else { V::LANES };
            // SAFETY: row `r < rows` of `out` and of `start`; `count` cuts off what lies past `columns`.
            unsafe {
                if !start.first.is_null() {
                    let start = start.first.add(r * start.stride + v * V::LANES);
                    sum = V::load_first(count, start).add(sum);
                }
                sum.store_first(count, out.first.add(r * out.stride + v * V::LANES));
            }
        }
    }
}

/// [`super::Chain`] of `SUMS` vectors of `V`.
///
/// # Safety
///
/// As [`super::Chain`] says.
#[inline(always)]
pub(super) unsafe fn chain<V: Vector, const SUMS: usize>(rounds: usize) -> f32 {
    // SAFETY: the caller vouches for the instruction set; `sums` has the lanes of all vectors.
    unsafe {
        // What is added to is the sum itself, as in a product: NEON's instruction overwrites it.
        let (a, b) = (V::splat(black_box(0.999)), V::splat(black_box(0.001)));
        let mut chained = [V::splat(0.0); SUMS];
        for _ in 0..rounds {
            for sum in &mut chained {
                *sum = sum.add_product(a, b);
            }
        }
        let mut sums = vec![0.0; SUMS * V::LANES];
        for (sum, place) in chained.into_iter().zip(sums.chunks_exact_mut(V::LANES)) {
            sum.store_first(V::LANES, place.as_mut_ptr());
        }
        sums.iter().sum()
    }
}
