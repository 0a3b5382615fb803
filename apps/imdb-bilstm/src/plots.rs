//! The plots of a run, as SVG files and in its report.

use recurrent_data::reviews::Label;
use recurrent_train::{
    EpochRecord, Error, RunFolder,
    files::create_folder,
    plot::{LineChart, Series, loss_curves},
};

use crate::judge::roc;
use crate::summary::Judgement;
use crate::train::Judged;

/// The charts of a run.
pub struct Plots {
    /// The losses by epoch.
    pub loss: LineChart,
    /// The accuracy by epoch.
    pub accuracy: LineChart,
    /// Probabilities against what is true.
    pub calibration: LineChart,
    /// The receiver operating characteristic.
    pub roc: LineChart,
}

impl Plots {
    /// Draws what a run found; `labels` are those of the test reviews.
    pub fn new(history: &[EpochRecord], judged: &Judged, labels: &[Label]) -> Self {
        Self {
            loss: loss_curves(history, "nats per review"),
            accuracy: accuracy(history, judged.judgement.baselines.nb_svm.accuracy),
            calibration: calibration(&judged.judgement),
            roc: characteristic(judged, labels),
        }
    }

    /// Writes every chart into the run's folder.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, run: &RunFolder) -> Result<(), Error> {
        create_folder(&run.plots())?;
        let charts = [
            ("loss", &self.loss),
            ("accuracy", &self.accuracy),
            ("calibration", &self.calibration),
            ("roc", &self.roc),
        ];
        charts.into_iter().try_for_each(|(name, chart)| chart.write(&run.plots().join(format!("{name}.svg"))))
    }
}

fn accuracy(history: &[EpochRecord], baseline: f64) -> LineChart {
    let points = history
        .iter()
        .filter_map(|record| record.metrics.get("accuracy").map(|accuracy| (record.epoch as f64, *accuracy)));
    let last = history.last().map_or(1.0, |record| record.epoch as f64);
    let chart = LineChart::new("Accuracy by epoch", "epoch", "accuracy")
        .series(Series::line("validation", points.collect()))
        .series(Series::dashed("NB-SVM, test", vec![(1.0, baseline), (last, baseline)]));
    match history.iter().rfind(|record| record.best) {
        Some(best) => chart.mark(best.epoch as f64, "kept"),
        None => chart,
    }
}

fn calibration(judgement: &Judgement) -> LineChart {
    let bins = &judgement.metrics.calibration.bins;
    let points: Vec<(f64, f64)> = bins.iter().map(|bin| (bin.probability, bin.positive)).collect();
    LineChart::new("Calibration", "probability of being positive", "share that is positive")
        .series(Series::line(judgement.model(), points.clone()))
        .series(Series::points("ten bins", points))
        .series(Series::dashed("perfect", vec![(0.0, 0.0), (1.0, 1.0)]))
}

fn characteristic(judged: &Judged, labels: &[Label]) -> LineChart {
    let curve = |scores: &[f32]| roc(scores, labels).map_or_else(Vec::new, |roc| roc.points);
    LineChart::new("Receiver operating characteristic", "share of false alarms", "share of positives found")
        .series(Series::line(judged.judgement.model(), curve(&judged.scores)))
        .series(Series::line("NB-SVM", curve(&judged.baseline)))
        .series(Series::dashed("guessing", vec![(0.0, 0.0), (1.0, 1.0)]))
}
