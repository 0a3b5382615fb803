//! What a network has to beat, fitted to all training reviews: NB-SVM, and, where classes are steps of a scale, what reads them as
//! such.

use recurrent_data::reviews::{ClassNames, Label};
use recurrent_linear::{NbSvm, NbSvmSpec, NgramRidge, NumberedNgrams, OneVsRest, Thresholds};
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::judgement::Alone;
use crate::outputs::{classes, positive};
use crate::parts::Reviews;
use crate::stacking::{of_rare, of_several};

/// The figures of the baselines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Baselines {
    /// Of NB-SVM on words, pairs and triples of words, fitted to all training reviews; of several classes, one of each against
    /// the rest, on those of two reviews or more; of labels, one of each.
    pub nb_svm: Baseline,
    /// Of what knows that classes are steps of a scale, where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<StepBaselines>,
}

/// The figures of a baseline, whose scores are no probabilities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Baseline {
    /// How good it is on the test reviews.
    #[serde(flatten)]
    pub figures: Alone,
    /// The number of its n-grams.
    pub features: usize,
    /// The number of reviews that it was fitted to.
    pub reviews: usize,
}

/// The figures of baselines for classes that are steps of a scale, fitted to the same reviews as NB-SVM.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StepBaselines {
    /// Of an NB-SVM for each step but the last, which tells whether a text is beyond it: [`Thresholds`].
    pub thresholds: Answers,
    /// Of a ridge regression on n-grams, rounded to the nearest step: [`NgramRidge`].
    pub ridge: Answers,
    /// Of the median step of the training reviews, said of every text.
    pub median: Answers,
}

/// What the squares of the ridge regression's weights cost. Its texts are vectors of length 1; of 0.1, 0.3, 1 and 3 the two smaller
/// ones came nearest on film reviews with stars, and were as good.
const RIDGE_PENALTY: f64 = 0.3;

/// The baselines of a data set, with what NB-SVM makes of the test reviews.
pub(super) struct Fitted {
    pub(super) baselines: Baselines,
    /// The scores of NB-SVM, `[reviews, scores]`.
    pub(super) scores: Vec<f32>,
    /// The step that each baseline says of each, where classes are steps of a scale.
    pub(super) steps: Option<Steps>,
}

/// Fits the baselines to all training reviews, those learnt from and those chosen by, and judges them on the test reviews.
pub(super) fn fit(reviews: &Reviews) -> Fitted {
    let (learn, choose, test) = (reviews.learn(), reviews.choose(), reviews.judge());
    let known = [learn.words(), choose.words()].concat();
    let (labels, names) = ([learn.labels(), choose.labels()].concat(), &reviews.data.classes);
    let (words, of_test) = (test.words(), test.labels());
    if names.len() > 2 {
        // The classes and the thresholds are fitted to the same n-grams.
        let ngrams = NumberedNgrams::of(&known, of_several());
        let fitted = OneVsRest::fit_to(&ngrams, &classes(&labels), names.len(), of_several());
        let scores = fitted.scores(&words);
        let figures = Alone::of(&scores, &test.truth(), names);
        let nb_svm = Baseline { figures, features: fitted.features(), reviews: known.len() };
        let steps =
            names.numbers().map(|numbers| Steps::fit(&known, &ngrams, &classes(&labels), &numbers, &words));
        let figures = steps.as_ref().map(|steps| steps.figures(&of_test, names));
        return Fitted { baselines: Baselines { nb_svm, steps: figures }, scores, steps };
    }
    let fitted = NbSvm::fit(&known, &positive(&labels), NbSvmSpec::default());
    let scores = fitted.scores(&words);
    let figures = Alone::of(&scores, &test.truth(), names);
    let nb_svm = Baseline { figures, features: fitted.features(), reviews: known.len() };
    Fitted { baselines: Baselines { nb_svm, steps: None }, scores, steps: None }
}

/// The step that each baseline says of each text.
pub(super) struct Steps {
    pub(super) thresholds: Vec<usize>,
    pub(super) ridge: Vec<usize>,
    pub(super) median: Vec<usize>,
}

impl Steps {
    /// Fits them to texts of these steps, whose n-grams and whose numbers are given, and asks them about others.
    fn fit(
        known: &[&[u32]],
        ngrams: &NumberedNgrams,
        steps: &[usize],
        numbers: &[f64],
        texts: &[&[u32]],
    ) -> Self {
        let spec = of_rare();
        let thresholds = Thresholds::fit_to(ngrams, steps, numbers.len(), spec).steps(texts);
        let targets: Vec<f64> = steps.iter().map(|step| numbers[*step]).collect();
        let ridge = NgramRidge::fit(known, &targets, spec.words, RIDGE_PENALTY);
        let ridge = texts.iter().map(|text| nearest(ridge.predict(text), numbers)).collect();
        let mut sorted = steps.to_vec();
        sorted.sort_unstable();
        let median = vec![sorted[(sorted.len() - 1) / 2]; texts.len()];
        Self { thresholds, ridge, median }
    }

    #[cfg(test)]
    pub(super) fn said(thresholds: Vec<usize>, ridge: Vec<usize>) -> Self {
        Self { median: vec![0; ridge.len()], thresholds, ridge }
    }

    fn figures(&self, labels: &[Label], names: &ClassNames) -> StepBaselines {
        let of = |said: &[usize]| Answers::of(said, labels, names);
        StepBaselines { thresholds: of(&self.thresholds), ridge: of(&self.ridge), median: of(&self.median) }
    }
}

/// The place of the number that is nearest; of two as near the first.
fn nearest(value: f64, numbers: &[f64]) -> usize {
    let distance = |place: &usize| (numbers[*place] - value).abs();
    (0..numbers.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_step_may_be_far() {
        let stars = [1.0, 2.0, 3.0, 4.0, 7.0, 8.0, 9.0, 10.0];
        for (value, expected) in [(-3.0, 0), (2.4, 1), (5.4, 3), (5.5, 3), (5.6, 4), (12.0, 7)] {
            assert_eq!(nearest(value, &stars), expected, "{value}");
        }
    }

    #[test]
    fn steps_are_said_by_words_and_by_the_median() {
        // A word for each of the four steps, most often the third.
        let texts: Vec<[u32; 2]> =
            (0..50u32).map(|i| [[1, 2, 3, 3, 4][i as usize % 5], 10 + i % 7]).collect();
        let known: Vec<&[u32]> = texts.iter().map(<[u32; 2]>::as_slice).collect();
        let steps: Vec<usize> = texts.iter().map(|text| text[0] as usize - 1).collect();
        let ngrams = NumberedNgrams::of(&known, of_rare());
        let said = Steps::fit(&known, &ngrams, &steps, &[1.0, 2.0, 4.0, 5.0], &[&[1], &[2], &[3], &[4]]);
        assert_eq!((said.thresholds, said.median), (vec![0, 1, 2, 3], vec![2; 4]));
        assert!(said.ridge[0] < said.ridge[3], "{:?}", said.ridge);
    }
}
