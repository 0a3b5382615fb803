//! The tile in plain Rust: what the others are compared with, and what runs where there is no other.

use std::hint::black_box;

use super::{InstructionSet, Isa, Level, TileArguments};

/// In vectors of 4 these are 12, few enough for 16 registers.
const CHAINED: usize = 6;

pub(super) const ISA: Isa =
    Isa { level: Level(InstructionSet::Plain), lanes: 8, panel: 16, rows: 4, tile, chain, chained: CHAINED };

/// # Safety
///
/// As [`super::Tile`] says; no instruction set is needed.
unsafe fn tile(arguments: TileArguments) {
    let TileArguments { rows, columns, depth, a, panel, out, start, .. } = arguments;
    let width = columns.next_multiple_of(ISA.lanes);
    for row in 0..rows {
        // SAFETY: the caller vouches for `rows` rows of `depth` floats.
        let a = unsafe { std::slice::from_raw_parts(a.first.add(row * a.stride), depth) };
        let mut sums = [0.0f32; 16];
        for (k, scalar) in a.iter().enumerate() {
            // SAFETY: the caller vouches for `depth` rows of `width` floats.
            let line = unsafe { std::slice::from_raw_parts(panel.first.add(k * panel.stride), width) };
            for (sum, value) in sums.iter_mut().zip(line) {
                *sum += scalar * value;
            }
        }
        for (column, sum) in sums.into_iter().take(columns).enumerate() {
            // SAFETY: row `row < rows` and column `column < columns` of `out` and of `start`.
            unsafe {
                let sum = if start.first.is_null() {
                    sum
                } else {
                    *start.first.add(row * start.stride + column) + sum
                };
                *out.first.add(row * out.stride + column) = sum;
            }
        }
    }
}

/// # Safety
///
/// None is needed.
unsafe fn chain(rounds: usize) -> f32 {
    let (a, b) = (black_box(0.999), black_box(0.001));
    let mut sums = [0.0f32; CHAINED * ISA.lanes];
    for _ in 0..rounds {
        for sum in &mut sums {
            *sum = *sum * a + b;
        }
    }
    sums.iter().sum()
}
