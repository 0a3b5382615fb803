//! The AVX2 tile: 6 rows by 2 vectors of 8 are 12 sums, which with 2 vectors of the panel and one of `a`
//! fill 15 of the 16 registers.

use std::arch::x86_64::{
    __m256i, _MM_HINT_T1, _mm_prefetch, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256,
    _mm256_maskload_ps, _mm256_maskstore_ps, _mm256_set1_ps, _mm256_setzero_ps, _mm256_storeu_ps,
};

use super::{CHAIN, Isa, Level, TileArguments};

const LANES: usize = 8;

pub(super) const ISA: Isa = Isa { level: Level::Avx2, lanes: LANES, panel: 2 * LANES, rows: 6, tile, chain };

/// # Safety
///
/// As [`super::Tile`] says, on a processor with AVX2 and FMA.
unsafe fn tile(arguments: TileArguments) {
    // SAFETY: passed on as they came; the arm fits `columns`.
    unsafe {
        match arguments.columns.div_ceil(LANES) {
            1 => tile_of_rows::<1>(arguments),
            _ => tile_of_rows::<2>(arguments),
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
#[target_feature(enable = "avx2,fma")]
unsafe fn multiply<const R: usize, const V: usize>(arguments: TileArguments) {
    let TileArguments { columns, depth, a, panel, ahead, out, start, .. } = arguments;
    let mut sums = [[_mm256_setzero_ps(); V]; R];
    for k in 0..depth {
        _mm_prefetch::<_MM_HINT_T1>(ahead.first.wrapping_add(k * ahead.stride).cast());
        let mut line = [_mm256_setzero_ps(); V];
        for (v, vector) in line.iter_mut().enumerate() {
            // SAFETY: row `k < depth` of the panel, vector `v` of its `V`.
            *vector = unsafe { _mm256_loadu_ps(panel.first.add(k * panel.stride + v * LANES)) };
        }
        for (r, row) in sums.iter_mut().enumerate() {
            // SAFETY: row `r < rows` of `a`, at `k < depth`.
            let scalar = _mm256_set1_ps(unsafe { *a.first.add(r * a.stride + k) });
            for (sum, vector) in row.iter_mut().zip(line) {
                *sum = _mm256_fmadd_ps(scalar, vector, *sum);
            }
        }
    }
    // The last vector may reach past the columns: its mask keeps loads and stores inside.
    let spare = V * LANES - columns;
    for (r, row) in sums.into_iter().enumerate() {
        for (v, mut sum) in row.into_iter().enumerate() {
            let mask = mask(if v + 1 == V { spare } else { 0 });
            // SAFETY: row `r < rows` of `out` and of `start`; the mask cuts off what lies past `columns`.
            unsafe {
                let place = out.first.add(r * out.stride + v * LANES);
                if !start.first.is_null() {
                    let start = start.first.add(r * start.stride + v * LANES);
                    sum = _mm256_add_ps(_mm256_maskload_ps(start, mask), sum);
                }
                _mm256_maskstore_ps(place, mask, sum);
            }
        }
    }
}

/// All lanes but the last `spare`.
#[target_feature(enable = "avx2")]
fn mask(spare: usize) -> __m256i {
    const LANES_AND_NONE: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
    // SAFETY: `spare < 8`, so the 8 lanes from there lie inside the line.
    unsafe { _mm256_loadu_si256(LANES_AND_NONE[spare..spare + LANES].as_ptr().cast()) }
}

/// # Safety
///
/// As [`super::Chain`] says, on a processor with AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn chain(rounds: usize) -> f32 {
    let (factor, term) = (_mm256_set1_ps(0.999), _mm256_set1_ps(0.001));
    let mut sums = [_mm256_setzero_ps(); CHAIN];
    for _ in 0..rounds {
        for sum in &mut sums {
            *sum = _mm256_fmadd_ps(*sum, factor, term);
        }
    }
    let mut floats = [0.0; LANES];
    sums.into_iter()
        .map(|sum| {
            // SAFETY: `floats` has the 8 places that are written.
            unsafe { _mm256_storeu_ps(floats.as_mut_ptr(), sum) };
            floats.iter().sum::<f32>()
        })
        .sum()
}
