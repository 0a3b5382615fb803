//! Steps of a scale, such as stars, by one linear classifier a threshold.

use crate::{NbSvm, NbSvmSpec, NumberedNgrams};

/// An NB-SVM for each step of a scale but the last, fitted to tell the texts beyond that step from all others (Frank and Hall 2001).
/// A text is at the step that it is beyond as many thresholds as: each wrong classifier then costs a step, so that to be right
/// about thresholds is to be near in steps (Li and Lin 2007).
///
/// ```
/// use recurrent_linear::{NbSvmSpec, Thresholds};
///
/// let texts = [&[1, 2][..], &[1, 3], &[1, 4], &[2, 1], &[3, 1], &[4, 1]];
/// let model = Thresholds::fit(&texts, &[0, 1, 2, 0, 1, 2], 3, NbSvmSpec::default());
/// assert_eq!(model.steps(&[&[2], &[4]]), [0, 2]);
/// ```
#[derive(Clone, Debug)]
pub struct Thresholds {
    thresholds: Vec<NbSvm>,
}

impl Thresholds {
    /// Fits the ranks of the words of texts to their steps, which are below `steps`.
    ///
    /// # Panics
    /// There are not as many labels as texts, or `spec` asks for n-grams of more than three words.
    pub fn fit(texts: &[&[u32]], labels: &[usize], steps: usize, spec: NbSvmSpec) -> Self {
        Self::fit_to(&NumberedNgrams::of(texts, spec), labels, steps, spec)
    }

    /// The same from n-grams that were found before. What `spec` says of n-grams is not looked at.
    ///
    /// # Panics
    /// There are not as many labels as texts.
    pub fn fit_to(texts: &NumberedNgrams, labels: &[usize], steps: usize, spec: NbSvmSpec) -> Self {
        let of = |step| {
            let is_beyond: Vec<bool> = labels.iter().map(|label| *label > step).collect();
            NbSvm::of(texts, &is_beyond, spec)
        };
        Self { thresholds: (0..steps.saturating_sub(1)).map(of).collect() }
    }

    /// The step of each text: how many thresholds it is beyond.
    pub fn steps(&self, texts: &[&[u32]]) -> Vec<usize> {
        if self.thresholds.is_empty() {
            return vec![0; texts.len()];
        }
        let scores = NbSvm::scores_of_each(&self.thresholds, texts);
        let beyond = |scores: &[f32]| scores.iter().filter(|score| **score > 0.0).count();
        scores.chunks(self.thresholds.len()).map(beyond).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three steps, of which each has a word of its own; the texts have others too.
    fn texts() -> (Vec<Vec<u32>>, Vec<usize>) {
        (0..60u32).map(|i| (vec![1 + i % 3, 10 + i % 7, 20 + i % 5], (i % 3) as usize)).unzip()
    }

    #[test]
    fn a_step_is_the_number_of_classifiers_that_say_beyond() {
        let (texts, labels) = texts();
        let texts: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
        let model = Thresholds::fit(&texts, &labels, 3, NbSvmSpec::default());
        assert_eq!(model.steps(&texts), labels);
        let beyond = |step: usize| {
            let labels: Vec<bool> = labels.iter().map(|label| *label > step).collect();
            NbSvm::fit(&texts, &labels, NbSvmSpec::default())
        };
        let (first, second) = (beyond(0), beyond(1));
        for text in [&[1, 3][..], &[2], &[3, 12], &[99], &[1, 2, 3]] {
            let expected = usize::from(first.score(text) > 0.0) + usize::from(second.score(text) > 0.0);
            assert_eq!(model.steps(&[text]), [expected], "{text:?}");
        }
    }

    #[test]
    fn one_step_is_always_the_first() {
        let model = Thresholds::fit(&[&[1], &[2]], &[0, 0], 1, NbSvmSpec::default());
        assert_eq!(model.steps(&[&[1], &[5]]), [0, 0]);
    }
}
