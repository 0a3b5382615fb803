//! The logistic function and the hyperbolic tangent, without branches, so that loops over them become vectors.
//!
//! The exponential is the polynomial of Cephes (Moshier, `expf`), within 2 units in the last place; the
//! tangent near zero is Cephes' too (`tanhf`).

/// `exp(x)`, for `x` clamped to the range of normal floats.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    // x = n ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts, the first exact in 9 bits.
    // Adding and taking off 1.5 * 2^23 rounds to the nearest whole number.
    let shifted = x * std::f32::consts::LOG2_E + 12_582_912.0;
    let n = shifted - 12_582_912.0;
    let r = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_2e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 0.166_666_65;
    let p = p * r + 0.5;
    let y = p * r * r + r + 1.0;
    // The low bits of `shifted` hold n: moved into the exponent they are 2^n.
    let scale = f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3f80_0000));
    y * scale
}

/// `1 / (1 + exp(-x))`.
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The hyperbolic tangent.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let magnitude = x.abs();
    let far = 1.0 - 2.0 / (exp(2.0 * magnitude) + 1.0);
    let square = x * x;
    let p = -5.704_988_7e-3;
    let p = p * square + 2.063_909e-2;
    let p = p * square - 5.373_971_6e-2;
    let p = p * square + 0.133_314_42;
    let p = p * square - 0.333_332_8;
    let near = p * square * x + x;
    // NaN falls into the near branch, and stays NaN.
    if magnitude > 0.625 { far.copysign(x) } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_standard_library() {
        for step in -200_000..=200_000 {
            let x = step as f32 * 1e-3;
            let (s, t) = (1.0 / (1.0 + (-f64::from(x)).exp()), f64::from(x).tanh());
            assert!(
                (f64::from(sigmoid(x)) - s).abs() <= 2e-7 * s.max(1e-30) + 1e-37,
                "sigmoid({x}) = {}, not {s}",
                sigmoid(x)
            );
            assert!(
                (f64::from(tanh(x)) - t).abs() <= 2e-7 * t.abs().max(1e-30),
                "tanh({x}) = {}, not {t}",
                tanh(x)
            );
        }
    }

    #[test]
    fn the_ends_and_not_a_number_are_right() {
        assert_eq!(tanh(0.0), 0.0);
        assert_eq!(tanh(f32::INFINITY), 1.0);
        assert_eq!(tanh(f32::NEG_INFINITY), -1.0);
        assert_eq!(sigmoid(f32::INFINITY), 1.0);
        assert!(sigmoid(f32::NEG_INFINITY) < 1e-37);
        assert!(tanh(f32::NAN).is_nan() && sigmoid(f32::NAN).is_nan());
    }
}
