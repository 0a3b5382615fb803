//! TensorBoard event files, which `tensorboard --logdir` shows: figures of steps and epochs, the model's graph,
//! histograms of weights and gradients, the settings of the run, and what others write beside it.
//!
//! An event file is a sequence of framed records (`record`), each a protobuf message (`event`). A resumed run writes
//! a further file, which tells TensorBoard from where to replace the older ones. Pictures are not made here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use prost::Message;
use recurrent_report::ModelSummary;

use crate::error::Error;
use crate::observe::interval::Interval;
use crate::observe::{End, EpochRecord, Observer, Start, StepRecord, StepTensors, Stopped};
use crate::run::settings::Setting;

pub(crate) mod board;
mod event;
mod graph;
mod histogram;
mod hparams;
mod record;

use board::{Board, Kind, now};
use event::{Event, Value, What};
use graph::GraphDef;

/// Writes TensorBoard event files into a folder.
///
/// | tag | when | what |
/// |---|---|---|
/// | `train/loss`, `train/learning_rate` | each epoch | mean training loss, last learning rate |
/// | `validation/loss`, `validation/NAME` | each epoch | validation loss and further figures |
/// | `step/loss`, `step/learning_rate`, `step/gradient_norm` | steps at the interval | of that step |
/// | `weights/PATH`, `gradients/PATH` | steps of [`with_histograms`](Self::with_histograms) | how the numbers of each parameter are spread |
///
/// The horizontal axis is the step for all of them. A figure that is not finite is written as it is, and
/// TensorBoard marks it.
#[derive(Debug)]
pub struct TensorBoard {
    board: Board,
    steps: Interval,
    histograms: Interval,
    graph: Option<GraphDef>,
    settings: BTreeMap<String, Setting>,
}

impl TensorBoard {
    /// Will write to `folder`, which is made where it is missing, with the scalars of each step that `steps` makes due.
    pub fn new(folder: impl Into<PathBuf>, steps: Interval) -> Self {
        Self {
            board: Board::closed(folder.into()),
            steps,
            histograms: Interval::NEVER,
            graph: None,
            settings: BTreeMap::new(),
        }
    }

    /// With histograms of all weights after each step that is due, and of the gradients that led there, before
    /// clipping. Such a step waits until all of them have been read from their device.
    pub fn with_histograms(self, due: Interval) -> Self {
        Self { histograms: due, ..self }
    }

    /// With the layers of the model as a graph, for the page Graphs.
    pub fn with_graph(self, model: &ModelSummary) -> Self {
        Self { graph: Some(graph::graph(model)), ..self }
    }

    /// With the settings of the run, for the page HPARAMS; texts of more than 80 bytes are left out.
    pub fn with_settings(self, settings: BTreeMap<String, Setting>) -> Self {
        Self { settings, ..self }
    }

    /// A handle for others that have something to show while the run goes on.
    pub fn board(&self) -> Board {
        self.board.clone()
    }

    /// What a run begins with. TensorBoard wants it once, so that resuming does not repeat it.
    fn beginning(&self) -> Vec<Event> {
        let graph = self.graph.as_ref().map(|graph| Event {
            wall_time: now(),
            step: 0,
            what: Some(What::Graph(graph.encode_to_vec())),
        });
        let settings = (!self.settings.is_empty())
            .then(|| Event::summary(now(), 0, vec![hparams::start(now(), &self.settings)]));
        graph.into_iter().chain(settings).collect()
    }
}

impl Observer for TensorBoard {
    fn on_start(&mut self, start: &Start) -> Result<(), Error> {
        let is_first = self.board.begin(Kind::Training)?;
        // TensorBoard drops what earlier files hold from the step of this second event on.
        let restart = i64::try_from(start.steps_done).unwrap_or(i64::MAX).saturating_add(1);
        self.board.write(&[Event::restart(now(), restart)])?;
        if is_first { self.board.write(&self.beginning()) } else { Ok(()) }
    }

    fn on_step(&mut self, step: &StepRecord) -> Result<(), Error> {
        if !self.steps.is_due(step.step) {
            return Ok(());
        }
        let mut scalars = vec![("step/loss", step.loss), ("step/learning_rate", step.learning_rate)];
        scalars.extend(step.gradient_norm.map(|norm| ("step/gradient_norm", norm)));
        self.board.scalars(step.step, scalars)
    }

    fn wants_tensors(&self, step: u64) -> bool {
        self.histograms.is_due(step)
    }

    fn on_tensors(&mut self, step: &StepRecord, tensors: &StepTensors) -> Result<(), Error> {
        let StepTensors { weights, gradients } = tensors;
        let values =
            [("weights", weights), ("gradients", gradients)].into_iter().flat_map(|(kind, tensors)| {
                let value =
                    move |(path, data)| Value::histogram(format!("{kind}/{path}"), &histogram::buckets(data));
                tensors.iter().map(value)
            });
        self.board.show(step.step, values.collect())
    }

    fn on_epoch(&mut self, epoch: &EpochRecord) -> Result<(), Error> {
        let mut scalars = vec![
            ("train/loss".to_owned(), epoch.train_loss),
            ("train/learning_rate".to_owned(), epoch.learning_rate),
        ];
        scalars.extend(epoch.validation_loss.map(|loss| ("validation/loss".to_owned(), loss)));
        scalars.extend(epoch.metrics.iter().map(|(name, value)| (format!("validation/{name}"), *value)));
        self.board.scalars(epoch.step, scalars)
    }

    fn on_end(&mut self, end: &End) -> Result<(), Error> {
        // TensorBoard believes the first end that it reads, so a run that is likely to go on has none.
        if matches!(end.stopped, Stopped::Epochs | Stopped::Early) && !self.settings.is_empty() {
            self.board.show(end.steps_run, vec![hparams::end(now())])?;
        }
        self.board.end()
    }
}

#[cfg(test)]
mod tests;
