//! What is said of a classifier on the test reviews, beside a baseline that learnt from the same ones.

use std::time::Instant;

use recurrent_data::reviews::ClassNames;
use recurrent_metrics::classification::{LabelAnswers, McNemar, likeliest, mcnemar_of, roc};
use recurrent_report::duration;
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::baselines::{self, Baselines, Fitted};
use super::in_steps::InSteps;
use super::labels;
use super::metrics::Metrics;
use super::standing::Standing;
use crate::outputs::{Outputs, positive};
use crate::parts::Reviews;
use crate::scorer::Scorer;
use crate::truth::Truth;
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
    /// How likely as large a difference in micro F1 is between two that are equally good, where a review may have any number of labels:
    /// [`randomisation_p_value`](recurrent_metrics::classification::LabelAnswers::randomisation_p_value). The test of McNemar is then of
    /// the reviews of which all labels were said and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub randomisation_p: Option<f64>,
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

/// The figures of a classifier by itself: of a network without its partner, or of a baseline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Alone {
    /// The share of the test reviews that it gets right; of labels, wholly.
    pub accuracy: f64,
    /// As [`Metrics::auc`].
    pub auc: Option<f64>,
    /// The mean F1 of several classes or labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub macro_f1: Option<f64>,
    /// The F1 of all answers together, where a review may have any number of labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub micro_f1: Option<f64>,
    /// As [`Several::mean_absolute_error`](super::Several::mean_absolute_error).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_absolute_error: Option<f64>,
}

impl Alone {
    /// Those of its scores, of classes of which a text is of one.
    pub(super) fn of(scores: &[f32], truth: &Truth, names: &ClassNames) -> Self {
        let (outputs, labels) = (Outputs::of(names), truth.classes());
        if outputs.is_binary() {
            return Self {
                accuracy: outputs.accuracy(scores, truth),
                auc: roc(scores, &positive(labels)).map(|roc| roc.auc),
                macro_f1: None,
                micro_f1: None,
                mean_absolute_error: None,
            };
        }
        let Answers { accuracy, macro_f1, mean_absolute_error } =
            Answers::of(&likeliest(scores, outputs.width()), labels, names);
        Self { accuracy, auc: None, macro_f1: Some(macro_f1), micro_f1: None, mean_absolute_error }
    }

    /// Those of its answers, where a text may have any number of labels.
    pub(super) fn of_labels(answers: &LabelAnswers) -> Self {
        Self {
            accuracy: answers.exact(),
            auc: None,
            macro_f1: Some(answers.macro_f1()),
            micro_f1: Some(answers.micro_f1()),
            mean_absolute_error: None,
        }
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
    /// What is true of each.
    pub truth: Truth,
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
    let told = |what: &str| format!("{what}: fitted in {}", duration(start.elapsed().as_secs_f64()));
    if reviews.data.classes.are_labels() {
        let linear = labels::fit(reviews);
        watcher.note(&told("NB-SVM, the baseline"));
        return labels::judge(reviews, scorer, linear);
    }
    let fitted = baselines::fit(reviews);
    let what = if fitted.steps.is_some() { "NB-SVM and the other baselines" } else { "NB-SVM, the baseline" };
    watcher.note(&told(what));
    judge_classes(reviews, scorer, fitted)
}

/// The same where each text is of one class.
fn judge_classes(reviews: &Reviews, scorer: &Scorer, fitted: Fitted) -> Judged {
    let Fitted { baselines, scores: baseline, steps } = fitted;
    let (test, truth, outputs) = (reviews.judge(), reviews.judge().truth(), scorer.outputs());
    let (names, labels) = (&reviews.data.classes, truth.classes());
    let of_network = scorer.network.scores(&test.reviews());
    let network = scorer.stacking.is_some().then(|| Alone::of(&of_network, &truth, names));
    let scores = scorer.stacked(of_network, &test.reviews());
    let metrics = Metrics::of(&scores, &truth, names, &[]);
    let mcnemar = mcnemar_of(&outputs.right(&scores, &truth), &outputs.right(&baseline, &truth));
    let (accuracy, of_baseline) = (metrics.accuracy, baselines.nb_svm.figures.accuracy);
    let standing = Standing::of(accuracy, of_baseline, &mcnemar);
    let mut verdict = match network {
        None => standing.sentence(accuracy, of_baseline, &mcnemar),
        Some(alone) => standing.sentence_of_both(accuracy, of_baseline, &mcnemar, alone.accuracy),
    };
    let in_steps = steps.zip(names.numbers()).map(|(steps, numbers)| {
        InSteps::of(&outputs.medians(&scores), &steps, &likeliest(&baseline, names.len()), labels, &numbers)
    });
    verdict.extend(in_steps.iter().map(|steps| format!("; {}", steps.sentence(network.is_some()))));
    let judgement = Judgement {
        metrics,
        network,
        baselines,
        mcnemar,
        randomisation_p: None,
        in_steps,
        standing,
        verdict,
    };
    Judged { scores, baseline, truth, outputs, judgement }
}
