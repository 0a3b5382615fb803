//! The figures of a judgement as tables.

use recurrent_metrics::classification::Confusion;
use recurrent_report::{Cell, Column, Table, thousands};

use crate::judge::{Calibration, Judgement};

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
pub(super) fn confusion(confusion: &Confusion) -> Table {
    Table::new("What they were taken for")
        .column(Column::text("reviews"))
        .column(Column::number("said negative"))
        .column(Column::number("said positive"))
        .row([Cell::text("negative"), count(confusion.true_negative), count(confusion.false_positive)])
        .row([Cell::text("positive"), count(confusion.false_negative), count(confusion.true_positive)])
}

/// Probabilities against what is true.
pub(super) fn reliability(calibration: &Calibration) -> Table {
    let error = calibration.expected_error;
    let mut table = Table::new(format!("Reliability; the expected calibration error is {error:.4}"))
        .column(Column::text("probability of being positive"))
        .column(Column::number("reviews"))
        .column(Column::number("mean probability"))
        .column(Column::number("share positive"));
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
