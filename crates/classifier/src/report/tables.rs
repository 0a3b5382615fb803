//! The figures of a judgement as tables.

use recurrent_metrics::classification::Confusion;
use recurrent_report::{Cell, Column, Table, thousands};

use super::charts::probability_of;
use crate::judge::{Alone, Answers, AnyLabels, Judgement, Metrics, Several};

/// The model beside the baselines.
pub(super) fn comparison(judgement: &Judgement) -> Table {
    match (&judgement.metrics.several, &judgement.metrics.labels) {
        (Some(several), _) => comparison_of_several(judgement, several),
        (_, Some(labels)) => comparison_of_labels(judgement, labels),
        _ => comparison_of_two(judgement),
    }
}

/// The same of two classes.
fn comparison_of_two(judgement: &Judgement) -> Table {
    let (metrics, baseline) = (&judgement.metrics, &judgement.baselines.nb_svm);
    let auc = |value: Option<f64>| value.map_or_else(|| Cell::text("–"), number);
    let without = |name: &str, of: Alone| {
        [Cell::text(name), number(of.accuracy), auc(of.auc), Cell::text("–"), Cell::text("–")]
    };
    let mut table = Table::new(format!("{} test reviews", thousands(metrics.reviews as u64)))
        .column(Column::text("classifier"))
        .column(Column::highest_best("accuracy"))
        .column(Column::highest_best("AUC"))
        .column(Column::number("log loss"))
        .column(Column::number("calibration error"))
        .row([
            Cell::text(judgement.model()),
            number(metrics.accuracy),
            auc(metrics.auc),
            number(metrics.log_loss),
            number(metrics.calibration.expected_error),
        ]);
    if let Some(alone) = judgement.network {
        table = table.row(without("network alone", alone));
    }
    table.row(without("NB-SVM", baseline.figures))
}

/// The same of several classes, with those that know that classes are steps of a scale, where they are.
fn comparison_of_several(judgement: &Judgement, several: &Several) -> Table {
    let metrics = &judgement.metrics;
    let in_steps = several.mean_absolute_error.is_some();
    let mut table = Table::new(format!("{} test reviews", thousands(metrics.reviews as u64)))
        .column(Column::text("classifier"))
        .column(Column::highest_best("accuracy"))
        .column(Column::highest_best("macro F1"));
    if in_steps {
        table = table.column(Column::lowest_best("mean absolute error"));
    }
    table = table.column(Column::number("log loss")).column(Column::number("calibration error"));
    for (name, answers) in answers(judgement, several) {
        let error = answers.mean_absolute_error.map_or_else(|| Cell::text("–"), number);
        let [loss, calibration] = if name == judgement.model() {
            [metrics.log_loss, metrics.calibration.expected_error].map(number)
        } else {
            ["–"; 2].map(Cell::text)
        };
        let figures = [Cell::text(name), number(answers.accuracy), number(answers.macro_f1)];
        let row = figures.into_iter().chain(in_steps.then_some(error)).chain([loss, calibration]);
        table = table.row(row.collect::<Vec<_>>());
    }
    table
}

/// The same where a review may have any number of labels.
fn comparison_of_labels(judgement: &Judgement, labels: &AnyLabels) -> Table {
    let Judgement { metrics, network, baselines, .. } = judgement;
    let without = |name: &str, of: Alone| {
        let figures =
            [of.micro_f1.unwrap_or_default(), of.macro_f1.unwrap_or_default(), of.accuracy].map(number);
        [Cell::text(name)].into_iter().chain(figures).chain(["–"; 2].map(Cell::text)).collect::<Vec<_>>()
    };
    let mut table = Table::new(format!("{} test reviews", thousands(metrics.reviews as u64)))
        .column(Column::text("classifier"))
        .column(Column::highest_best("micro F1"))
        .column(Column::highest_best("macro F1"))
        .column(Column::highest_best("all labels right"))
        .column(Column::number("log loss"))
        .column(Column::number("calibration error"))
        .row([
            Cell::text(judgement.model()),
            number(labels.micro_f1),
            number(labels.macro_f1),
            number(metrics.accuracy),
            number(metrics.log_loss),
            number(metrics.calibration.expected_error),
        ]);
    if let Some(alone) = network {
        table = table.row(without("network alone", *alone));
    }
    let baseline = &baselines.nb_svm;
    table.row(without("NB-SVM, one for each label", baseline.figures))
}

/// The figures of each label.
pub(super) fn labels(labels: &AnyLabels) -> Table {
    let share = |value: Option<f64>| value.map_or_else(|| Cell::text("–"), number);
    let caption = format!("The labels; macro F1 {:.4}, micro F1 {:.4}", labels.macro_f1, labels.micro_f1);
    let mut table = Table::new(caption).column(Column::text("label")).column(Column::number("reviews"));
    for heading in ["precision", "recall", "F1", "said above", "AUC", "calibration error"] {
        table = table.column(Column::number(heading));
    }
    for label in &labels.labels {
        let shares = [label.precision, label.recall, label.f1, Some(label.threshold), label.auc].map(share);
        let cells = [Cell::text(&label.label), count(label.reviews)].into_iter().chain(shares);
        table = table.row(cells.chain([number(label.calibration_error)]).collect::<Vec<_>>());
    }
    table
}

/// What answers of several classes, by name, with how good it is; the model is the first.
pub(super) fn answers(judgement: &Judgement, several: &Several) -> Vec<(String, Answers)> {
    let Judgement { metrics, network, baselines, .. } = judgement;
    let of = |alone: Alone| Answers {
        accuracy: alone.accuracy,
        macro_f1: alone.macro_f1.unwrap_or_default(),
        mean_absolute_error: alone.mean_absolute_error,
    };
    let model = judgement.model();
    let Several { macro_f1, mean_absolute_error, .. } = *several;
    let whole = Answers { accuracy: metrics.accuracy, macro_f1, mean_absolute_error };
    let mut all = vec![(model.to_owned(), whole)];
    all.extend(several.median.map(|median| (format!("{model}, median of the probabilities"), median)));
    all.extend(network.map(|alone| ("network alone".to_owned(), of(alone))));
    all.push(("NB-SVM, one class against the rest".to_owned(), of(baselines.nb_svm.figures)));
    if let Some(steps) = &baselines.steps {
        all.extend([
            ("NB-SVM, one for each threshold".to_owned(), steps.thresholds),
            ("ridge regression, nearest step".to_owned(), steps.ridge),
            ("always the median step".to_owned(), steps.median),
        ]);
    }
    all
}

/// How many reviews of each class were taken for which.
pub(super) fn confusions(metrics: &Metrics) -> Table {
    if let Some(two) = &metrics.confusion {
        return confusion(two, metrics.pair());
    }
    let (mut table, several) =
        (Table::new("What they were taken for").column(Column::text("reviews")), metrics.several.as_ref());
    let Some(several) = several else { return table };
    for class in &several.classes {
        table = table.column(Column::number(format!("said {}", class.class)));
    }
    for (class, row) in several.classes.iter().zip(&several.confusion) {
        table = table.row(
            std::iter::once(Cell::text(&class.class))
                .chain(row.iter().map(|said| count(*said)))
                .collect::<Vec<_>>(),
        );
    }
    table
}

/// The figures of each class.
pub(super) fn classes(several: &Several) -> Table {
    let share = |value: Option<f64>| value.map_or_else(|| Cell::text("–"), number);
    let (classes, class) =
        if several.mean_absolute_error.is_some() { ("stars", "stars") } else { ("classes", "class") };
    let mut table = Table::new(format!(
        "The {classes}; macro F1 {:.4}, micro F1 {:.4}",
        several.macro_f1, several.micro_f1
    ))
    .column(Column::text(class))
    .column(Column::number("reviews"))
    .column(Column::number("precision"))
    .column(Column::number("recall"))
    .column(Column::number("F1"));
    for class in &several.classes {
        let shares = [class.precision, class.recall, class.f1].map(share);
        table = table.row(
            [Cell::text(&class.class), count(class.reviews)].into_iter().chain(shares).collect::<Vec<_>>(),
        );
    }
    table
}

fn confusion(confusion: &Confusion, [negative, positive]: [&str; 2]) -> Table {
    Table::new("What they were taken for")
        .column(Column::text("reviews"))
        .column(Column::number(format!("said {negative}")))
        .column(Column::number(format!("said {positive}")))
        .row([Cell::text(negative), count(confusion.true_negative), count(confusion.false_positive)])
        .row([Cell::text(positive), count(confusion.false_negative), count(confusion.true_positive)])
}

/// Probabilities against what is true.
pub(super) fn reliability(metrics: &Metrics) -> Table {
    let calibration = &metrics.calibration;
    let (probability, share) = probability_of(metrics);
    let error = calibration.expected_error;
    let mut table = Table::new(format!("Reliability; the expected calibration error is {error:.4}"))
        .column(Column::text(probability))
        .column(Column::number(if metrics.labels.is_some() { "answers" } else { "reviews" }))
        .column(Column::number("mean probability"))
        .column(Column::number(share));
    for bin in &calibration.bins {
        let range = Cell::text(format!("{:.1} to {:.1}", bin.from, bin.from + 0.1));
        table = table.row([range, count(bin.reviews), number(bin.probability), number(bin.positive)]);
    }
    table
}

fn number(value: f64) -> Cell {
    Cell::number(value, format!("{value:.4}"))
}

fn count(count: usize) -> Cell {
    Cell::number(count as f64, thousands(count as u64))
}
