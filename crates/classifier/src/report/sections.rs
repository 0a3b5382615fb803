//! The sections of a report page that are the same whoever trains the classifier.

use recurrent_report::{ModelSummary, Section, capitalised};

use super::charts::Charts;
use super::examples::Example;
use super::tables::{classes, comparison, confusions, labels, reliability};
use crate::judge::Judgement;
use crate::parts::Chosen;

/// How good the model is, beside the baseline; added to a section that may begin with what is to be known first.
pub fn result(mut section: Section, judgement: &Judgement, chosen_by: Chosen, charts: &Charts) -> Section {
    if chosen_by == Chosen::Test {
        section = section.note(
            "Early stopping watched the test reviews, as the textbook chapter does, so the figures below were picked on the \
             reviews that they are given for. Where training reviews are held out to choose the epoch by, they are not.",
        );
    }
    section = section
        .table(comparison(judgement))
        .paragraph(
            "NB-SVM is a linear classifier on words, pairs and triples of words (Wang and Manning 2012), fitted to all \
             training reviews in seconds. Its scores are no probabilities.",
        )
        .paragraph(if judgement.network.is_some() { STACKED } else { "The network scores alone." });
    if judgement.in_steps.is_some() {
        section = section.paragraph(STEPS);
    }
    if judgement.metrics.labels.is_none() {
        section = section.table(confusions(&judgement.metrics));
    }
    if let Some(several) = &judgement.metrics.several {
        section = section.table(classes(several));
    }
    if let Some(any) = &judgement.metrics.labels {
        section = section.paragraph(LABELS).table(labels(any));
    }
    if let Some(roc) = &charts.roc {
        let [_, positive] = judgement.metrics.pair();
        let found = format!("{positive} reviews found against false alarms, for every threshold");
        section = section.chart(roc, capitalised(&found));
    }
    section
        .chart(&charts.calibration, if judgement.metrics.labels.is_some() { ANSWERS } else { REVIEWS })
        .table(reliability(&judgement.metrics))
}

const REVIEWS: &str = "Of the reviews of a given probability, the share that is what they were given it for. On the dashed line, \
                       probabilities mean what they say.";
const ANSWERS: &str = "Of the reviews and labels of a given probability, the share that belongs together. On the dashed line, \
                       probabilities mean what they say.";

const STACKED: &str = "The network is stacked with a smaller NB-SVM (Wolpert 1992): fitted to the same reviews, and weighed \
                       against the network on those that were held out. The figures below are those of the two together.";

const LABELS: &str = "A review may have any number of labels, each of which is a question of its own. A label is said above the \
                      probability with the largest F1 on the reviews that were held out, or above one half where hardly any of \
                      them has it; the thresholds of NB-SVM were chosen in the same way. The figures of calibration are those of \
                      all answers.";

const STEPS: &str = "The classes are steps of a scale. The likeliest step is most often right; the step where half of the \
                     probability lies has the least expected distance from the right one. Three baselines know the order: an \
                     NB-SVM for each threshold, which tells whether a review is beyond it (Frank and Hall 2001), a ridge \
                     regression on n-grams, rounded to the nearest step, and the median step of the training reviews.";

/// Some reviews with what each word did to their score.
pub fn moved(examples: &[Example]) -> Section {
    let section = Section::new("What moved the score").paragraph(
        "Some short test reviews: the surest right answer for each class or label, and the surest error. Each word is shaded by how much \
         the score changes when the word becomes one that the network does not know: green for what the probability is of, red against it.",
    );
    examples.iter().fold(section, |section, example| {
        let pieces = example.pieces.iter().map(|(word, weight)| (word.clone(), *weight));
        section.shaded(example.caption(), pieces)
    })
}

/// How the training went; the program adds what it knows of the run.
pub fn training(layers: &ModelSummary, charts: &Charts) -> Section {
    Section::new("Training")
        .chart(&charts.loss, "The mean cross-entropy by epoch; the training loss is taken with dropout on.")
        .chart(
            &charts.accuracy,
            "The accuracy on the reviews that the kept epoch was chosen by; of labels, the share of which all are right.",
        )
        .preformatted("The model", layers.to_string())
}
