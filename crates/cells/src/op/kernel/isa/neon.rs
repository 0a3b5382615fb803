//! NEON, which every 64-bit ARM processor has: 6 rows by 4 vectors of 4 are 24 sums, which with 4 vectors of the panel and one of
//! `a` fill 29 of the 32 registers.

use std::{
    arch::{
        aarch64::{float32x4_t, vaddq_f32, vdupq_n_f32, vfmaq_f32, vld1q_f32, vst1q_f32},
        asm,
    },
    ptr,
};

use super::{
    InstructionSet, Isa, Level, TileArguments,
    tile::{self, Vector},
};

/// Enough to hide a latency of 4 on four units, and few enough for the 32 registers.
const CHAINED: usize = 20;

pub(super) const ISA: Isa = Isa::of_vectors::<float32x4_t>(Level(InstructionSet::Neon), tile, chain, CHAINED);

/// # Safety
///
/// As [`super::Tile`] says.
unsafe fn tile(arguments: TileArguments) {
    // SAFETY: passed on as they came.
    unsafe { tile::tile::<float32x4_t>(arguments) }
}

/// # Safety
///
/// None is needed.
unsafe fn chain(rounds: usize) -> f32 {
    // SAFETY: passed on as it came.
    unsafe { tile::chain::<float32x4_t, CHAINED>(rounds) }
}

impl Vector for float32x4_t {
    const LANES: usize = 4;
    const PANEL: usize = 4;

    #[inline(always)]
    unsafe fn splat(number: f32) -> Self {
        // SAFETY: NEON is always there.
        unsafe { vdupq_n_f32(number) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller vouches for as many floats.
        unsafe { vld1q_f32(from) }
    }

    #[inline(always)]
    unsafe fn load_first(count: usize, from: *const f32) -> Self {
        let mut numbers = [0.0; Self::LANES];
        // SAFETY: the caller vouches for `count` floats; `numbers` has them all.
        unsafe {
            if count == Self::LANES {
                return Self::load(from);
            }
            ptr::copy_nonoverlapping(from, numbers.as_mut_ptr(), count);
            Self::load(numbers.as_ptr())
        }
    }

    #[inline(always)]
    unsafe fn store_first(self, count: usize, to: *mut f32) {
        let mut numbers = [0.0; Self::LANES];
        // SAFETY: the caller vouches for `count` floats; `numbers` has them all.
        unsafe {
            if count == Self::LANES {
                return vst1q_f32(to, self);
            }
            vst1q_f32(numbers.as_mut_ptr(), self);
            ptr::copy_nonoverlapping(numbers.as_ptr(), to, count);
        }
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        // SAFETY: NEON is always there.
        unsafe { vaddq_f32(self, other) }
    }

    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        // SAFETY: as above.
        unsafe { vfmaq_f32(self, a, b) }
    }

    /// By the instruction itself: its intrinsic is not stable.
    #[inline(always)]
    unsafe fn ask_for(address: *const f32) {
        // SAFETY: it reads nothing, whatever the address.
        unsafe { asm!("prfm pldl2keep, [{}]", in(reg) address, options(readonly, nostack, preserves_flags)) }
    }
}
