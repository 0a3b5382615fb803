//! AVX-512: 6 rows by 4 vectors of 16 are 24 sums, which with 4 vectors of the panel and one of `a` fill 29 of the 32 registers.
//! Each step of the depth is then 10 loads for 24 multiply-adds.

use std::arch::x86_64::{
    __m512, __mmask16, _MM_HINT_T1, _mm_prefetch, _mm512_add_ps, _mm512_fmadd_ps, _mm512_loadu_ps,
    _mm512_mask_storeu_ps, _mm512_maskz_loadu_ps, _mm512_set1_ps,
};

use super::{
    InstructionSet, Isa, Level, TileArguments,
    tile::{self, Vector},
};

/// Enough to hide the latency of a multiply-add on two units, at most 10; with 24 the compiler spills some, and the measured peak
/// was below what the tiles reach.
const CHAINED: usize = 12;

pub(super) const ISA: Isa = Isa::of_vectors::<__m512>(Level(InstructionSet::Avx512), tile, chain, CHAINED);

/// # Safety
///
/// As [`super::Tile`] says, on a processor with AVX-512F.
#[target_feature(enable = "avx512f")]
unsafe fn tile(arguments: TileArguments) {
    // SAFETY: passed on as they came.
    unsafe { tile::tile::<__m512>(arguments) }
}

/// # Safety
///
/// As [`super::Chain`] says, on a processor with AVX-512F.
#[target_feature(enable = "avx512f")]
unsafe fn chain(rounds: usize) -> f32 {
    // SAFETY: passed on as it came.
    unsafe { tile::chain::<__m512, CHAINED>(rounds) }
}

/// The first `count` of 16 lanes, 1 to 16.
#[inline(always)]
fn first(count: usize) -> __mmask16 {
    debug_assert!((1..=16).contains(&count));
    0xffff >> (16 - count)
}

#[expect(
    unsafe_op_in_unsafe_fn,
    reason = "each is one instruction, under the conditions that the trait names; masked-off lanes touch no memory"
)]
impl Vector for __m512 {
    const LANES: usize = 16;
    const PANEL: usize = 4;

    #[inline(always)]
    unsafe fn splat(number: f32) -> Self {
        _mm512_set1_ps(number)
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        _mm512_loadu_ps(from)
    }

    #[inline(always)]
    unsafe fn load_first(count: usize, from: *const f32) -> Self {
        _mm512_maskz_loadu_ps(first(count), from)
    }

    #[inline(always)]
    unsafe fn store_first(self, count: usize, to: *mut f32) {
        _mm512_mask_storeu_ps(to, first(count), self)
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        _mm512_add_ps(self, other)
    }

    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        _mm512_fmadd_ps(a, b, self)
    }

    #[inline(always)]
    unsafe fn ask_for(address: *const f32) {
        _mm_prefetch::<_MM_HINT_T1>(address.cast())
    }
}
