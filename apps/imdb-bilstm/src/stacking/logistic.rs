//! Logistic regression on two features, by Newton's method.

/// What the coefficients' squares cost, half of it, beside the sum of the losses: without it those of classes that can be told
/// apart would grow without end.
const RIDGE: f64 = 1.0;
/// More than the convex loss of three coefficients needs.
const MOST_STEPS: usize = 50;

/// Finds what two features and 1 are multiplied by, so that their sum is the logit of a target's probability. The ridge is on
/// the coefficients of the features in units of their standard deviations, and not on the constant.
///
/// # Panics
/// There are not as many numbers of each feature as targets.
pub(super) fn fit(features: [&[f32]; 2], targets: &[f64]) -> [f32; 3] {
    assert!(features.iter().all(|feature| feature.len() == targets.len()), "as many features as targets");
    let scales = features.map(scale);
    let rows: Vec<[f64; 3]> = (0..targets.len())
        .map(|i| [f64::from(features[0][i]) / scales[0], f64::from(features[1][i]) / scales[1], 1.0])
        .collect();
    let mut coefficients = [0.0f64; 3];
    for _ in 0..MOST_STEPS {
        let step = newton_step(&rows, targets, coefficients);
        (0..3).for_each(|i| coefficients[i] -= step[i]);
        if step.iter().all(|part| part.abs() < 1e-9) {
            break;
        }
    }
    [coefficients[0] / scales[0], coefficients[1] / scales[1], coefficients[2]].map(|it| it as f32)
}

/// The standard deviation of a feature; 1 where it does not vary.
fn scale(feature: &[f32]) -> f64 {
    let count = feature.len().max(1) as f64;
    let mean = feature.iter().map(|x| f64::from(*x)).sum::<f64>() / count;
    let variance = feature.iter().map(|x| (f64::from(*x) - mean).powi(2)).sum::<f64>() / count;
    if variance > 0.0 { variance.sqrt() } else { 1.0 }
}

/// The gradient, multiplied by the inverse of the Hessian.
fn newton_step(rows: &[[f64; 3]], targets: &[f64], coefficients: [f64; 3]) -> [f64; 3] {
    let mut gradient = [RIDGE * coefficients[0], RIDGE * coefficients[1], 0.0];
    // The constant's curvature is never quite 0, so that there is an inverse.
    let mut hessian = [[RIDGE, 0.0, 0.0], [0.0, RIDGE, 0.0], [0.0, 0.0, 1e-9]];
    for (row, target) in rows.iter().zip(targets) {
        let logit: f64 = row.iter().zip(coefficients).map(|(x, coefficient)| x * coefficient).sum();
        let probability = 1.0 / (1.0 + (-logit).exp());
        let curvature = probability * (1.0 - probability);
        for i in 0..3 {
            gradient[i] += (probability - target) * row[i];
            (0..3).for_each(|j| hessian[i][j] += curvature * row[i] * row[j]);
        }
    }
    solve(hessian, gradient)
}

/// Solves `matrix x = right` for a symmetric positive definite matrix, by elimination.
fn solve(mut matrix: [[f64; 3]; 3], mut right: [f64; 3]) -> [f64; 3] {
    for pivot in 0..3 {
        for below in pivot + 1..3 {
            let factor = matrix[below][pivot] / matrix[pivot][pivot];
            (pivot..3).for_each(|column| matrix[below][column] -= factor * matrix[pivot][column]);
            right[below] -= factor * right[pivot];
        }
    }
    let mut found = [0.0; 3];
    for row in (0..3).rev() {
        let known: f64 = (row + 1..3).map(|column| matrix[row][column] * found[column]).sum();
        found[row] = (right[row] - known) / matrix[row][row];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::RngExt;
    use recurrent_backend::Seed;

    #[test]
    fn equations_are_solved() {
        let found = solve([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]], [5.5, 6.8, -1.1]);
        for (found, expected) in found.iter().zip([1.0, 2.0, -1.0]) {
            assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
        }
    }

    proptest! {
        #[test]
        fn the_coefficients_that_made_the_targets_are_found(seed in any::<u64>()) {
            let mut random = Seed(seed).stream(&[]);
            let mut feature = || -> Vec<f32> { (0..20_000).map(|_| random.random_range(-3.0..3.0f32)).collect() };
            let (one, two) = (feature(), feature());
            let expected = [0.8f32, -1.5, 0.3];
            let chance = |i: usize| {
                let logit = expected[0] * one[i] + expected[1] * two[i] + expected[2];
                1.0 / (1.0 + (-f64::from(logit)).exp())
            };
            let targets: Vec<f64> = (0..one.len()).map(|i| f64::from(u8::from(random.random_bool(chance(i))))).collect();
            for (found, expected) in fit([&one, &two], &targets).iter().zip(expected) {
                prop_assert!((found - expected).abs() < 0.12, "{found}, not {expected}");
            }
        }

        #[test]
        fn classes_that_can_be_told_apart_have_finite_coefficients(count in 1usize..40) {
            let one: Vec<f32> = (0..count).map(|i| if i % 2 == 0 { -1.0 } else { 1.0 }).collect();
            let targets: Vec<f64> = (0..count).map(|i| (i % 2) as f64).collect();
            let found = fit([&one, &vec![3.0; count]], &targets);
            prop_assert!(found.iter().all(|it| it.is_finite()) && found[0] >= 0.0, "{:?}", found);
        }
    }
}
