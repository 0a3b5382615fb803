//! The figures of a judgement as tables.

use recurrent_metrics::classification::Confusion;
use recurrent_report::{Cell, Column, Table, thousands};

use crate::judge::{Judgement, Metrics, Several};

/// The model beside the baseline.
pub(super) fn comparison(judgement: &Judgement) -> Table {
    let (metrics, baseline) = (&judgement.metrics, &judgement.baselines.nb_svm);
    let auc = |value: Option<f64>| value.map_or_else(|| Cell::text("–"), number);
    let without = |name: &str, accuracy: f64, of_auc: Option<f64>| {
        [Cell::text(name), number(accuracy), auc(of_auc), Cell::text("–"), Cell::text("–")]
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
        table = table.row(without("network alone", alone.accuracy, alone.auc));
    }
    table.row(without("NB-SVM", baseline.accuracy, baseline.auc))
}

/// How many reviews of each class were taken for which.
pub(super) fn confusions(metrics: &Metrics) -> Table {
    if let Some(two) = &metrics.confusion {
        return confusion(two);
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
    let mut table = Table::new(format!(
        "The classes; macro F1 {:.4}, micro F1 {:.4}",
        several.macro_f1, several.micro_f1
    ))
    .column(Column::text("class"))
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

fn confusion(confusion: &Confusion) -> Table {
    Table::new("What they were taken for")
        .column(Column::text("reviews"))
        .column(Column::number("said negative"))
        .column(Column::number("said positive"))
        .row([Cell::text("negative"), count(confusion.true_negative), count(confusion.false_positive)])
        .row([Cell::text("positive"), count(confusion.false_negative), count(confusion.true_positive)])
}

/// Probabilities against what is true.
pub(super) fn reliability(metrics: &Metrics) -> Table {
    let calibration = &metrics.calibration;
    let (probability, share) = match metrics.several {
        None => ("probability of being positive", "share positive"),
        Some(_) => ("probability of the likeliest class", "share right"),
    };
    let error = calibration.expected_error;
    let mut table = Table::new(format!("Reliability; the expected calibration error is {error:.4}"))
        .column(Column::text(probability))
        .column(Column::number("reviews"))
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
