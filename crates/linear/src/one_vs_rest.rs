//! One linear classifier a class against all others, for texts of several classes.

use crate::numbered::Numbered;
use crate::{NbSvm, NbSvmSpec};

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
        let is_of = |class| labels.iter().map(|label| *label == class).collect();
        Self::fit_labels(texts, (0..classes).map(is_of), spec)
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
        let texts = Numbered::of(texts, spec.words, spec.least_texts);
        let fitted = labels.into_iter().map(|has| NbSvm::of(&texts, &has, spec));
        Self { classes: fitted.collect() }
    }

    /// The scores of each text, `[texts, classes]`: the largest is that of the likeliest class.
    pub fn scores(&self, texts: &[&[u32]]) -> Vec<f32> {
        let of_classes: Vec<Vec<f32>> = self.classes.iter().map(|class| class.scores(texts)).collect();
        (0..texts.len()).flat_map(|text| of_classes.iter().map(move |scores| scores[text])).collect()
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
