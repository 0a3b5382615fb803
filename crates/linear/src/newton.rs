//! The least of a convex loss of a few coefficients, by Newton's method, whose steps are halved where they lead uphill.

/// More than the convex loss of a few coefficients needs.
const MOST_STEPS: usize = 50;
/// How often a step is halved: what is left of it then changes no coefficient.
const MOST_HALVINGS: usize = 60;

/// A loss that is convex in its coefficients.
pub(crate) trait Convex {
    /// What the coefficients cost.
    fn loss(&self, coefficients: &[f64]) -> f64;

    /// The gradient there and the Hessian, which is positive definite.
    fn slope(&self, coefficients: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>);
}

/// The coefficients of the least loss, from `coefficients` on. Where there is none they are not finite, or large.
pub(crate) fn minimise(problem: &impl Convex, mut coefficients: Vec<f64>) -> Vec<f64> {
    for _ in 0..MOST_STEPS {
        let (gradient, hessian) = problem.slope(&coefficients);
        let mut step = solve(hessian, gradient);
        coefficients = downhill(problem, &coefficients, &mut step);
        if step.iter().all(|part| part.abs() < 1e-9) {
            break;
        }
    }
    coefficients
}

/// Takes a step, halved until the loss does not rise. Far from the least the curvature says little of it, and whole steps can lead
/// away for good.
fn downhill(problem: &impl Convex, coefficients: &[f64], step: &mut [f64]) -> Vec<f64> {
    // Beside the least, a loss rises by rounding alone.
    let most = problem.loss(coefficients) * (1.0 + 1e-9);
    let mut taken = Vec::new();
    for _ in 0..MOST_HALVINGS {
        taken = coefficients.iter().zip(&*step).map(|(coefficient, step)| coefficient - step).collect();
        if problem.loss(&taken) <= most {
            break;
        }
        step.iter_mut().for_each(|part| *part /= 2.0);
    }
    taken
}

/// Solves `matrix x = right` for a symmetric positive definite matrix, by elimination.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for pivot in 0..size {
        let (above, below) = matrix.split_at_mut(pivot + 1);
        let pivot_row = &above[pivot];
        for (place, row) in below.iter_mut().enumerate() {
            let factor = row[pivot] / pivot_row[pivot];
            (pivot..size).for_each(|column| row[column] -= factor * pivot_row[column]);
            right[pivot + 1 + place] -= factor * right[pivot];
        }
    }
    let mut found = vec![0.0; size];
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| matrix[row][column] * found[column]).sum();
        found[row] = (right[row] - known) / matrix[row][row];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_solved() {
        let matrix = vec![vec![4.0, 1.0, 0.5], vec![1.0, 3.0, 0.2], vec![0.5, 0.2, 2.0]];
        for (found, expected) in solve(matrix, vec![5.5, 6.8, -1.1]).iter().zip([1.0, 2.0, -1.0]) {
            assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
        }
    }
}
