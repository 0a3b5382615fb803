//! The charts of a run.

use recurrent_metrics::classification::roc;
use recurrent_report::{LineChart, Series, loss_curves};
use recurrent_train::EpochRecord;

use crate::judge::{Judged, Judgement, Metrics};
use crate::outputs::positive;

/// The charts of a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Charts {
    /// The losses by epoch.
    pub loss: LineChart,
    /// The accuracy by epoch.
    pub accuracy: LineChart,
    /// Probabilities against what is true.
    pub calibration: LineChart,
    /// The receiver operating characteristic, of two classes.
    pub roc: Option<LineChart>,
}

impl Charts {
    /// Draws how a training went and what was found on the test reviews.
    pub fn new(history: &[EpochRecord], judged: &Judged) -> Self {
        let best = history.iter().rfind(|record| record.best).map(|record| record.epoch);
        Self {
            loss: losses(history, best),
            accuracy: accuracy(history, best, judged.judgement.baselines.nb_svm.figures.accuracy),
            calibration: calibration(&judged.judgement),
            roc: judged.outputs.is_binary().then(|| characteristic(judged)),
        }
    }

    /// Each with a name for its file.
    pub fn named(&self) -> Vec<(&'static str, &LineChart)> {
        let all = [("loss", &self.loss), ("accuracy", &self.accuracy), ("calibration", &self.calibration)];
        all.into_iter().chain(self.roc.as_ref().map(|roc| ("roc", roc))).collect()
    }
}

fn losses(history: &[EpochRecord], best: Option<usize>) -> LineChart {
    let training: Vec<f64> = history.iter().map(|record| record.train_loss).collect();
    let validation: Vec<f64> = history.iter().filter_map(|record| record.validation_loss).collect();
    loss_curves(&training, &validation, best, "nats per review")
}

fn accuracy(history: &[EpochRecord], best: Option<usize>, baseline: f64) -> LineChart {
    let points = history
        .iter()
        .filter_map(|record| record.metrics.get("accuracy").map(|accuracy| (record.epoch as f64, *accuracy)));
    let last = history.last().map_or(1.0, |record| record.epoch as f64);
    let chart = LineChart::new("Accuracy by epoch", "epoch", "accuracy")
        .series(Series::line("validation", points.collect()))
        .series(Series::dashed("NB-SVM, test", vec![(1.0, baseline), (last, baseline)]));
    match best {
        Some(best) => chart.mark(best as f64, "kept"),
        None => chart,
    }
}

fn calibration(judgement: &Judgement) -> LineChart {
    let bins = &judgement.metrics.calibration.bins;
    let points: Vec<(f64, f64)> = bins.iter().map(|bin| (bin.probability, bin.positive)).collect();
    let (probability, share) = probability_of(&judgement.metrics);
    LineChart::new("Calibration", probability, share)
        .series(Series::line(judgement.model(), points.clone()))
        .series(Series::points("ten bins", points))
        .series(Series::dashed("perfect", vec![(0.0, 0.0), (1.0, 1.0)]))
}

/// What probabilities are of, and the share that they ought to be.
pub(super) fn probability_of(metrics: &Metrics) -> (String, String) {
    let (probability, share) = match (&metrics.several, &metrics.labels) {
        (Some(several), _) if several.mean_absolute_error.is_some() => {
            ("probability of the likeliest number of stars", "share that has it")
        }
        (Some(_), _) => ("probability of the likeliest class", "share that is of it"),
        (_, Some(_)) => ("probability of a label", "share that has it"),
        _ => {
            let [_, positive] = metrics.pair();
            return (format!("probability of being {positive}"), format!("share that is {positive}"));
        }
    };
    (probability.to_owned(), share.to_owned())
}

fn characteristic(judged: &Judged) -> LineChart {
    let positive = positive(judged.truth.classes());
    let curve = |scores: &[f32]| roc(scores, &positive).map_or_else(Vec::new, |roc| roc.points);
    let found = match &judged.judgement.metrics.classes {
        Some([_, positive]) => format!("share of {positive} found"),
        None => "share of positives found".to_owned(),
    };
    LineChart::new("Receiver operating characteristic", "share of false alarms", found)
        .series(Series::line(judged.judgement.model(), curve(&judged.scores)))
        .series(Series::line("NB-SVM", curve(&judged.baseline)))
        .series(Series::dashed("guessing", vec![(0.0, 0.0), (1.0, 1.0)]))
}
