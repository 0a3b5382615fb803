//! NB-SVM: n-grams scaled by their naive-Bayes log-count ratios, and a linear support vector machine on them (Wang and
//! Manning 2012, "Baselines and Bigrams").

use std::sync::Arc;

use rayon::prelude::*;
use recurrent_seed::Seed;
use rustc_hash::FxHashMap;

use crate::numbered::BIAS;
use crate::{DualSolver, MOST_WORDS, NumberedNgrams, Problem, ngrams};

/// The constants of an NB-SVM. The default is Wang and Manning's, but for n-grams of three words where they have two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NbSvmSpec {
    /// The most words of an n-gram, at most 3.
    pub words: usize,
    /// The fewest texts that an n-gram is taken from.
    pub least_texts: u32,
    /// Alpha, what is added to each count.
    pub smoothing: f64,
    /// C of the support vector machine.
    pub cost: f64,
    /// Beta: 1 takes the support vector machine's weights as they are, 0 their mean for all, which is naive Bayes.
    pub interpolation: f64,
}

impl Default for NbSvmSpec {
    fn default() -> Self {
        Self { words: MOST_WORDS, least_texts: 1, smoothing: 1.0, cost: 1.0, interpolation: 0.25 }
    }
}

/// A fitted NB-SVM: a linear classifier of texts in two classes.
///
/// ```
/// use recurrent_linear::{NbSvm, NbSvmSpec};
///
/// // Texts as the ranks of their words; where 2 stands, the label is true.
/// let texts = [&[1, 2][..], &[1, 3], &[2, 1], &[3, 1]];
/// let model = NbSvm::fit(&texts, &[true, false, true, false], NbSvmSpec::default());
/// assert!(model.score(&[2]) > 0.0 && model.score(&[3]) < 0.0);
/// ```
#[derive(Clone, Debug)]
pub struct NbSvm {
    spec: NbSvmSpec,
    /// The place of each n-gram, which the classifiers of several labels share.
    places: Arc<FxHashMap<u64, u32>>,
    /// What each n-gram adds to a score, and the bias at its own place.
    weights: Vec<f32>,
}

/// The order of the rows changes the last digits only.
const SEED: Seed = Seed(1);

impl NbSvm {
    /// Fits the ranks of the words of texts, 0 for a word without one, to the labels.
    ///
    /// # Panics
    /// There are not as many labels as texts, or `spec` asks for n-grams of more than three words.
    pub fn fit(texts: &[&[u32]], labels: &[bool], spec: NbSvmSpec) -> Self {
        Self::of(&NumberedNgrams::of(texts, spec), labels, spec)
    }

    /// The same from numbered n-grams, which other labels of the texts can be fitted to too. What `spec` says of n-grams is not looked at.
    pub(crate) fn of(texts: &NumberedNgrams, labels: &[bool], spec: NbSvmSpec) -> Self {
        let NumberedNgrams { places, rows, words } = texts;
        let spec = NbSvmSpec { words: *words, ..spec };
        assert_eq!(rows.len(), labels.len(), "one label a text");
        let counts = texts.counts(labels);
        // The bias is a column that holds 1 in every row.
        let scales = [vec![1.0], log_count_ratios(&counts, spec.smoothing)].concat();
        let solver = DualSolver { cost: spec.cost, ..DualSolver::default() };
        let scaled = solver.solve(&Problem { rows, scales: &scales, labels }, SEED);

        let weight = |(scaled, scale): (&f32, &f32)| if *scale == 0.0 { 0.0 } else { (scaled / scale).abs() };
        let sum: f64 = scaled.iter().zip(&scales).skip(1).map(|pair| f64::from(weight(pair))).sum();
        let mean = (sum / counts.len().max(1) as f64) as f32;
        let beta = spec.interpolation as f32;
        let mut weights: Vec<f32> =
            scaled.iter().zip(&scales).map(|(own, scale)| beta * own + (1.0 - beta) * mean * scale).collect();
        weights[BIAS as usize] = beta * scaled[BIAS as usize];
        Self { spec, places: Arc::clone(places), weights }
    }

    /// The score of a text: above 0, its label is likelier true.
    pub fn score(&self, text: &[u32]) -> f32 {
        self.of_places(&self.known(text))
    }

    /// The scores of each text by classifiers of the same n-grams, `[texts, classifiers]`, on all cores: the n-grams of a text are found
    /// once for all.
    pub(crate) fn scores_of_each(classifiers: &[Self], texts: &[&[u32]]) -> Vec<f32> {
        let Some(first) = classifiers.first() else { return Vec::new() };
        debug_assert!(classifiers.iter().all(|other| Arc::ptr_eq(&other.places, &first.places)));
        let of_text = |text: &&[u32]| {
            let places = first.known(text);
            classifiers.iter().map(|classifier| classifier.of_places(&places)).collect::<Vec<f32>>()
        };
        texts.par_iter().flat_map_iter(of_text).collect()
    }

    /// The places of the n-grams of a text that are known.
    fn known(&self, text: &[u32]) -> Vec<u32> {
        ngrams(text, self.spec.words).iter().filter_map(|gram| self.places.get(gram).copied()).collect()
    }

    fn of_places(&self, places: &[u32]) -> f32 {
        places.iter().chain([&BIAS]).map(|place| self.weights[*place as usize]).sum()
    }

    /// The score of each text, on all cores.
    pub fn scores(&self, texts: &[&[u32]]) -> Vec<f32> {
        texts.par_iter().map(|text| self.score(text)).collect()
    }

    /// Each n-gram by its number, as [`ngrams`] gives it, with what it adds to a score.
    pub fn ngrams(&self) -> impl Iterator<Item = (u64, f32)> {
        self.places.iter().map(|(ngram, place)| (*ngram, self.weights[*place as usize]))
    }

    /// What is added to every score.
    pub fn bias(&self) -> f32 {
        self.weights[BIAS as usize]
    }

    /// The most words of an n-gram.
    pub fn words(&self) -> usize {
        self.spec.words
    }

    /// The number of n-grams.
    pub fn features(&self) -> usize {
        self.places.len()
    }
}

/// `log((p / |p|) / (q / |q|))` of each n-gram, where `p` and `q` are its smoothed counts in texts whose label is true and in
/// those whose label is not.
fn log_count_ratios(counts: &[[u32; 2]], smoothing: f64) -> Vec<f32> {
    let smoothed = |class: usize| counts.iter().map(move |count| smoothing + f64::from(count[class]));
    let [q, p] = [0, 1].map(|class| smoothed(class).sum::<f64>());
    let ratio = |(negative, positive): (f64, f64)| ((positive / p).ln() - (negative / q).ln()) as f32;
    smoothed(0).zip(smoothed(1)).map(ratio).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_those_of_smoothed_counts() {
        // In negative texts 3 and 0, in positive ones 1 and 1: p = 2, 2 of 4 and q = 4, 1 of 5.
        let found = log_count_ratios(&[[3, 1], [0, 1]], 1.0);
        let expected = [(0.5f64 / 0.8).ln(), (0.5f64 / 0.2).ln()];
        for (found, expected) in found.iter().zip(expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-6, "{found}, not {expected}");
        }
    }

    #[test]
    fn rare_n_grams_are_left_out_as_if_they_were_not_there() {
        // 8 and 9 occur once each, and so do their pairs.
        let (all, without) = ([&[8, 5, 6][..], &[5, 6, 9], &[6], &[5]], [&[5, 6][..], &[5, 6], &[6], &[5]]);
        let labels = [true, false, true, false];
        let spec = NbSvmSpec { least_texts: 2, ..NbSvmSpec::default() };
        let (pruned, plain) = (NbSvm::fit(&all, &labels, spec), NbSvm::fit(&without, &labels, spec));
        assert_eq!(pruned.features(), 3);
        for text in [&[5][..], &[6], &[5, 6], &[8, 9]] {
            assert!((pruned.score(text) - plain.score(text)).abs() < 1e-6, "{text:?}");
        }
    }

    #[test]
    fn the_order_of_two_words_counts_with_bigrams_alone() {
        let texts = [&[1, 2][..], &[2, 1]].repeat(20);
        let labels = [true, false].repeat(20);
        let right = |words| {
            let model = NbSvm::fit(&texts, &labels, NbSvmSpec { words, ..NbSvmSpec::default() });
            (model.score(&[1, 2]) - model.score(&[2, 1])).abs() > 0.1
        };
        assert!(!right(1) && right(2));
    }

    #[test]
    fn more_texts_of_a_class_move_the_bias() {
        let texts: Vec<&[u32]> = vec![&[1]; 30];
        let labels: Vec<bool> = (0..30).map(|i| i % 10 != 0).collect();
        assert!(NbSvm::fit(&texts, &labels, NbSvmSpec::default()).score(&[]) > 0.0);
    }
}
