//! The result in words and tables: for the terminal, and as the run's `report.html`.

mod examples;

use recurrent_program::Source;
use recurrent_train::{
    ModelSummary, RunFolder, counted, duration,
    report::{Cell, Column, Report, Section, Table},
    thousands,
};

pub use examples::{Example, examples};

use crate::judge::{Calibration, Confusion, Metrics};
use crate::plots::Plots;
use crate::settings::{Partner, Settings};
use crate::summary::{Chosen, Judgement, Summary};

/// The result of a run for the terminal.
pub fn text(summary: &Summary) -> String {
    let data = &summary.data;
    let name = if data.path.is_none() { "DEMO DATA (generated reviews)" } else { &data.name };
    let kept = summary.run.best_epoch.map_or_else(String::new, |epoch| format!(", kept: epoch {epoch}"));
    let Judgement { metrics, network, baselines, verdict, .. } = &summary.judgement;
    let alone = network.map_or_else(String::new, |network| {
        format!("network alone: accuracy {:.4}, AUC {}\n", network.accuracy, optional(network.auc))
    });
    format!(
        "{name}: {}, {} each{kept}; {}\n\n{}\n{alone}NB-SVM on {} n-grams: accuracy {:.4}, AUC {}\n\nVerdict: {verdict}\n",
        counted(summary.run.epochs_run, "epoch"),
        duration(summary.run.seconds_per_epoch),
        summary.choice(),
        metrics_text(metrics),
        thousands(baselines.nb_svm.features as u64),
        baselines.nb_svm.accuracy,
        optional(baselines.nb_svm.auc),
    )
}

/// The figures of a network for the terminal.
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

/// Writes the report of a run.
///
/// # Errors
/// The file cannot be written.
pub fn write(
    settings: &Settings,
    run: &RunFolder,
    summary: &Summary,
    model: &ModelSummary,
    plots: &Plots,
    examples: &[Example],
) -> Result<(), crate::Failure> {
    let mut moved = Section::new("What moved the score").paragraph(
        "Some short test reviews. Each word is shaded by how much the score changes when the word becomes one that the \
         network does not know: green for praise, red against it.",
    );
    for example in examples {
        moved = moved
            .shaded(example.caption(), example.pieces.iter().map(|(word, weight)| (word.clone(), *weight)));
    }
    let training = Section::new("Training")
        .chart(
            &plots.loss,
            "The mean binary cross-entropy by epoch; the training loss is taken with dropout on.",
        )
        .chart(&plots.accuracy, "The accuracy on the reviews that the kept epoch was chosen by.")
        .preformatted("The model", model.to_string())
        .facts("The run", facts(settings, summary));
    Report::new(format!("{}: {}, praise or blame", summary.run.program, summary.data.name))
        .lead(capitalised(&summary.judgement.verdict))
        .section(result(settings, summary, plots))
        .section(moved)
        .section(training)
        .write(&run.report_file())?;
    Ok(())
}

fn result(settings: &Settings, summary: &Summary, plots: &Plots) -> Section {
    let mut result = Section::new("Result");
    if settings.origin.source == Source::Demo {
        result = result.note("Demo data: generated reviews, whose label hangs on the order of their words.");
    }
    if summary.chosen_by == Chosen::Test {
        result = result.note(
            "Early stopping watched the test reviews, as the textbook chapter does, so the figures below were picked on the \
             reviews that they are given for. The preset “best” gives figures that were not.",
        );
    }
    result
        .table(comparison(&summary.judgement))
        .paragraph(
            "NB-SVM is a linear classifier on words, pairs and triples of words (Wang and Manning 2012), fitted to all \
             training reviews in seconds. Its scores are no probabilities.",
        )
        .paragraph(stacked(settings.stacking))
        .table(confusion(&summary.judgement.metrics.confusion))
        .chart(&plots.roc, "Positive reviews found against false alarms, for every threshold.")
        .chart(
            &plots.calibration,
            "Of the reviews of a given probability, the share that is positive. On the dashed line, probabilities mean what \
             they say.",
        )
        .table(reliability(&summary.judgement.metrics.calibration))
}

fn stacked(partner: Partner) -> &'static str {
    match partner {
        Partner::None => "The network scores alone.",
        Partner::NbSvm => {
            "The network is stacked with a smaller NB-SVM (Wolpert 1992): fitted to the same reviews, and weighed against the \
             network on those that were held out. The figures below are those of the two together."
        }
    }
}

fn comparison(judgement: &Judgement) -> Table {
    let (metrics, baseline) = (&judgement.metrics, &judgement.baselines.nb_svm);
    let number = |value: f64| Cell::number(value, format!("{value:.4}"));
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

fn confusion(confusion: &Confusion) -> Table {
    let count = |count: usize| Cell::number(count as f64, thousands(count as u64));
    Table::new("What they were taken for")
        .column(Column::text("reviews"))
        .column(Column::number("said negative"))
        .column(Column::number("said positive"))
        .row([Cell::text("negative"), count(confusion.true_negative), count(confusion.false_positive)])
        .row([Cell::text("positive"), count(confusion.false_negative), count(confusion.true_positive)])
}

fn reliability(calibration: &Calibration) -> Table {
    let number = |value: f64| Cell::number(value, format!("{value:.4}"));
    let error = calibration.expected_error;
    let mut table = Table::new(format!("Reliability; the expected calibration error is {error:.4}"))
        .column(Column::text("probability of being positive"))
        .column(Column::number("reviews"))
        .column(Column::number("mean probability"))
        .column(Column::number("share positive"));
    for bin in &calibration.bins {
        table = table.row([
            Cell::text(format!("{:.1} to {:.1}", bin.from, bin.from + 0.1)),
            Cell::number(bin.reviews as f64, thousands(bin.reviews as u64)),
            number(bin.probability),
            number(bin.positive),
        ]);
    }
    table
}

/// A sentence that stands alone.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).chain(['.']).collect())
}

fn facts(settings: &Settings, summary: &Summary) -> Vec<(&'static str, String)> {
    let data = &summary.data;
    let dash = || "–".to_owned();
    let count = |count: usize| thousands(count as u64);
    let (coding, reading) = (settings.coding, settings.reading);
    let learnt_before = summary.pretraining.as_ref().map_or_else(dash, |facts| {
        let loss = facts.train_loss.last().map_or_else(dash, |loss| format!("{loss:.4} nats a word"));
        format!(
            "{} on the words of {} reviews, in {}; the last one's loss {loss}",
            counted(facts.train_loss.len(), "epoch"),
            count(facts.reviews),
            duration(facts.seconds)
        )
    });
    let teacher = summary.teacher.as_ref().map_or_else(dash, |facts| {
        let kept = facts.best_epoch.map(|epoch| facts.validation_accuracy[epoch - 1]);
        format!(
            "{}, in {}; accuracy {} where the epoch was chosen; {} reviews labelled",
            counted(facts.validation_accuracy.len(), "epoch"),
            duration(facts.seconds),
            kept.map_or_else(dash, |accuracy| format!("{accuracy:.4}")),
            count(facts.labelled)
        )
    });
    vec![
        ("preset", summary.run.preset.name().to_owned()),
        ("seed", summary.run.seed.to_string()),
        ("backend", summary.run.backend.to_string()),
        ("data", data.path.as_ref().map_or_else(|| data.name.clone(), |path| path.display().to_string())),
        ("data, SHA-256", data.sha256.clone()),
        (
            "reviews",
            format!(
                "{} to learn from, {} to choose by, {} to judge on",
                count(data.train),
                count(data.validation),
                count(data.test)
            ),
        ),
        ("kept epoch", summary.run.best_epoch.map_or_else(dash, |epoch| epoch.to_string())),
        ("chosen by", summary.choice().to_owned()),
        (
            "words",
            format!(
                "{} distinct; indices from {} below {}",
                count(data.words),
                coding.skip_top(),
                coding.num_words()
            ),
        ),
        (
            "read of a review",
            format!(
                "{} indices, cut {:?}, padded {:?}, masking {:?}",
                reading.length, reading.truncating, reading.padding, reading.masking
            )
            .to_lowercase(),
        ),
        ("learnt before the labels", learnt_before),
        ("teacher", teacher),
        ("networks", settings.model.members.to_string()),
        ("adversarial step", format!("{} of the norm", settings.model.adversarial)),
        ("batch", settings.batch_size.to_string()),
        ("optimiser", format!("{:?}", settings.train.optimiser)),
        (
            "learning rate",
            format!("{}, {:?}", settings.train.learning_rate, settings.schedule).to_lowercase(),
        ),
        ("epochs", summary.run.epochs_run.to_string()),
        ("stopped by", format!("{:?}", summary.run.stopped).to_lowercase()),
        ("time of an epoch", duration(summary.run.seconds_per_epoch)),
        ("peak memory", summary.run.peak_memory()),
    ]
}
