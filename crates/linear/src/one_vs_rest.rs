//! One linear classifier a class against all others, for texts of several classes.

use crate::{NbSvm, NbSvmSpec, NumberedNgrams};

/// An NB-SVM a class, each fitted to tell its texts from all others.
///
/// ```
/// use recurrent_linear::{NbSvmSpec, OneVsRest};
///
/// let texts = [&[1, 2][..], &[1, 3], &[1, 4], &[2, 1], &[3, 1], &[4, 1]];
/// let model = OneVsRest::fit(&texts, &[0, 1, 2, 0, 1, 2], 3, NbSvmSpec::default());
/// let scores = model.scores(&[&[3]]);
/// assert!(scores[1] > scores[0] && scores[1] > scores[2]);
/// ```
#[derive(Clone, Debug)]
pub struct OneVsRest {
    classes: Vec<NbSvm>,
}

impl OneVsRest {
    /// Fits the ranks of the words of texts to their classes, which are below `classes`.
    ///
    /// # Panics
    /// There are not as many labels as texts, or `spec` asks for n-grams of more than three words.
    pub fn fit(texts: &[&[u32]], labels: &[usize], classes: usize, spec: NbSvmSpec) -> Self {
        Self::fit_to(&NumberedNgrams::of(texts, spec), labels, classes, spec)
    }

    /// The same from n-grams that were found before. What `spec` says of n-grams is not looked at.
    ///
    /// # Panics
    /// There are not as many labels as texts.
    pub fn fit_to(texts: &NumberedNgrams, labels: &[usize], classes: usize, spec: NbSvmSpec) -> Self {
        let of = |class| {
            let is_of: Vec<bool> = labels.iter().map(|label| *label == class).collect();
            NbSvm::of(texts, &is_of, spec)
        };
        Self { classes: (0..classes).map(of).collect() }
    }

    /// The same for labels of which a text may have any number: `labels` says of each in turn which texts have it.
    ///
    /// # Panics
    /// As [`fit`](Self::fit).
    pub fn fit_labels(
        texts: &[&[u32]],
        labels: impl IntoIterator<Item = Vec<bool>>,
        spec: NbSvmSpec,
    ) -> Self {
        let texts = NumberedNgrams::of(texts, spec);
        let fitted = labels.into_iter().map(|has| NbSvm::of(&texts, &has, spec));
        Self { classes: fitted.collect() }
    }

    /// The scores of each text, `[texts, classes]`: the largest is that of the likeliest class.
    pub fn scores(&self, texts: &[&[u32]]) -> Vec<f32> {
        NbSvm::scores_of_each(&self.classes, texts)
    }

    /// The classifier of each class.
    pub fn classes(&self) -> &[NbSvm] {
        &self.classes
    }

    /// The number of n-grams, which all classes share.
    pub fn features(&self) -> usize {
        self.classes.first().map_or(0, NbSvm::features)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of n-grams that are found once for all, the scores are those of each class by itself, to the last bit.
    #[test]
    fn scores_are_those_of_each_class_by_itself() {
        let texts: Vec<Vec<u32>> =
            (0..60u32).map(|i| [4 + i % 3, 10 + i % 2, 0, 20 + i % 7, 30 + (i * i) % 11].to_vec()).collect();
        let texts: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
        let labels: Vec<usize> = (0..60).map(|i| i % 3).collect();
        let spec = NbSvmSpec { least_texts: 2, ..NbSvmSpec::default() };
        let model = OneVsRest::fit(&texts, &labels, 3, spec);
        for (class, own) in model.classes().iter().enumerate() {
            let is_of: Vec<bool> = labels.iter().map(|label| *label == class).collect();
            let alone = NbSvm::fit(&texts, &is_of, spec);
            let scores: Vec<f32> = model.scores(&texts).iter().skip(class).step_by(3).copied().collect();
            assert_eq!((&scores, &own.scores(&texts)), (&alone.scores(&texts), &scores));
        }
        assert!(OneVsRest::fit_labels(&texts, [], spec).scores(&texts).is_empty());
    }
}
