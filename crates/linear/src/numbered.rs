//! The n-grams of texts, each with a number, as several classifiers of the same texts share them.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::{NbSvmSpec, SparseRows, ngrams};

/// The column of the bias, which holds 1 in every row.
pub(crate) const BIAS: u32 = 0;

/// Texts whose n-grams are numbered at once: those of 25,000 texts, before they are numbered, would take more memory than all else.
const CHUNK: usize = 2000;

/// The n-grams of texts, each with a number, to which [`OneVsRest`](crate::OneVsRest) and [`Thresholds`](crate::Thresholds) are fitted:
/// to find them takes longer than to fit a classifier to them, and more memory.
///
/// ```
/// use recurrent_linear::{NbSvmSpec, NumberedNgrams, OneVsRest, Thresholds};
///
/// let texts = [&[1, 2][..], &[1, 3], &[1, 4], &[2, 1], &[3, 1], &[4, 1]];
/// let (labels, spec) = ([0, 1, 2, 0, 1, 2], NbSvmSpec::default());
/// let ngrams = NumberedNgrams::of(&texts, spec);
/// let (classes, steps) = (OneVsRest::fit_to(&ngrams, &labels, 3, spec), Thresholds::fit_to(&ngrams, &labels, 3, spec));
/// assert_eq!(classes.scores(&texts), OneVsRest::fit(&texts, &labels, 3, spec).scores(&texts));
/// assert_eq!(steps.steps(&[&[4]]), [2]);
/// ```
#[derive(Clone, Debug)]
pub struct NumberedNgrams {
    /// The number of each n-gram, from 1 on, as they are met.
    pub(crate) places: Arc<FxHashMap<u64, u32>>,
    /// Each text's n-grams by number, the bias before them.
    pub(crate) rows: SparseRows,
    /// The most words of an n-gram.
    pub(crate) words: usize,
}

impl NumberedNgrams {
    /// The n-grams that `spec` takes from texts, given by the ranks of their words.
    ///
    /// # Panics
    /// `spec` asks for n-grams of more than three words.
    pub fn of(texts: &[&[u32]], spec: NbSvmSpec) -> Self {
        Self::of_words(texts, spec.words, spec.least_texts)
    }

    /// Numbers the n-grams of up to `words` words that at least `least` texts have; the others are left out.
    pub(crate) fn of_words(texts: &[&[u32]], words: usize, least: u32) -> Self {
        let (mut places, mut rows) = (FxHashMap::default(), SparseRows::default());
        for texts in texts.chunks(CHUNK) {
            let grams: Vec<Vec<u64>> = texts.par_iter().map(|text| ngrams(text, words)).collect();
            for grams in grams {
                let numbers = grams.iter().map(|gram| {
                    let next = places.len() as u32 + 1;
                    *places.entry(*gram).or_insert(next)
                });
                rows.push(std::iter::once(BIAS).chain(numbers));
            }
        }
        if least > 1 {
            rows = frequent(&mut places, &rows, least);
        }
        Self { places: Arc::new(places), rows, words }
    }

    /// The number of n-grams.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// In how many texts whose label is false, and in how many whose label is true, each n-gram occurs.
    pub(crate) fn counts(&self, labels: &[bool]) -> Vec<[u32; 2]> {
        let mut counts = vec![[0; 2]; self.len()];
        for (row, label) in self.rows.iter().zip(labels) {
            row.iter().skip(1).for_each(|place| counts[*place as usize - 1][usize::from(*label)] += 1);
        }
        counts
    }
}

/// Leaves out the n-grams of fewer than `least` texts, and numbers the others anew.
fn frequent(places: &mut FxHashMap<u64, u32>, rows: &SparseRows, least: u32) -> SparseRows {
    let mut texts = vec![0u32; places.len() + 1];
    rows.iter().flatten().for_each(|place| texts[*place as usize] += 1);
    let mut kept = 0;
    let mut renumbered: Vec<Option<u32>> = Vec::with_capacity(texts.len());
    renumbered.push(Some(BIAS));
    renumbered.extend(texts.iter().skip(1).map(|count| {
        (*count >= least).then(|| {
            kept += 1;
            kept
        })
    }));
    let place = |old: u32| renumbered[old as usize];
    places.retain(|_, old| place(*old).map(|new| *old = new).is_some());
    let mut left = SparseRows::default();
    rows.iter().for_each(|row| left.push(row.iter().filter_map(|old| place(*old))));
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_n_gram_counts_once_in_a_text() {
        let numbered = NumberedNgrams::of_words(&[&[5, 5, 5], &[5]], 2, 1);
        assert_eq!(
            (numbered.len(), numbered.rows.get(0), numbered.rows.get(1)),
            (2, &[0, 1, 2][..], &[0, 1][..])
        );
        assert_eq!(numbered.counts(&[true, false]), [[1, 1], [0, 1]]);
    }

    #[test]
    fn rare_n_grams_are_numbered_over() {
        let numbered = NumberedNgrams::of_words(&[&[8, 5], &[5, 6], &[6]], 1, 2);
        assert_eq!(numbered.rows.iter().collect::<Vec<_>>(), [&[0, 1][..], &[0, 1, 2], &[0, 2]]);
        assert_eq!((numbered.places.get(&5), numbered.places.get(&8)), (Some(&1), None));
    }
}
