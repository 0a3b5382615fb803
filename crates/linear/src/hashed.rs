//! NB-SVM as a file can hold it: the weights of n-grams by the hash of the n-gram (Weinberger et al. 2009), so that none of the
//! n-grams has to be kept.

use rayon::prelude::*;

use crate::{NbSvm, ngrams};

/// A linear classifier whose n-grams are hashed.
///
/// ```
/// use recurrent_linear::{HashedNgrams, NbSvm, NbSvmSpec};
///
/// let texts = [&[1, 2][..], &[1, 3], &[2, 1], &[3, 1]];
/// let fitted = NbSvm::fit(&texts, &[true, false, true, false], NbSvmSpec::default());
/// let hashed = HashedNgrams::new(&fitted, 16);
/// let kept = HashedNgrams::from_parts(hashed.words(), hashed.bias(), hashed.weights().to_vec());
/// assert_eq!(kept.score(&[2]), hashed.score(&[2]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct HashedNgrams {
    words: usize,
    bias: f32,
    weights: Vec<f32>,
}

/// The most bits of a place: a vector of weights has at most a billion numbers.
const MOST_BITS: u32 = 30;

impl HashedNgrams {
    /// The weights of a fitted classifier in `2^bits` places. Two n-grams of one place add up there; four times as many places as
    /// n-grams leave few that share one.
    ///
    /// # Panics
    /// `bits` is 0 or above 30.
    pub fn new(fitted: &NbSvm, bits: u32) -> Self {
        assert!((1..=MOST_BITS).contains(&bits), "{bits} bits, expected 1 to {MOST_BITS}");
        let mut weights = vec![0.0; 1 << bits];
        for (ngram, weight) in fitted.ngrams() {
            weights[place(ngram, bits)] += weight;
        }
        Self { words: fitted.words(), bias: fitted.bias(), weights }
    }

    /// The classifier of n-grams of up to `words` words that has these numbers, as [`bias`](Self::bias) and
    /// [`weights`](Self::weights) gave them.
    ///
    /// # Panics
    /// There are not `2^bits` weights for bits from 1 to 30.
    pub fn from_parts(words: usize, bias: f32, weights: Vec<f32>) -> Self {
        let count = weights.len();
        assert!(
            count.is_power_of_two() && (2..=1 << MOST_BITS).contains(&count),
            "{count} weights are no power of two"
        );
        Self { words, bias, weights }
    }

    /// The score of a text, from the ranks of its words: above 0, its label is likelier true.
    pub fn score(&self, text: &[u32]) -> f32 {
        self.of_ngrams(&ngrams(text, self.words))
    }

    fn of_ngrams(&self, ngrams: &[u64]) -> f32 {
        let bits = self.weights.len().trailing_zeros();
        let of = |ngram: &u64| self.weights[place(*ngram, bits)];
        self.bias + ngrams.iter().map(of).sum::<f32>()
    }

    /// The scores of each text by several classifiers, `[texts, classifiers]`, on all cores: the n-grams of a text are found once for all
    /// of as many words.
    ///
    /// ```
    /// use recurrent_linear::HashedNgrams;
    ///
    /// let of = |weight| HashedNgrams::from_parts(1, 0.5, vec![weight; 2]);
    /// assert_eq!(HashedNgrams::scores_of_each(&[of(1.0), of(-1.0)], &[&[7, 8], &[]]), [2.5, -1.5, 0.5, 0.5]);
    /// ```
    pub fn scores_of_each(classifiers: &[Self], texts: &[&[u32]]) -> Vec<f32> {
        let of_text = |text: &&[u32]| {
            let (mut words, mut found) = (usize::MAX, Vec::new());
            let score = |classifier: &Self| {
                if classifier.words != words {
                    (words, found) = (classifier.words, ngrams(text, classifier.words));
                }
                classifier.of_ngrams(&found)
            };
            classifiers.iter().map(score).collect::<Vec<f32>>()
        };
        texts.par_iter().flat_map_iter(of_text).collect()
    }

    /// The score of each text, on all cores.
    pub fn scores(&self, texts: &[&[u32]]) -> Vec<f32> {
        texts.par_iter().map(|text| self.score(text)).collect()
    }

    /// The most words of an n-gram.
    pub fn words(&self) -> usize {
        self.words
    }

    /// What is added to every score.
    pub fn bias(&self) -> f32 {
        self.bias
    }

    /// What each place adds to a score.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }
}

/// What an n-gram's number is multiplied by; the first bits of the product are its place. The golden ratio scatters numbers evenly (Knuth,
/// volume 3, section 6.4).
pub const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

fn place(ngram: u64, bits: u32) -> usize {
    (ngram.wrapping_mul(MULTIPLIER) >> (u64::BITS - bits)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NbSvmSpec;

    #[test]
    fn hashed_weights_score_as_the_fitted_ones() {
        let texts: Vec<Vec<u32>> =
            (0..60u32).map(|i| [4 + i % 3, 10 + i % 2, 0, 20 + i % 7, 30 + (i * i) % 11].to_vec()).collect();
        let texts: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
        let labels: Vec<bool> = (0..60).map(|i| i % 2 == 0).collect();
        let fitted = NbSvm::fit(&texts, &labels, NbSvmSpec { least_texts: 2, ..NbSvmSpec::default() });
        let hashed = HashedNgrams::new(&fitted, 22);
        for ((found, expected), label) in hashed.scores(&texts).iter().zip(fitted.scores(&texts)).zip(labels)
        {
            assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
            assert_eq!(*found > 0.0, label);
        }
    }

    #[test]
    fn places_are_spread() {
        let mut places: Vec<usize> = (1..=100_000u64).map(|rank| place(rank << 21 | 7, 22)).collect();
        places.sort_unstable();
        places.dedup();
        assert!(places.len() > 95_000, "{} places", places.len());
    }

    #[test]
    #[should_panic(expected = "3 weights are no power of two")]
    fn a_number_of_weights_that_no_hash_has_is_refused() {
        HashedNgrams::from_parts(3, 0.0, vec![0.0; 3]);
    }
}
