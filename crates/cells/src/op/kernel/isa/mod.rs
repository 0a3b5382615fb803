//! The instruction sets, chosen once for the process. Adding one is adding a file here, an [`InstructionSet`], and arms to
//! [`Level::available`], [`Isa::of`] and [`compiled_for_each`].

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

/// An instruction set that this processor has, and the shape of its tile. Only this folder makes one.
#[derive(Clone, Copy)]
pub(super) struct Isa {
    level: Level,
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
pub(crate) enum InstructionSet {
    /// What every processor has; the definition that the others are tested against.
    Plain,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "aarch64")]
    Neon,
}

/// An instruction set that this processor has: [`Level::available`] asks it, and outside this folder nobody else can make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level(InstructionSet);

impl Level {
    /// All that this processor has, the best last.
    pub(crate) fn available() -> Vec<Self> {
        let mut levels = vec![Self(InstructionSet::Plain)];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                levels.push(Self(InstructionSet::Avx2));
            }
            if is_x86_feature_detected!("avx512f") {
                levels.push(Self(InstructionSet::Avx512));
            }
        }
        #[cfg(target_arch = "aarch64")]
        levels.push(Self(InstructionSet::Neon));
        levels
    }

    /// Which it is.
    pub(crate) fn instruction_set(self) -> InstructionSet {
        self.0
    }
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
        Self::of(*FOUND.get_or_init(|| *Level::available().last().expect("plain is always there")))
    }

    /// The tile of one level.
    pub(super) fn of(level: Level) -> Self {
        match level.0 {
            InstructionSet::Plain => plain::ISA,
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => avx2::ISA,
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => avx512::ISA,
            #[cfg(target_arch = "aarch64")]
            InstructionSet::Neon => neon::ISA,
        }
    }

    /// The instruction set, for what [`compiled_for_each`] of them.
    pub(super) fn level(self) -> Level {
        self.level
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
        #[allow(unsafe_code)]
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

            use $crate::op::kernel::isa::InstructionSet;
            match level.instruction_set() {
                InstructionSet::Plain => plain($($argument),*),
                // SAFETY: a level above plain is made by `Level::available` alone, which asks the processor.
                #[cfg(target_arch = "x86_64")]
                InstructionSet::Avx2 => unsafe { avx2($($argument),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                InstructionSet::Avx512 => unsafe { avx512($($argument),*) },
                // NEON is in what is compiled for every 64-bit ARM processor.
                #[cfg(target_arch = "aarch64")]
                InstructionSet::Neon => plain($($argument),*),
            }
        }
    };
}
pub(crate) use compiled_for_each;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use rand_chacha::{
        ChaCha8Rng,
        rand_core::{Rng, SeedableRng},
    };

    /// Numbers in `[-4, 4)`, where every branch of the activations is taken.
    pub(crate) fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        (0..count).map(|_| (random.next_u32() as f32 / u32::MAX as f32 - 0.5) * 8.0).collect()
    }

    /// Holds what is computed at every level against the plain one, to the bit, for rows of `hidden` units. `compute` is given the
    /// level, the rows and the units, and returns all that it wrote.
    pub(crate) fn check_bits(compute: impl Fn(Level, usize, usize) -> Vec<Vec<f32>>) {
        for (rows, hidden) in [(1, 1), (3, 7), (2, 13), (5, 33), (4, 64), (1, 800)] {
            let plain = compute(Level(InstructionSet::Plain), rows, hidden);
            for level in Level::available() {
                for (place, (plain, found)) in plain.iter().zip(compute(level, rows, hidden)).enumerate() {
                    let differing = plain.iter().zip(&found).position(|(a, b)| a.to_bits() != b.to_bits());
                    assert_eq!(differing, None, "{level:?}, {rows} rows of {hidden}, buffer {place}");
                }
            }
        }
    }
}
