//! The figures of a judgement for a terminal.

use recurrent_metrics::classification::Confusion;
use recurrent_report::thousands;

use crate::judge::{Baseline, Judgement, Metrics, Several};

/// The figures of a model and of the baseline beside it, with the verdict.
pub fn judgement_text(judgement: &Judgement) -> String {
    let Judgement { metrics, network, baselines, verdict, .. } = judgement;
    let alone = network.map_or_else(String::new, |network| {
        format!("network alone: accuracy {:.4}, AUC {}\n", network.accuracy, optional(network.auc))
    });
    format!(
        "{}\n{alone}NB-SVM on {} n-grams{}\n\nVerdict: {verdict}\n",
        metrics_text(metrics),
        thousands(baselines.nb_svm.features as u64),
        baseline_text(&baselines.nb_svm),
    )
}

fn baseline_text(baseline: &Baseline) -> String {
    let accuracy = baseline.accuracy;
    match (baseline.macro_f1, baseline.mean_absolute_error) {
        (None, _) => format!(": accuracy {accuracy:.4}, AUC {}", optional(baseline.auc)),
        (Some(f1), None) => format!(", one against the rest: accuracy {accuracy:.4}, macro F1 {f1:.4}"),
        (Some(f1), Some(error)) => format!(
            ", one against the rest: accuracy {accuracy:.4}, macro F1 {f1:.4}, mean absolute error {error:.4}"
        ),
    }
}

/// The figures of a model of several classes.
fn several_text(metrics: &Metrics, several: &Several) -> String {
    let error = several
        .mean_absolute_error
        .map_or_else(String::new, |error| format!("absolute error     {error:.4}\n"));
    let classes = several.classes.iter().map(|class| {
        let [precision, recall, f1] = [class.precision, class.recall, class.f1].map(optional);
        format!(
            "{:18} {:>9} {precision:>9} {recall:>9} {f1:>9}\n",
            class.class,
            thousands(class.reviews as u64)
        )
    });
    let confusion = several.classes.iter().zip(&several.confusion).map(|(class, row)| {
        let counts = row.iter().map(|count| format!(" {count:>9}"));
        format!("{:18}{}\n", class.class, counts.collect::<String>())
    });
    let said: String = several.classes.iter().map(|class| format!(" {:>9}", class.class)).collect();
    format!(
        "{} reviews\n\naccuracy           {:.4}\nmacro F1           {:.4}\nmicro F1           {:.4}\n{error}log loss           {:.4}\n\
         calibration error  {:.4}\n\n{:18} {:>9} {:>9} {:>9} {:>9}\n{}\n{:18}{said}\n{}",
        thousands(metrics.reviews as u64),
        metrics.accuracy,
        several.macro_f1,
        several.micro_f1,
        metrics.log_loss,
        metrics.calibration.expected_error,
        "class",
        "reviews",
        "precision",
        "recall",
        "F1",
        classes.collect::<String>(),
        "taken for",
        confusion.collect::<String>(),
    )
}

/// The figures of a model.
pub fn metrics_text(metrics: &Metrics) -> String {
    if let Some(several) = &metrics.several {
        return several_text(metrics, several);
    }
    let Confusion { true_negative, false_positive, false_negative, true_positive } =
        metrics.confusion.unwrap_or_default();
    format!(
        "{} reviews\n\naccuracy           {:.4}\nAUC                {}\nlog loss           {:.4}\ncalibration error  {:.4}\n\n\
         {:18} {:>13} {:>13}\n{:18} {true_negative:>13} {false_positive:>13}\n{:18} {false_negative:>13} {true_positive:>13}\n",
        thousands(metrics.reviews as u64),
        metrics.accuracy,
        optional(metrics.auc),
        metrics.log_loss,
        metrics.calibration.expected_error,
        "",
        "said negative",
        "said positive",
        "negative reviews",
        "positive reviews",
    )
}

fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"))
}
