//! What is said of a classifier on the test reviews, beside a baseline that learnt from the same ones.

use std::time::Instant;

use recurrent_data::reviews::{ClassNames, Label};
use recurrent_metrics::classification::{McNemar, likeliest, mcnemar_of, roc};
use recurrent_report::duration;
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::baselines::{self, Baselines, Fitted};
use super::in_steps::InSteps;
use super::metrics::Metrics;
use super::standing::Standing;
use crate::outputs::{Outputs, positive};
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
    /// How near both come, where classes are steps of a scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_steps: Option<InSteps>,
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
    /// The mean F1 of several classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub macro_f1: Option<f64>,
    /// As [`Several::mean_absolute_error`](super::Several::mean_absolute_error).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_absolute_error: Option<f64>,
}

impl Alone {
    fn of(scores: &[f32], labels: &[Label], names: &ClassNames) -> Self {
        let outputs = Outputs::of(names);
        if outputs.is_binary() {
            return Self {
                accuracy: outputs.accuracy(scores, labels),
                auc: roc(scores, &positive(labels)).map(|roc| roc.auc),
                macro_f1: None,
                mean_absolute_error: None,
            };
        }
        let Answers { accuracy, macro_f1, mean_absolute_error } =
            Answers::of(&likeliest(scores, outputs.width()), labels, names);
        Self { accuracy, auc: None, macro_f1: Some(macro_f1), mean_absolute_error }
    }
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
    let Fitted { baselines, scores: baseline, steps } = baselines::fit(reviews);
    let fitted = if steps.is_some() { "NB-SVM and the other baselines" } else { "NB-SVM, the baseline" };
    watcher.note(&format!("{fitted}: fitted in {}", duration(start.elapsed().as_secs_f64())));

    let (test, labels, outputs) = (reviews.judge(), reviews.judge().labels(), scorer.outputs());
    let names = &reviews.data.classes;
    let of_network = scorer.network.scores(&test.reviews());
    let network = scorer.stacking.is_some().then(|| Alone::of(&of_network, &labels, names));
    let scores = scorer.stacked(of_network, &test.reviews());
    let metrics = Metrics::of(&scores, &labels, names);
    let mcnemar = mcnemar_of(&outputs.right(&scores, &labels), &outputs.right(&baseline, &labels));
    let (accuracy, of_baseline) = (metrics.accuracy, baselines.nb_svm.accuracy);
    let standing = Standing::of(accuracy, of_baseline, &mcnemar);
    let mut verdict = match network {
        None => standing.sentence(accuracy, of_baseline, &mcnemar),
        Some(alone) => standing.sentence_of_both(accuracy, of_baseline, &mcnemar, alone.accuracy),
    };
    let in_steps = steps.zip(names.numbers()).map(|(steps, numbers)| {
        InSteps::of(&outputs.medians(&scores), &steps, &likeliest(&baseline, names.len()), &labels, &numbers)
    });
    verdict.extend(in_steps.iter().map(|steps| format!("; {}", steps.sentence(network.is_some()))));
    let judgement = Judgement { metrics, network, baselines, mcnemar, in_steps, standing, verdict };
    Judged { scores, baseline, labels, outputs, judgement }
}
