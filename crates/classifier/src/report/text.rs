//! The figures of a judgement for a terminal.

use recurrent_metrics::classification::Confusion;
use recurrent_report::thousands;

use crate::judge::{Judgement, Metrics};

/// The figures of a model and of the baseline beside it, with the verdict.
pub fn judgement_text(judgement: &Judgement) -> String {
    let Judgement { metrics, network, baselines, verdict, .. } = judgement;
    let alone = network.map_or_else(String::new, |network| {
        format!("network alone: accuracy {:.4}, AUC {}\n", network.accuracy, optional(network.auc))
    });
    format!(
        "{}\n{alone}NB-SVM on {} n-grams: accuracy {:.4}, AUC {}\n\nVerdict: {verdict}\n",
        metrics_text(metrics),
        thousands(baselines.nb_svm.features as u64),
        baselines.nb_svm.accuracy,
        optional(baselines.nb_svm.auc),
    )
}

/// The figures of a model.
pub fn metrics_text(metrics: &Metrics) -> String {
    let Confusion { true_negative, false_positive, false_negative, true_positive } = metrics.confusion;
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
