//! Whether one classifier is better than another on the same samples, by more than chance explains.

use serde::{Deserialize, Serialize};
use statrs::distribution::{Binomial, DiscreteCDF};

use crate::significance::LEVEL;

/// McNemar's exact test of two classifiers on the same samples (McNemar 1947).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct McNemar {
    /// Samples that the first alone gets right.
    pub first_alone: usize,
    /// Samples that the second alone gets right.
    pub second_alone: usize,
    /// How likely a difference of at least this size is between classifiers that are equally good (two-sided).
    pub p_value: f64,
}

impl McNemar {
    /// Whether the difference counts as more than chance, at [`LEVEL`].
    pub fn is_significant(&self) -> bool {
        self.p_value < LEVEL
    }
}

/// Compares two classifiers by their scores, where one above 0 means positive. Only the samples that one alone gets right tell
/// them apart: between equally good classifiers each of these is the toss of a coin, so the p-value is exact.
///
/// ```
/// use recurrent_metrics::classification::mcnemar;
///
/// let labels = [true; 6];
/// let test = mcnemar(&[1.0; 6], &[-1.0; 6], &labels);
/// assert_eq!((test.first_alone, test.second_alone), (6, 0));
/// assert!(test.is_significant()); // 2 / 2^6
/// ```
///
/// # Panics
/// There are not as many scores of each as labels.
pub fn mcnemar(first: &[f32], second: &[f32], labels: &[bool]) -> McNemar {
    assert!(first.len() == labels.len() && second.len() == labels.len(), "two scores a label");
    let right = |scores: &[f32]| -> Vec<bool> {
        scores.iter().zip(labels).map(|(score, label)| (*score > 0.0) == *label).collect()
    };
    mcnemar_of(&right(first), &right(second))
}

/// The same of classifiers of any classes, by whether each is right about a sample.
///
/// # Panics
/// One has judged more samples than the other.
pub fn mcnemar_of(first: &[bool], second: &[bool]) -> McNemar {
    assert_eq!(first.len(), second.len(), "the same samples");
    let (mut first_alone, mut second_alone) = (0, 0);
    for right in first.iter().zip(second) {
        match right {
            (true, false) => first_alone += 1,
            (false, true) => second_alone += 1,
            _ => {}
        }
    }
    let (few, all) = (first_alone.min(second_alone) as u64, (first_alone + second_alone) as u64);
    let p_value = Binomial::new(0.5, all).map_or(1.0, |coin| (2.0 * coin.cdf(few)).min(1.0));
    McNemar { first_alone, second_alone, p_value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(first_alone: usize, second_alone: usize) -> McNemar {
        let score = |right: bool| if right { 1.0 } else { -1.0 };
        let all = first_alone + second_alone;
        let first: Vec<f32> = (0..all).map(|i| score(i < first_alone)).collect();
        let second: Vec<f32> = (0..all).map(|i| score(i >= first_alone)).collect();
        mcnemar(&first, &second, &vec![true; all])
    }

    #[test]
    fn p_values_are_those_of_a_coin() {
        // Two heads or fewer of ten coins: (1 + 10 + 45) / 1024, on both sides.
        assert!((of(8, 2).p_value - 2.0 * 56.0 / 1024.0).abs() < 1e-9);
        assert_eq!(of(8, 2).p_value, of(2, 8).p_value);
        assert_eq!(of(5, 5).p_value, 1.0);
        assert_eq!(of(0, 0), McNemar { first_alone: 0, second_alone: 0, p_value: 1.0 });
        assert!(of(900, 700).is_significant() && !of(820, 780).is_significant());
    }
}
