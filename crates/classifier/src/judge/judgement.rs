//! What is said of a classifier on the test reviews, beside a baseline that learnt from the same ones.

use std::time::Instant;

use recurrent_data::reviews::{ClassNames, Label};
use recurrent_linear::{NbSvm, NbSvmSpec, OneVsRest};
use recurrent_metrics::classification::{McNemar, MulticlassMetrics, mcnemar_of, roc};
use recurrent_report::duration;
use serde::{Deserialize, Serialize};

use super::metrics::Metrics;
use super::standing::Standing;
use crate::outputs::{Outputs, classes, positive};
use crate::parts::Reviews;
use crate::scorer::Scorer;
use crate::watcher::Watcher;

/// What is said of a classifier on the test reviews.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Judgement {
    /// The figures of the model: of the network, or of what it makes together with its partner.
    pub metrics: Metrics,
    /// The network's figures without what it is stacked with; absent where it scores alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<Alone>,
    /// The linear classifiers' figures on the same reviews.
    pub baselines: Baselines,
    /// The model, which is the first, tested against the baseline.
    pub mcnemar: McNemar,
    /// Where the model stands, in one word.
    pub standing: Standing,
    /// Where the model stands, in a sentence with its figures.
    pub verdict: String,
}

impl Judgement {
    /// What the figures are of.
    pub fn model(&self) -> &'static str {
        if self.network.is_some() { "network and NB-SVM" } else { "network" }
    }
}

/// The figures of a network without its partner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Alone {
    /// The share of the test reviews that it gets right.
    pub accuracy: f64,
    /// As [`Metrics::auc`].
    pub auc: Option<f64>,
}

/// The figures of the baselines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Baselines {
    /// Of NB-SVM on words, pairs and triples of words, fitted to all training reviews; of several classes, one of each against
    /// the rest.
    pub nb_svm: Baseline,
}

/// The figures of a baseline, whose scores are no probabilities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Baseline {
    /// The share of the test reviews that it gets right.
    pub accuracy: f64,
    /// As [`Metrics::auc`].
    pub auc: Option<f64>,
    /// The mean F1 of several classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub macro_f1: Option<f64>,
    /// As [`Several::mean_absolute_error`](super::Several::mean_absolute_error).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_absolute_error: Option<f64>,
    /// The number of its n-grams.
    pub features: usize,
    /// The number of reviews that it was fitted to.
    pub reviews: usize,
}

/// What a classifier makes of the test reviews, and how good that is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Judged {
    /// The model's scores of each.
    pub scores: Vec<f32>,
    /// The baseline's scores of each.
    pub baseline: Vec<f32>,
    /// The label of each.
    pub labels: Vec<Label>,
    /// What the scores mean.
    pub outputs: Outputs,
    /// How good they are.
    pub judgement: Judgement,
}

/// Judges a classifier on the test reviews, beside a baseline fitted to all training reviews: those learnt from and those
/// chosen by.
///
/// # Panics
/// There is no test review.
pub fn judge(reviews: &Reviews, scorer: &Scorer, watcher: &mut impl Watcher) -> Judged {
    let start = Instant::now();
    let (nb_svm, baseline) = fit_baseline(reviews);
    let seconds = start.elapsed().as_secs_f64();
    watcher.note(&format!("NB-SVM, the baseline: fitted in {}", duration(seconds)));

    let (test, labels, outputs) = (reviews.judge(), reviews.judge().labels(), scorer.outputs());
    let of_network = scorer.network.scores(&test.reviews());
    let network = scorer.stacking.is_some().then(|| Alone {
        accuracy: outputs.accuracy(&of_network, &labels),
        auc: roc(&of_network, &positive(&labels)).map(|roc| roc.auc),
    });
    let scores = scorer.stacked(of_network, &test.reviews());
    let metrics = Metrics::of(&scores, &labels, &reviews.data.classes);
    let mcnemar = mcnemar_of(&outputs.right(&scores, &labels), &outputs.right(&baseline, &labels));
    let standing = Standing::of(metrics.accuracy, nb_svm.accuracy, &mcnemar);
    let verdict = match network {
        None => standing.sentence(metrics.accuracy, nb_svm.accuracy, &mcnemar),
        Some(Alone { accuracy, .. }) => {
            standing.sentence_of_both(metrics.accuracy, nb_svm.accuracy, &mcnemar, accuracy)
        }
    };
    let judgement =
        Judgement { metrics, network, baselines: Baselines { nb_svm }, mcnemar, standing, verdict };
    Judged { scores, baseline, labels, outputs, judgement }
}

/// The baseline's figures on the test reviews, and its scores of each.
fn fit_baseline(reviews: &Reviews) -> (Baseline, Vec<f32>) {
    let (learn, choose, test) = (reviews.learn(), reviews.choose(), reviews.judge());
    let known = [learn.words(), choose.words()].concat();
    let (labels, names) = ([learn.labels(), choose.labels()].concat(), &reviews.data.classes);
    let of_test = test.labels();
    if names.len() > 2 {
        let fitted = OneVsRest::fit(&known, &classes(&labels), names.len(), NbSvmSpec::default());
        let scores = fitted.scores(&test.words());
        return (several(&scores, &of_test, names, fitted.features(), known.len()), scores);
    }
    let fitted = NbSvm::fit(&known, &positive(&labels), NbSvmSpec::default());
    let scores = fitted.scores(&test.words());
    let figures = Baseline {
        accuracy: Outputs::of(names).accuracy(&scores, &of_test),
        auc: roc(&scores, &positive(&of_test)).map(|roc| roc.auc),
        macro_f1: None,
        mean_absolute_error: None,
        features: fitted.features(),
        reviews: known.len(),
    };
    (figures, scores)
}

/// The figures of scores of several classes that are no logits.
fn several(
    scores: &[f32],
    labels: &[Label],
    names: &ClassNames,
    features: usize,
    reviews: usize,
) -> Baseline {
    let found = MulticlassMetrics::of(scores, &classes(labels), names.len());
    let error = names.numbers().map(|numbers| found.mean_absolute_error(&numbers));
    let (accuracy, macro_f1) = (found.accuracy, Some(found.macro_f1));
    Baseline { accuracy, auc: None, macro_f1, mean_absolute_error: error, features, reviews }
}
