//! What is said of a classifier on the test reviews, beside a baseline that learnt from the same ones.

use std::time::Instant;

use recurrent_linear::{NbSvm, NbSvmSpec};
use recurrent_metrics::classification::{Confusion, McNemar, mcnemar, roc};
use recurrent_report::duration;
use serde::{Deserialize, Serialize};

use super::metrics::Metrics;
use super::standing::Standing;
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
    /// Of NB-SVM on words, pairs and triples of words, fitted to all training reviews.
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
    /// The number of its n-grams.
    pub features: usize,
    /// The number of reviews that it was fitted to.
    pub reviews: usize,
}

/// What a classifier makes of the test reviews, and how good that is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Judged {
    /// The model's score of each.
    pub scores: Vec<f32>,
    /// The baseline's score of each.
    pub baseline: Vec<f32>,
    /// Whether each is positive.
    pub positive: Vec<bool>,
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

    let (test, positive) = (reviews.judge(), reviews.judge().positive());
    let of_network = scorer.network.scores(&test.reviews());
    let network = scorer.stacking.is_some().then(|| Alone {
        accuracy: Confusion::of(&of_network, &positive).accuracy(),
        auc: roc(&of_network, &positive).map(|roc| roc.auc),
    });
    let scores = scorer.stacked(of_network, &test.reviews());
    let metrics = Metrics::of(&scores, &positive);
    let mcnemar = mcnemar(&scores, &baseline, &positive);
    let standing = Standing::of(metrics.accuracy, nb_svm.accuracy, &mcnemar);
    let verdict = match network {
        None => standing.sentence(metrics.accuracy, nb_svm.accuracy, &mcnemar),
        Some(Alone { accuracy, .. }) => {
            standing.sentence_of_both(metrics.accuracy, nb_svm.accuracy, &mcnemar, accuracy)
        }
    };
    let judgement =
        Judgement { metrics, network, baselines: Baselines { nb_svm }, mcnemar, standing, verdict };
    Judged { scores, baseline, positive, judgement }
}

/// The baseline's figures on the test reviews, and its score of each.
fn fit_baseline(reviews: &Reviews) -> (Baseline, Vec<f32>) {
    let (learn, choose, test) = (reviews.learn(), reviews.choose(), reviews.judge());
    let known = [learn.words(), choose.words()].concat();
    let fitted = NbSvm::fit(&known, &[learn.positive(), choose.positive()].concat(), NbSvmSpec::default());
    let (scores, positive) = (fitted.scores(&test.words()), test.positive());
    let figures = Baseline {
        accuracy: Confusion::of(&scores, &positive).accuracy(),
        auc: roc(&scores, &positive).map(|roc| roc.auc),
        features: fitted.features(),
        reviews: known.len(),
    };
    (figures, scores)
}
