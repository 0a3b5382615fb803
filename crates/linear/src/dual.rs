//! A linear support vector machine with squared hinge loss, by dual coordinate descent (Hsieh, Chang, Lin, Keerthi and
//! Sundararajan 2008, algorithm 1, which LIBLINEAR has as solver 1).
//!
//! It is written here because no library in Rust alone does it: the bindings of LIBLINEAR need a C++ compiler, and those
//! that are Rust alone hold features densely or compute kernels, which the five million n-grams of 25,000 texts forbid.
//! Its shrinking of the problem is not here: texts need some ten passes, of a fraction of a second each.

use recurrent_seed::{Seed, shuffled_order};

use crate::SparseRows;

/// Rows of zeros and ones, whose columns are scaled, and a label each.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// The columns where each row is not zero, each once.
    pub rows: &'a SparseRows,
    /// What a column holds where it is not zero.
    pub scales: &'a [f32],
    /// The class of each row.
    pub labels: &'a [bool],
}

/// How a problem is solved: by default with a cost of 1, to a tolerance of 0.1, in at most 100 passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DualSolver {
    /// C, what a row's loss costs beside the weights' squares.
    pub cost: f64,
    /// The projected gradients lie within a range of this at the end.
    pub tolerance: f64,
    /// The most passes over the rows.
    pub most_passes: usize,
}

impl Default for DualSolver {
    fn default() -> Self {
        Self { cost: 1.0, tolerance: 0.1, most_passes: 100 }
    }
}

/// A column's scale times its weight, and the square of the scale: all that a step needs of it, side by side, since each
/// look at one is a miss of the cache.
#[derive(Clone, Copy)]
struct Column {
    scaled_weight: f32,
    square: f32,
}

impl DualSolver {
    /// Finds the weights `w` with the least `w.w / 2 + C sum(max(0, 1 - y w.x)^2)`. Returns each times its column's scale:
    /// what a row with that column adds to its score.
    ///
    /// ```text
    /// D = 1 / 2C;  for each row i in a new order:
    ///     G = y w.x - 1 + D a;          PG = min(G, 0) where a = 0, else G
    ///     a' = max(a - G / (x.x + D), 0);  w += (a' - a) y x
    /// ```
    ///
    /// `y` is 1 for a label that is true and -1 for one that is not. `seed` chooses the order of the rows, which changes the last
    /// digits only.
    ///
    /// # Panics
    /// There are not as many labels as rows, or a column has no scale.
    pub fn solve(&self, problem: &Problem<'_>, seed: Seed) -> Vec<f32> {
        let Problem { rows, scales, labels } = *problem;
        assert_eq!(rows.len(), labels.len(), "one label a row");
        let signs: Vec<f64> = labels.iter().map(|label| if *label { 1.0 } else { -1.0 }).collect();
        let mut columns: Vec<Column> =
            scales.iter().map(|scale| Column { scaled_weight: 0.0, square: scale * scale }).collect();
        let diagonal = 0.5 / self.cost;
        let square = |row: &[u32]| row.iter().map(|column| f64::from(columns[*column as usize].square)).sum();
        let norms: Vec<f64> = rows.iter().map(square).collect();
        let mut alphas = vec![0.0f64; rows.len()];
        for pass in 0..self.most_passes {
            let (mut least, mut largest) = (f64::INFINITY, f64::NEG_INFINITY);
            for i in shuffled_order(rows.len(), seed, pass) {
                let row = rows.get(i);
                let score: f64 =
                    row.iter().map(|column| f64::from(columns[*column as usize].scaled_weight)).sum();
                let gradient = signs[i] * score - 1.0 + diagonal * alphas[i];
                let projected = if alphas[i] == 0.0 { gradient.min(0.0) } else { gradient };
                (least, largest) = (least.min(projected), largest.max(projected));
                if projected == 0.0 {
                    continue;
                }
                let alpha = (alphas[i] - gradient / (norms[i] + diagonal)).max(0.0);
                let step = ((alpha - alphas[i]) * signs[i]) as f32;
                alphas[i] = alpha;
                for column in row {
                    let column = &mut columns[*column as usize];
                    column.scaled_weight += step * column.square;
                }
            }
            if largest - least <= self.tolerance {
                break;
            }
        }
        columns.into_iter().map(|column| column.scaled_weight).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::RngExt;

    const SOLVER: DualSolver = DualSolver { cost: 0.7, tolerance: 1e-5, most_passes: 5000 };

    #[test]
    fn one_row_has_the_weight_that_can_be_computed_by_hand() {
        // w^2 / 2 + C (1 - s w)^2 is least where w = 2 C s / (1 + 2 C s^2).
        let (scale, cost) = (1.5f64, SOLVER.cost);
        let rows: SparseRows = [&[0u32][..]].into_iter().collect();
        let problem = Problem { rows: &rows, scales: &[scale as f32], labels: &[true] };
        let found = f64::from(SOLVER.solve(&problem, Seed(1))[0]);
        let expected = scale * 2.0 * cost * scale / (1.0 + 2.0 * cost * scale * scale);
        assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
    }

    #[test]
    fn signs_turned_round_turn_the_weights_round() {
        let rows: SparseRows = [&[0u32, 1][..], &[1, 2], &[0, 2]].into_iter().collect();
        let scales = [1.0, 2.0, 0.5];
        let of = |labels: &[bool]| SOLVER.solve(&Problem { rows: &rows, scales: &scales, labels }, Seed(1));
        for (a, b) in of(&[true, false, true]).iter().zip(of(&[false, true, false])) {
            assert!((a + b).abs() < 1e-4, "{a} and {b}");
        }
    }

    proptest! {
        /// At the least, the gradient `w - 2 C sum(max(0, 1 - y w.x) y x)` is zero.
        #[test]
        fn the_gradient_is_zero_at_the_solution(seed in any::<u64>()) {
            let mut random = Seed(seed).stream(&[]);
            let (count, width) = (random.random_range(1..40usize), random.random_range(1..12usize));
            let mut rows = SparseRows::default();
            for _ in 0..count {
                let kept: Vec<u32> = (0..width as u32).filter(|_| random.random_bool(0.4)).collect();
                rows.push(kept);
            }
            let scales: Vec<f32> = (0..width).map(|_| random.random_range(-2.0..2.0f32)).collect();
            let labels: Vec<bool> = (0..count).map(|_| random.random_bool(0.5)).collect();
            let found = SOLVER.solve(&Problem { rows: &rows, scales: &scales, labels: &labels }, Seed(seed));

            let mut gradient: Vec<f64> =
                found.iter().zip(&scales).map(|(scaled, scale)| f64::from(*scaled) / f64::from(*scale)).collect();
            for (row, label) in rows.iter().zip(&labels) {
                let sign = if *label { 1.0 } else { -1.0 };
                let score: f64 = row.iter().map(|column| f64::from(found[*column as usize])).sum();
                let loss = (1.0 - sign * score).max(0.0);
                for column in row {
                    gradient[*column as usize] -= 2.0 * SOLVER.cost * loss * sign * f64::from(scales[*column as usize]);
                }
            }
            let largest = gradient.iter().fold(0.0f64, |most, it| most.max(it.abs()));
            // Weights of columns with a scale near zero are a quotient of two small numbers.
            prop_assert!(largest < 2e-3, "seed {}: a gradient of {}", seed, largest);
        }
    }
}
