//! Ridge regression on word n-grams: a number, such as a count of stars, from a text.

use std::sync::Arc;

use recurrent_seed::{Seed, shuffled_order};
use rustc_hash::FxHashMap;

use crate::{NumberedNgrams, SparseRows, ngrams};

/// The passes end where no row is further than this from its solution, in standard deviations of the targets.
const TOLERANCE: f64 = 1e-3;
/// The most passes over the rows.
const MOST_PASSES: usize = 200;
/// The order of the rows changes the last digits only.
const SEED: Seed = Seed(1);

/// A fitted ridge regression on n-grams. A text is a vector of length 1, in which all its known n-grams weigh the same, so that long
/// texts count no more than short ones; a text without any has the mean of the targets.
///
/// ```
/// use recurrent_linear::NgramRidge;
///
/// let texts = [&[1, 2][..], &[1, 3], &[2, 1], &[3, 1]];
/// let model = NgramRidge::fit(&texts, &[5.0, 1.0, 5.0, 1.0], 3, 1.0);
/// assert!(model.predict(&[2]) > 3.5 && model.predict(&[3]) < 2.5);
/// assert_eq!(model.predict(&[9]), 3.0);
/// ```
#[derive(Clone, Debug)]
pub struct NgramRidge {
    words: usize,
    places: Arc<FxHashMap<u64, u32>>,
    /// What each n-gram adds, by its place.
    weights: Vec<f32>,
    mean: f64,
}

impl NgramRidge {
    /// Finds the weights with the least `sum (y - mean - w x)^2 + penalty |w|^2` for the targets `y` of texts, from the ranks of their
    /// words and n-grams of up to `words` words.
    ///
    /// The dual, which has one number a text and not one an n-gram, is solved coordinate by coordinate (Ho and Lin 2012, whose
    /// support vector regression is this one where nothing is forgiven).
    ///
    /// # Panics
    /// There are not as many targets as texts, the penalty is not above 0, or n-grams of more than three words are asked for.
    pub fn fit(texts: &[&[u32]], targets: &[f64], words: usize, penalty: f64) -> Self {
        assert_eq!(texts.len(), targets.len(), "one target a text");
        assert!(penalty > 0.0, "a penalty of {penalty}, expected one above 0");
        let NumberedNgrams { places, rows, .. } = NumberedNgrams::of_words(texts, words, 1);
        let count = targets.len().max(1) as f64;
        let mean = targets.iter().sum::<f64>() / count;
        let centred: Vec<f64> = targets.iter().map(|target| target - mean).collect();
        let deviation = (centred.iter().map(|target| target * target).sum::<f64>() / count).sqrt();
        let weights = solve(&rows, &centred, penalty, places.len() + 1, TOLERANCE * deviation);
        Self { words, places, weights, mean }
    }

    /// The number of a text.
    pub fn predict(&self, text: &[u32]) -> f64 {
        let known: Vec<u32> =
            ngrams(text, self.words).iter().filter_map(|gram| self.places.get(gram).copied()).collect();
        self.mean + sum(&self.weights, &known) * length(known.len())
    }

    /// The number of n-grams.
    pub fn features(&self) -> usize {
        self.places.len()
    }
}

/// What each n-gram of a text holds: the text is a vector of length 1.
fn length(ngrams: usize) -> f64 {
    1.0 / (ngrams.max(1) as f64).sqrt()
}

fn sum(weights: &[f32], places: &[u32]) -> f64 {
    places.iter().map(|place| f64::from(weights[*place as usize])).sum()
}

/// The weights by dual coordinate descent, `w = sum a_i x_i`:
///
/// ```text
/// for each row i in a new order:
///     G = w.x - y + penalty a;   a' = a - G / (x.x + penalty);   w += (a' - a) x
/// ```
fn solve(rows: &SparseRows, targets: &[f64], penalty: f64, columns: usize, tolerance: f64) -> Vec<f32> {
    let (mut weights, mut alphas) = (vec![0.0f32; columns], vec![0.0f64; rows.len()]);
    for pass in 0..MOST_PASSES {
        let mut furthest = 0.0f64;
        for i in shuffled_order(rows.len(), SEED, pass) {
            // The first column is the bias, which the mean stands for.
            let row = &rows.get(i)[1..];
            let (scale, square) = (length(row.len()), if row.is_empty() { 0.0 } else { 1.0 });
            let gradient = sum(&weights, row) * scale - targets[i] + penalty * alphas[i];
            furthest = furthest.max(gradient.abs());
            let step = -gradient / (square + penalty);
            alphas[i] += step;
            let step = (step * scale) as f32;
            row.iter().for_each(|place| weights[*place as usize] += step);
        }
        if furthest <= tolerance {
            break;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RidgeRegression;
    use proptest::prelude::*;
    use rand::RngExt;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        /// The same as the normal equations give for the vectors written out.
        #[test]
        fn numbers_are_those_of_a_ridge_regression(seed in any::<u64>(), penalty in 0.05..4.0f64) {
            let mut random = Seed(seed).stream(&[]);
            let texts: Vec<Vec<u32>> = (0..random.random_range(2..40usize))
                .map(|_| (0..random.random_range(1..8)).map(|_| random.random_range(1..9u32)).collect())
                .collect();
            let targets: Vec<f64> = texts.iter().map(|_| f64::from(random.random_range(1..11u32))).collect();
            let slices: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
            let model = NgramRidge::fit(&slices, &targets, 1, penalty);
            let vector = |text: &[u32]| {
                let own = ngrams(text, 1);
                (1..9u64).map(|word| if own.contains(&word) { 1.0 / (own.len() as f64).sqrt() } else { 0.0 }).collect::<Vec<f64>>()
            };
            let mean = targets.iter().sum::<f64>() / targets.len() as f64;
            let centred: Vec<f64> = targets.iter().map(|target| target - mean).collect();
            let rows: Vec<Vec<f64>> = texts.iter().map(|text| vector(text)).collect();
            let expected = RidgeRegression::fit_through_origin(&rows, &centred, penalty).unwrap();
            for (text, row) in texts.iter().zip(&rows) {
                let (found, expected) = (model.predict(text), mean + expected.predict(row));
                prop_assert!((found - expected).abs() < 0.05, "{found}, not {expected}; seed {seed}");
            }
        }
    }

    #[test]
    fn equal_targets_are_said_of_every_text() {
        let model = NgramRidge::fit(&[&[1], &[2]], &[4.0, 4.0], 3, 1.0);
        assert_eq!([model.predict(&[1]), model.predict(&[]), model.predict(&[7])], [4.0; 3]);
    }

    #[test]
    #[should_panic(expected = "a penalty of 0, expected one above 0")]
    fn no_penalty_is_refused() {
        NgramRidge::fit(&[&[1]], &[1.0], 1, 0.0);
    }
}
