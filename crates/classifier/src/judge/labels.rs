//! The judgement where a text may have any number of labels: beside an NB-SVM for each, whose thresholds are chosen as the network's
//! are.

use recurrent_backend::Seed;
use recurrent_linear::OneVsRest;
use recurrent_metrics::classification::{LabelAnswers, mcnemar_of};

use super::baselines::{Baseline, Baselines};
use super::judgement::{Alone, Judged, Judgement};
use super::metrics::Metrics;
use super::standing::{Standing, p_value};
use crate::parts::Reviews;
use crate::scorer::Scorer;
use crate::stacking::of_rare;
use crate::thresholds::{chosen, said};
use crate::truth::{LabelTable, Truth};

/// Exchanges of answers by which chance is told.
const ROUNDS: usize = 9999;
/// They are the same in every run.
const SEED: Seed = Seed(1);

/// The answers of NB-SVM to the test reviews.
pub(super) struct Linear {
    scores: Vec<f32>,
    said: Vec<bool>,
    features: usize,
    reviews: usize,
}

/// Fits an NB-SVM for each label: first to the reviews learnt from, so that those chosen by can choose its threshold, then to both.
pub(super) fn fit(reviews: &Reviews) -> Linear {
    let (learn, choose, test) = (reviews.learn(), reviews.choose(), reviews.judge());
    let fit = |words: &[&[u32]], table: &LabelTable| OneVsRest::fit_labels(words, table.columns(), of_rare());
    let (own, others) = (learn.label_table(), choose.label_table());
    let thresholds = if choose.is_empty() {
        vec![0.0; own.labels]
    } else {
        chosen(&fit(&learn.words(), &own).scores(&choose.words()), &others)
    };
    let (words, has) = ([learn.words(), choose.words()].concat(), [own.has, others.has].concat());
    let fitted = fit(&words, &LabelTable { has, labels: own.labels });
    let scores = fitted.scores(&test.words());
    let said = said(&scores, &thresholds);
    Linear { scores, said, features: fitted.features(), reviews: words.len() }
}

/// Judges a classifier beside it.
pub(super) fn judge(reviews: &Reviews, scorer: &Scorer, linear: Linear) -> Judged {
    let (test, outputs) = (reviews.judge(), scorer.outputs());
    let table = test.label_table();
    let truth = Truth::Labels(table.clone());
    let of_network = scorer.network.scores(&test.reviews());
    let network = scorer.stacking.is_some().then(|| alone(reviews, scorer, &of_network));
    let scores = scorer.stacked(of_network, &test.reviews());
    let metrics = Metrics::of(&scores, &truth, &reviews.data.classes, &scorer.thresholds);

    let answers = said(&scores, &scorer.thresholds);
    let answers = LabelAnswers::new(&answers, &table.has, table.labels);
    let of_linear = LabelAnswers::new(&linear.said, &table.has, table.labels);
    let p = answers.randomisation_p_value(&of_linear, ROUNDS, SEED);
    let (of_model, of_baseline) = (answers.micro_f1(), of_linear.micro_f1());
    let standing = Standing::by(of_model, of_baseline, p);
    let figures =
        format!("micro F1 {of_model:.4} against {of_baseline:.4}, randomisation test {}", p_value(p));
    let verdict = match &network {
        None => standing.in_words(of_model, of_baseline, &figures),
        Some(alone) => standing.of_both_in_words(of_baseline, &figures, alone.micro_f1.unwrap_or_default()),
    };
    let figures = Alone::of_labels(&of_linear);
    let nb_svm = Baseline { figures, features: linear.features, reviews: linear.reviews };
    let judgement = Judgement {
        metrics,
        network,
        baselines: Baselines { nb_svm, steps: None },
        mcnemar: mcnemar_of(&answers.exactly(), &of_linear.exactly()),
        randomisation_p: Some(p),
        in_steps: None,
        standing,
        verdict,
    };
    Judged { scores, baseline: linear.scores, truth, outputs, judgement }
}

/// The figures of the network without its partner, with thresholds of its own.
fn alone(reviews: &Reviews, scorer: &Scorer, scores: &[f32]) -> Alone {
    let (choose, table) = (reviews.choose(), reviews.judge().label_table());
    let thresholds = chosen(&scorer.network.scores(&choose.reviews()), &choose.label_table());
    let answers = said(scores, &thresholds);
    Alone::of_labels(&LabelAnswers::new(&answers, &table.has, table.labels))
}
