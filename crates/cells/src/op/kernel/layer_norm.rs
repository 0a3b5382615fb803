//! Layer normalisation of rows, `y = g * n` with `n = (x - mean(x)) / sqrt(variance(x) + 1e-5)`.
//!
//! Backward, with `e = g * dy`: `dx = (e - mean(e) - n * mean(e * n)) / sqrt(variance(x) + 1e-5)`, and the gain gets
//! `dy * n` of every row.

use super::isa::compiled_for_each;
use crate::op::normalize::EPSILON;

compiled_for_each! {
    /// Turns rows of `width` numbers into `n`, in place, and puts what they were multiplied with into `scales`, one a row.
    pub(super) fn forward(width: usize, rows: &mut [f32], scales: &mut [f32]) {
        for (row, scale) in rows.chunks_exact_mut(width).zip(scales) {
            let mean = sum(row, row, row, |x, _, _| x) / width as f32;
            row.iter_mut().for_each(|x| *x -= mean);
            let variance = sum(row, row, row, |x, _, _| x * x) / width as f32;
            *scale = 1.0 / (variance + EPSILON as f32).sqrt();
            row.iter_mut().for_each(|x| *x *= *scale);
        }
    }
}

compiled_for_each! {
    /// Turns `n` into `dx`, in place, and adds each row's part of the gain's gradient to `d_gain`, `[rows, width]`.
    pub(super) fn backward(
        width: usize, normalized: &mut [f32], scales: &[f32], gain: &[f32], d: &[f32], d_gain: &mut [f32],
    ) {
        let rows = normalized.chunks_exact_mut(width).zip(scales).zip(d.chunks_exact(width));
        for (((n, scale), d), d_gain) in rows.zip(d_gain.chunks_exact_mut(width)) {
            for ((sum, n), d) in d_gain.iter_mut().zip(&*n).zip(d) {
                *sum += n * d;
            }
            let mean = sum(gain, d, d, |g, d, _| g * d) / width as f32;
            let along = sum(gain, d, n, |g, d, n| g * d * n) / width as f32;
            for ((n, g), d) in n.iter_mut().zip(gain).zip(d) {
                *n = scale * (g * d - mean - *n * along);
            }
        }
    }
}

/// `sum(of(a, b, c))` in sixteen parts, which the compiler turns into vectors and every instruction set adds in the same
/// order.
#[inline(always)]
fn sum(a: &[f32], b: &[f32], c: &[f32], of: impl Fn(f32, f32, f32) -> f32) -> f32 {
    let ((a, a_rest), (b, b_rest), (c, c_rest)) =
        (a.as_chunks::<16>(), b.as_chunks::<16>(), c.as_chunks::<16>());
    let mut sums = [0.0f32; 16];
    for ((a, b), c) in a.iter().zip(b).zip(c) {
        for (sum, ((a, b), c)) in sums.iter_mut().zip(a.iter().zip(b).zip(c)) {
            *sum += of(*a, *b, *c);
        }
    }
    let rest = a_rest.iter().zip(b_rest).zip(c_rest).map(|((a, b), c)| of(*a, *b, *c));
    sums.iter().sum::<f32>() + rest.sum::<f32>()
}
