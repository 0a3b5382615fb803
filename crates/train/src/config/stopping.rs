//! Which loss is watched, what counts as better, and when patience ends.

use serde::{Deserialize, Serialize};

use crate::observe::EpochRecord;

/// A watched loss: the weights of its best epoch are kept, and given back at the end; with a patience, the
/// run stops early.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Watch {
    /// The loss, or another figure.
    pub loss: Watched,
    /// The number of epochs without a better loss after which the run stops; `None` never stops it.
    pub patience: Option<usize>,
    /// How much lower a loss must be to count as better; or how much better another figure.
    pub min_delta: f64,
}

impl Watch {
    /// Watches a loss without stopping.
    pub fn new(loss: Watched) -> Self {
        Self { loss, patience: None, min_delta: 0.0 }
    }

    /// Stops after so many epochs without a better loss.
    pub fn with_patience(self, epochs: usize) -> Self {
        Self { patience: Some(epochs), ..self }
    }

    /// Counts as better only what is better by more than so much.
    pub fn with_min_delta(self, min_delta: f64) -> Self {
        Self { min_delta, ..self }
    }

    /// Says what is wrong with it, if something is.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.patience == Some(0) {
            return Some("a patience of 0 epochs; at least 1 is needed".to_owned());
        }
        if !(self.min_delta.is_finite() && self.min_delta >= 0.0) {
            return Some(format!("a least improvement of {}; expected 0 or more", self.min_delta));
        }
        None
    }
}

/// What can be watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Watched {
    /// The training loss of the epoch, dropout on.
    TrainLoss,
    /// The validation loss.
    ValidationLoss,
    /// A further figure of the validation: see [`Figures::metrics`](crate::Figures::metrics). An epoch without it is never the best.
    Metric {
        /// Its name.
        name: String,
        /// Which way is better.
        goal: Goal,
    },
}

/// Which way a figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// A lower figure is better, as of an error.
    Lowest,
    /// A higher figure is better, as of an accuracy.
    Highest,
}

impl Watched {
    /// What it is called in a sentence.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::TrainLoss => "the training loss".to_owned(),
            Self::ValidationLoss => "the validation loss".to_owned(),
            Self::Metric { name, .. } => format!("the metric `{name}`"),
        }
    }

    /// The figure of an epoch, where it has one.
    fn figure(&self, epoch: &EpochRecord) -> Option<f64> {
        match self {
            Self::TrainLoss => Some(epoch.train_loss),
            Self::ValidationLoss => epoch.validation_loss,
            Self::Metric { name, .. } => epoch.metrics.get(name).copied(),
        }
    }

    /// By how much a figure is better than another.
    fn lead(&self, figure: f64, other: f64) -> f64 {
        match self {
            Self::Metric { goal: Goal::Highest, .. } => figure - other,
            _ => other - figure,
        }
    }
}

/// The best epoch so far. It is part of the checkpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Best {
    pub(crate) epoch: Option<usize>,
    pub(crate) loss: Option<f64>,
    /// Epochs since.
    waited: usize,
}

impl Best {
    /// Takes note of an epoch; returns whether it is the best so far.
    pub(crate) fn update(&mut self, watch: &Watch, epoch: &EpochRecord) -> bool {
        let is_better = |figure: &f64| {
            self.loss.is_none_or(|best| match &watch.loss {
                Watched::Metric { .. } => watch.loss.lead(*figure, best) > watch.min_delta,
                // By the same arithmetic as ever, so that runs go on as they began.
                _ => *figure < best - watch.min_delta,
            })
        };
        let Some(loss) = watch.loss.figure(epoch).filter(is_better) else {
            self.waited += 1;
            return false;
        };
        *self = Self { epoch: Some(epoch.epoch), loss: Some(loss), waited: 0 };
        true
    }

    /// Whether patience has ended.
    pub(crate) fn is_stale(&self, watch: &Watch) -> bool {
        watch.patience.is_some_and(|patience| self.waited >= patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stops_after(watch: &Watch, losses: &[f64]) -> (Option<usize>, Best) {
        let mut best = Best::default();
        for (index, &loss) in losses.iter().enumerate() {
            let record = EpochRecord {
                epoch: index + 1,
                step: 0,
                train_loss: loss,
                validation_loss: Some(-loss),
                metrics: [("accuracy".to_owned(), 1.0 - loss / 10.0)].into(),
                learning_rate: 1.0,
                best: false,
                seconds: 0.0,
            };
            best.update(watch, &record);
            if best.is_stale(watch) {
                return (Some(index + 1), best);
            }
        }
        (None, best)
    }

    #[test]
    fn patience_counts_epochs_since_the_best() {
        let watch = Watch::new(Watched::TrainLoss).with_patience(2);
        let (stopped, best) = stops_after(&watch, &[3.0, 2.0, 2.5, 1.0, 1.0, 1.5, 0.1]);
        assert_eq!(stopped, Some(6));
        assert_eq!((best.epoch, best.loss), (Some(4), Some(1.0)));
    }

    #[test]
    fn a_small_gain_counts_only_beyond_the_least_improvement() {
        let watch = Watch { loss: Watched::TrainLoss, patience: Some(3), min_delta: 0.5 };
        let (stopped, best) = stops_after(&watch, &[3.0, 2.8, 2.6, 2.4, 2.2]);
        assert_eq!(stopped, None);
        assert_eq!((best.epoch, best.loss), (Some(4), Some(2.4)));
    }

    #[test]
    fn the_validation_loss_is_another_loss() {
        let watch = Watch::new(Watched::ValidationLoss).with_patience(1);
        assert_eq!(stops_after(&watch, &[1.0, 2.0, 3.0, 2.0]).0, Some(4));
    }

    #[test]
    fn a_metric_is_watched_as_its_goal_says() {
        let of = |goal| Watched::Metric { name: "accuracy".to_owned(), goal };
        let (stopped, best) =
            stops_after(&Watch::new(of(Goal::Highest)).with_patience(2), &[3.0, 2.0, 2.5, 2.5, 0.1]);
        assert_eq!((stopped, best.epoch, best.loss), (Some(4), Some(2), Some(0.8)));
        let (_, best) = stops_after(&Watch::new(of(Goal::Lowest)), &[3.0, 2.0, 2.5, 4.0]);
        assert_eq!(best.epoch, Some(4));
        let small = Watch { min_delta: 0.15, ..Watch::new(of(Goal::Highest)) };
        assert_eq!(stops_after(&small, &[3.0, 2.0, 1.0]).1.epoch, Some(3));
        let none = Watched::Metric { name: "f1".to_owned(), goal: Goal::Highest };
        assert_eq!(stops_after(&Watch::new(none).with_patience(1), &[3.0, 2.0]).0, Some(1));
    }

    #[test]
    fn settings_of_before_still_read() {
        let watch: Watch =
            serde_json::from_str(r#"{"loss":"validation-loss","patience":3,"min_delta":0.0}"#).unwrap();
        assert_eq!(watch, Watch::new(Watched::ValidationLoss).with_patience(3));
        let metric = Watch::new(Watched::Metric { name: "auc".to_owned(), goal: Goal::Highest });
        let text = serde_json::to_string(&metric).unwrap();
        assert_eq!(serde_json::from_str::<Watch>(&text).unwrap(), metric);
    }
}
