//! Layer normalisation of a row, `y = g * n` with `n = (x - mean(x)) / sqrt(variance(x) + 1e-5)`.
//!
//! Backward, with `e = g * dy`: `dx = (e - mean(e) - n * mean(e * n)) / sqrt(variance(x) + 1e-5)`, and the gain gets `dy * n`.

use super::isa::compiled_for_each;
use crate::op::normalize::EPSILON;

compiled_for_each! {
    /// Turns a row into `n`, in place; `scale` becomes what it was multiplied with.
    pub(super) fn forward(row: &mut [f32], scale: &mut f32) {
        let width = row.len() as f32;
        let mean = sum(row, row, row, |x, _, _| x) / width;
        row.iter_mut().for_each(|x| *x -= mean);
        let variance = sum(row, row, row, |x, _, _| x * x) / width;
        *scale = 1.0 / (variance + EPSILON as f32).sqrt();
        row.iter_mut().for_each(|x| *x *= *scale);
    }
}

compiled_for_each! {
    /// Turns `n` into `dx`, in place, and adds the gain's gradient to `d_gain`.
    pub(super) fn backward(n: &mut [f32], scale: f32, gain: &[f32], d: &[f32], d_gain: &mut [f32]) {
        let width = n.len() as f32;
        for ((sum, n), d) in d_gain.iter_mut().zip(&*n).zip(d) {
            *sum += n * d;
        }
        let mean = sum(gain, d, d, |g, d, _| g * d) / width;
        let along = sum(gain, d, n, |g, d, n| g * d * n) / width;
        for ((n, g), d) in n.iter_mut().zip(gain).zip(d) {
            *n = scale * (g * d - mean - *n * along);
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

#[cfg(test)]
mod tests {
    use super::super::isa::tests::{check_bits, numbers};
    use super::*;

    #[test]
    fn every_instruction_set_computes_the_same_bits() {
        check_bits(|level, _, hidden| {
            let of = |seed: u64| numbers(hidden, seed);
            let (mut row, mut d_gain, mut scale) = (of(21), of(23), 0.0);
            forward(level, &mut row, &mut scale);
            backward(level, &mut row, scale, &of(24), &of(25), &mut d_gain);
            vec![row, d_gain, vec![scale]]
        });
    }
}
