//! The instruction sets, chosen once for the process. Adding one is adding a file here, a [`Level`], and arms to
//! [`Isa::available`], [`Isa::of`] and [`compiled_for_each`].

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod plain;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod tile;

use std::sync::OnceLock;

/// The tile of one instruction set: `out[rows, columns] = start[rows, columns] + a[rows, depth] * panel[depth, columns]`.
///
/// # Safety
///
/// The processor has the instruction set; `1 <= rows <= Isa::rows` and `1 <= columns <= Isa::panel`; all of
/// `a` (`rows` rows of `depth`), of `panel` (`depth` rows of `columns` rounded up to whole vectors), of `start`, if it is not
/// null, and of `out` (`rows` rows of `columns`) can be read, and `out` be written.
pub(super) type Tile = unsafe fn(TileArguments);

/// Multiply-adds on registers alone, [`Isa::chained`] vectors of sums a round: what no product can be faster than. Returns
/// their sum, so that nothing is left out.
///
/// # Safety
///
/// The processor has the instruction set.
pub(super) type Chain = unsafe fn(usize) -> f32;

/// What a [`Tile`] works on.
#[derive(Clone, Copy)]
pub(super) struct TileArguments {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) depth: usize,
    pub(super) a: Lines<*const f32>,
    pub(super) panel: Lines<*const f32>,
    /// Where numbers lie that will be wanted soon, and are far off still: `depth` cache lines are asked for, while the tile
    /// multiplies. Nothing is read there: any address will do.
    pub(super) ahead: Lines<*const f32>,
    pub(super) out: Lines<*mut f32>,
    /// What the product is added to, as many rows and columns as `out`; null for nothing. It may be `out` itself, with the same
    /// stride, but must not overlap it otherwise. Its stride is 0 where one row serves all.
    pub(super) start: Lines<*const f32>,
}

/// Rows that lie in order, by a pointer to the first.
#[derive(Clone, Copy)]
pub(super) struct Lines<P> {
    pub(super) first: P,
    /// Floats from one to the next.
    pub(super) stride: usize,
}

/// Floats in a cache line of 64 bytes. Where lines are longer, each is asked for more than once.
pub(super) const LINE: usize = 16;

/// An instruction set and the shape of its tile.
#[derive(Clone, Copy)]
pub(super) struct Isa {
    pub(super) level: Level,
    /// Floats in a vector.
    pub(super) lanes: usize,
    /// Columns of a full panel: as many vectors as leave registers for `rows` sums of each.
    pub(super) panel: usize,
    /// Rows of a full tile.
    pub(super) rows: usize,
    pub(super) tile: Tile,
    pub(super) chain: Chain,
    /// Vectors of sums in the chain: enough to hide the latency of a multiply-add, few enough to stay in registers.
    pub(super) chained: usize,
}

/// The instruction sets by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// What every processor has; the definition that the others are tested against.
    Plain,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Isa {
    /// One whose tile is written for vectors of `V`.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    const fn of_vectors<V: tile::Vector>(level: Level, tile: Tile, chain: Chain, chained: usize) -> Self {
        Self { level, lanes: V::LANES, panel: V::PANEL * V::LANES, rows: tile::ROWS, tile, chain, chained }
    }

    /// The best that this processor has.
    pub(super) fn detect() -> Self {
        static FOUND: OnceLock<Level> = OnceLock::new();
        Self::of(*FOUND.get_or_init(|| *Self::available().last().expect("plain is always there")))
    }

    /// All that this processor has, the best last.
    pub(super) fn available() -> Vec<Level> {
        let mut levels = vec![Level::Plain];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                levels.push(Level::Avx2);
            }
            if is_x86_feature_detected!("avx512f") {
                levels.push(Level::Avx512);
            }
        }
        #[cfg(target_arch = "aarch64")]
        levels.push(Level::Neon);
        levels
    }

    /// The tile of one level. The level must be [`available`](Self::available).
    pub(super) fn of(level: Level) -> Self {
        match level {
            Level::Plain => plain::ISA,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => avx2::ISA,
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => avx512::ISA,
            #[cfg(target_arch = "aarch64")]
            Level::Neon => neon::ISA,
        }
    }
}

/// Compiles a function once for each instruction set, and calls the copy of the level given first. The body is
/// ordinary safe code; the copies differ only in the vectors that the compiler may use, and since none
/// contracts a product and a sum into one rounding, they all compute the same numbers.
///
/// A function that writes to one gate and reads or writes another is compiled for a single row. In a loop over rows the
/// compiler asks whether all rows of the one overlap with all rows of the other; since the gates of a row lie side by side they
/// do, and it would take one number at a time.
macro_rules! compiled_for_each {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$attribute])*
        $visibility fn $name(level: $crate::op::kernel::isa::Level, $($argument: $type),*) {
            #[inline(always)]
            fn plain($($argument: $type),*) $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn avx2($($argument: $type),*) {
                plain($($argument),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f")]
            fn avx512($($argument: $type),*) {
                plain($($argument),*)
            }

            match level {
                $crate::op::kernel::isa::Level::Plain => plain($($argument),*),
                // SAFETY: a level above plain is made by `Isa::available` alone, which asks the processor.
                #[cfg(target_arch = "x86_64")]
                $crate::op::kernel::isa::Level::Avx2 => unsafe { avx2($($argument),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                $crate::op::kernel::isa::Level::Avx512 => unsafe { avx512($($argument),*) },
                // NEON is in what is compiled for every 64-bit ARM processor.
                #[cfg(target_arch = "aarch64")]
                $crate::op::kernel::isa::Level::Neon => plain($($argument),*),
            }
        }
    };
}
pub(super) use compiled_for_each;

#[cfg(test)]
mod tests {
    use super::super::{Gains, gru, layer_norm, lstm, rnn};
    use super::*;
    use crate::cell::Activation;
    use rand_chacha::{
        ChaCha8Rng,
        rand_core::{Rng, SeedableRng},
    };

    /// Numbers in `[-4, 4)`, where every branch of the activations is taken.
    fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        (0..count).map(|_| (random.next_u32() as f32 / u32::MAX as f32 - 0.5) * 8.0).collect()
    }

    /// All that the cells compute at one level, for rows of `hidden` units.
    fn everything(level: Level, rows: usize, hidden: usize) -> Vec<Vec<f32>> {
        let of = |gates: usize, seed: u64| numbers(rows * gates * hidden, seed);
        let mut all = Vec::new();
        for activation in [Activation::Tanh, Activation::Relu] {
            let (mut gates, mut output) = (of(1, 1), of(1, 2));
            rnn::forward(level, activation, &mut gates, &mut output);
            rnn::backward(level, activation, &mut gates, &of(1, 3));
            all.extend([gates, output]);
        }
        let (mut gates, mut memory, mut output) = (of(4, 4), of(1, 5), of(1, 6));
        lstm::forward(level, hidden, &mut gates, &mut memory, &mut output);
        let mut d_memory = of(1, 7);
        lstm::backward(level, hidden, &mut gates, &memory, &of(1, 8), &of(1, 9), &mut d_memory);
        all.extend([gates, memory, output, d_memory]);

        let (mut rows_of_gates, mut scales, mut d_gain) = (of(4, 21), numbers(rows, 22), of(4, 23));
        layer_norm::forward(level, 4 * hidden, &mut rows_of_gates, &mut scales);
        all.extend([rows_of_gates.clone(), scales.clone()]);
        let gain = numbers(4 * hidden, 24);
        layer_norm::backward(level, 4 * hidden, &mut rows_of_gates, &scales, &gain, &of(4, 25), &mut d_gain);
        let (memory_gain, memory_bias) = (&gain[..hidden], &gain[hidden..2 * hidden]);
        let gains = Gains { recurrent: &gain, memory: memory_gain, memory_bias };
        let (mut gates, mut memory, mut output, mut d) = (of(4, 26), of(1, 27), of(1, 28), of(1, 29));
        lstm::forward_memory(level, hidden, &mut gates, &mut memory);
        lstm::normalized_output(level, hidden, &gates, &of(1, 30), gains, &mut output);
        lstm::backward_normalized_output(level, hidden, &mut gates, &of(1, 30), gains, &of(1, 31), &mut d);
        lstm::backward_memory(level, hidden, &mut gates, &of(1, 32), &mut d);
        all.extend([rows_of_gates, d_gain, gates, memory, output, d]);

        let (mut gates, mut operand, mut state) = (of(3, 10), of(1, 11), of(1, 12));
        gru::reset_state(level, hidden, &mut gates, &of(1, 13), &mut operand);
        gru::move_state(level, hidden, &mut gates, &mut state);
        let mut d_state = of(1, 14);
        gru::backward_candidate(level, hidden, &mut gates, &of(1, 15), &mut d_state);
        gru::backward_reset_before(level, hidden, &mut gates, &of(1, 15), &of(1, 16), &mut d_state);
        all.extend([gates, operand, state, d_state]);

        let (mut gates, mut kept, mut state) = (of(3, 17), of(1, 18), of(1, 19));
        gru::reset_after(level, hidden, &mut gates, &of(3, 20), &mut kept, &mut state);
        gru::backward_reset_after(level, hidden, &mut gates, &mut kept);
        all.extend([gates, kept, state]);
        all
    }

    #[test]
    fn every_instruction_set_computes_the_same_bits() {
        for (rows, hidden) in [(1, 1), (3, 7), (2, 13), (5, 33), (4, 64), (1, 800)] {
            let plain = everything(Level::Plain, rows, hidden);
            for level in Isa::available() {
                for (place, (plain, found)) in plain.iter().zip(everything(level, rows, hidden)).enumerate() {
                    let differing = plain.iter().zip(&found).position(|(a, b)| a.to_bits() != b.to_bits());
                    assert_eq!(differing, None, "{level:?}, {rows} rows of {hidden}, buffer {place}");
                }
            }
        }
    }
}
