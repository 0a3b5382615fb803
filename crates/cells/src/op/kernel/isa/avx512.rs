//! The AVX-512 tile: 6 rows by 4 vectors of 16 are 24 sums, which with 4 vectors of the panel and one of `a`
//! fill 29 of the 32 registers. Each step of the depth is then 10 loads for 24 multiply-adds.

use std::arch::x86_64::{
    _MM_HINT_T1, _mm_prefetch, _mm512_add_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_mask_storeu_ps,
    _mm512_maskz_loadu_ps, _mm512_reduce_add_ps, _mm512_set1_ps, _mm512_setzero_ps,
};

use super::{CHAIN, Isa, Level, TileArguments};

const LANES: usize = 16;

pub(super) const ISA: Isa =
    Isa { level: Level::Avx512, lanes: LANES, panel: 4 * LANES, rows: 6, tile, chain };

/// # Safety
///
/// As [`super::Tile`] says, on a processor with AVX-512F.
unsafe fn tile(arguments: TileArguments) {
    let vectors = arguments.columns.div_ceil(LANES);
    // SAFETY: passed on as they came; the arm fits `rows` and `columns`.
    unsafe {
        match vectors {
            1 => tile_of_rows::<1>(arguments),
            2 => tile_of_rows::<2>(arguments),
            3 => tile_of_rows::<3>(arguments),
            _ => tile_of_rows::<4>(arguments),
        }
    }
}

/// # Safety
///
/// As for [`tile`], with `V` vectors.
unsafe fn tile_of_rows<const V: usize>(arguments: TileArguments) {
    // SAFETY: passed on as they came; the arm fits `rows`.
    unsafe {
        match arguments.rows {
            1 => multiply::<1, V>(arguments),
            2 => multiply::<2, V>(arguments),
            3 => multiply::<3, V>(arguments),
            4 => multiply::<4, V>(arguments),
            5 => multiply::<5, V>(arguments),
            _ => multiply::<6, V>(arguments),
        }
    }
}

/// # Safety
///
/// As for [`tile`], with `R` rows and `V` vectors.
#[target_feature(enable = "avx512f")]
unsafe fn multiply<const R: usize, const V: usize>(arguments: TileArguments) {
    let TileArguments { columns, depth, a, panel, ahead, out, start, .. } = arguments;
    let mut sums = [[_mm512_setzero_ps(); V]; R];
    for k in 0..depth {
        _mm_prefetch::<_MM_HINT_T1>(ahead.first.wrapping_add(k * ahead.stride).cast());
        let mut line = [_mm512_setzero_ps(); V];
        for (v, vector) in line.iter_mut().enumerate() {
            // SAFETY: row `k < depth` of the panel, vector `v` of its `V`.
            *vector = unsafe { _mm512_loadu_ps(panel.first.add(k * panel.stride + v * LANES)) };
        }
        for (r, row) in sums.iter_mut().enumerate() {
            // SAFETY: row `r < rows` of `a`, at `k < depth`.
            let scalar = _mm512_set1_ps(unsafe { *a.first.add(r * a.stride + k) });
            for (sum, vector) in row.iter_mut().zip(line) {
                *sum = _mm512_fmadd_ps(scalar, vector, *sum);
            }
        }
    }
    // The last vector may reach past the columns: its mask keeps loads and stores inside.
    let last = 0xffffu16 >> (V * LANES - columns);
    for (r, row) in sums.into_iter().enumerate() {
        for (v, mut sum) in row.into_iter().enumerate() {
            let mask = if v + 1 == V { last } else { 0xffff };
            // SAFETY: row `r < rows` of `out` and of `start`; the mask cuts off what lies past `columns`.
            unsafe {
                let place = out.first.add(r * out.stride + v * LANES);
                if !start.first.is_null() {
                    let start = start.first.add(r * start.stride + v * LANES);
                    sum = _mm512_add_ps(_mm512_maskz_loadu_ps(mask, start), sum);
                }
                _mm512_mask_storeu_ps(place, mask, sum);
            }
        }
    }
}

/// # Safety
///
/// As [`super::Chain`] says, on a processor with AVX-512F.
#[target_feature(enable = "avx512f")]
unsafe fn chain(rounds: usize) -> f32 {
    let (factor, term) = (_mm512_set1_ps(0.999), _mm512_set1_ps(0.001));
    let mut sums = [_mm512_setzero_ps(); CHAIN];
    for _ in 0..rounds {
        for sum in &mut sums {
            *sum = _mm512_fmadd_ps(*sum, factor, term);
        }
    }
    sums.into_iter().map(|sum| _mm512_reduce_add_ps(sum)).sum()
}
