//! The figures of a judgement for a terminal.

use recurrent_metrics::classification::Confusion;
use recurrent_report::thousands;

use super::tables::answers;
use crate::judge::{Alone, Answers, AnyLabels, Baseline, Judgement, Metrics, Several};

/// The figures of a model and of the baselines beside it, with the verdict.
pub fn judgement_text(judgement: &Judgement) -> String {
    let Judgement { metrics, verdict, .. } = judgement;
    let beside = match (&metrics.several, &metrics.labels) {
        (Some(several), _) => beside_several(judgement, several),
        (_, Some(_)) => beside_labels(judgement),
        _ => beside_two(judgement),
    };
    format!("{}\n{beside}\nVerdict: {verdict}\n", metrics_text(metrics))
}

/// What stands beside a model of two classes.
fn beside_two(judgement: &Judgement) -> String {
    let Judgement { network, baselines, .. } = judgement;
    let alone = network.map_or_else(String::new, |network| {
        format!("network alone: accuracy {:.4}, AUC {}\n", network.accuracy, optional(network.auc))
    });
    let Baseline { figures: Alone { accuracy, auc, .. }, features, .. } = baselines.nb_svm;
    let (features, auc) = (thousands(features as u64), optional(auc));
    format!("{alone}NB-SVM on {features} n-grams: accuracy {accuracy:.4}, AUC {auc}\n")
}

/// What stands beside a model of several classes.
fn beside_several(judgement: &Judgement, several: &Several) -> String {
    let line = |(name, answers): (String, Answers)| {
        let error = answers
            .mean_absolute_error
            .map_or_else(String::new, |error| format!(", mean absolute error {error:.4}"));
        format!("{name}: accuracy {:.4}, macro F1 {:.4}{error}\n", answers.accuracy, answers.macro_f1)
    };
    let lines: String = answers(judgement, several).into_iter().skip(1).map(line).collect();
    let baseline = &judgement.baselines.nb_svm;
    let [ngrams, reviews] = [baseline.features, baseline.reviews].map(|count| thousands(count as u64));
    format!("{lines}(NB-SVM on {ngrams} n-grams of {reviews} reviews)\n")
}

/// What stands beside a model of labels of which a text may have any number.
fn beside_labels(judgement: &Judgement) -> String {
    let Judgement { network, baselines, .. } = judgement;
    let line = |name: &str, of: Alone| {
        let [micro_f1, macro_f1] = [of.micro_f1, of.macro_f1].map(optional);
        format!("{name}: micro F1 {micro_f1}, macro F1 {macro_f1}, all labels right {:.4}\n", of.accuracy)
    };
    let alone = network.map(|alone| line("network alone", alone)).unwrap_or_default();
    let baseline = &baselines.nb_svm;
    let name = format!("NB-SVM on {} n-grams, one for each label", thousands(baseline.features as u64));
    alone + &line(&name, baseline.figures)
}

/// The figures of a model of labels of which a text may have any number.
fn labels_text(metrics: &Metrics, any: &AnyLabels) -> String {
    let figures = [
        ("micro F1", any.micro_f1),
        ("macro F1", any.macro_f1),
        ("all labels right", metrics.accuracy),
        ("log loss", metrics.log_loss),
        ("calibration error", metrics.calibration.expected_error),
    ];
    let figures: String = figures.iter().map(|(name, value)| format!("{name:18} {value:.4}\n")).collect();
    let labels = any.labels.iter().map(|label| {
        let [precision, recall, f1] = [label.precision, label.recall, label.f1].map(optional);
        let reviews = thousands(label.reviews as u64);
        let name = &label.label;
        format!("{name:18} {reviews:>9} {precision:>9} {recall:>9} {f1:>9} {:>10.4}\n", label.threshold)
    });
    format!(
        "{} reviews\n\n{figures}\n{:18} {:>9} {:>9} {:>9} {:>9} {:>10}\n{}",
        thousands(metrics.reviews as u64),
        "label",
        "reviews",
        "precision",
        "recall",
        "F1",
        "said above",
        labels.collect::<String>(),
    )
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
        if several.mean_absolute_error.is_some() { "stars" } else { "class" },
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
    if let Some(any) = &metrics.labels {
        return labels_text(metrics, any);
    }
    let Confusion { true_negative, false_positive, false_negative, true_positive } =
        metrics.confusion.unwrap_or_default();
    let [negative, positive] = metrics.pair();
    format!(
        "{} reviews\n\naccuracy           {:.4}\nAUC                {}\nlog loss           {:.4}\ncalibration error  {:.4}\n\n\
         {:18} {:>13} {:>13}\n{:18} {true_negative:>13} {false_positive:>13}\n{:18} {false_negative:>13} {true_positive:>13}\n",
        thousands(metrics.reviews as u64),
        metrics.accuracy,
        optional(metrics.auc),
        metrics.log_loss,
        metrics.calibration.expected_error,
        "",
        format!("said {negative}"),
        format!("said {positive}"),
        format!("{negative} reviews"),
        format!("{positive} reviews"),
    )
}

fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"))
}
