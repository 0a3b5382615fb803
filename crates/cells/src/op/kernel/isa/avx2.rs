//! AVX2 with FMA: 6 rows by 2 vectors of 8 are 12 sums, which with 2 vectors of the panel and one of `a` fill 15 of the 16
//! registers.

use std::arch::x86_64::{
    __m256, __m256i, _MM_HINT_T1, _mm_prefetch, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps,
    _mm256_loadu_si256, _mm256_maskload_ps, _mm256_maskstore_ps, _mm256_set1_ps,
};

use super::{
    InstructionSet, Isa, Level, TileArguments,
    tile::{self, Vector},
};

/// Enough to hide the latency of a multiply-add on two units, at most 10, and few enough for the 16 registers.
const CHAINED: usize = 12;

pub(super) const ISA: Isa = Isa::of_vectors::<__m256>(Level(InstructionSet::Avx2), tile, chain, CHAINED);

/// # Safety
///
/// As [`super::Tile`] says, on a processor with AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn tile(arguments: TileArguments) {
    // SAFETY: passed on as they came.
    unsafe { tile::tile::<__m256>(arguments) }
}

/// # Safety
///
/// As [`super::Chain`] says, on a processor with AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn chain(rounds: usize) -> f32 {
    // SAFETY: passed on as it came.
    unsafe { tile::chain::<__m256, CHAINED>(rounds) }
}

/// The first `count` of 8 lanes.
///
/// # Safety
///
/// The processor has AVX2; `count <= 8`.
#[inline(always)]
unsafe fn first(count: usize) -> __m256i {
    const LANES_AND_NONE: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
    // SAFETY: the 8 numbers from `8 - count` lie inside the line.
    unsafe { _mm256_loadu_si256(LANES_AND_NONE[8 - count..].as_ptr().cast()) }
}

#[expect(
    unsafe_op_in_unsafe_fn,
    reason = "each is one instruction, under the conditions that the trait names; masked-off lanes touch no memory"
)]
impl Vector for __m256 {
    const LANES: usize = 8;
    const PANEL: usize = 2;

    #[inline(always)]
    unsafe fn splat(number: f32) -> Self {
        _mm256_set1_ps(number)
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self {
        _mm256_loadu_ps(from)
    }

    #[inline(always)]
    unsafe fn load_first(count: usize, from: *const f32) -> Self {
        _mm256_maskload_ps(from, first(count))
    }

    #[inline(always)]
    unsafe fn store_first(self, count: usize, to: *mut f32) {
        _mm256_maskstore_ps(to, first(count), self)
    }

    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        _mm256_add_ps(self, other)
    }

    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        _mm256_fmadd_ps(a, b, self)
    }

    #[inline(always)]
    unsafe fn ask_for(address: *const f32) {
        _mm_prefetch::<_MM_HINT_T1>(address.cast())
    }
}
