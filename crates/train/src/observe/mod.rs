//! What watches a training run: one trait, and the records it is handed.
//!
//! Progress bars, metric files, TensorBoard events, samplers and a user's own code all hang on the loop
//! through [`Observer`]; the loop itself draws and prints nothing.

pub(crate) mod interval;
pub(crate) mod metrics;
#[cfg(feature = "progress")]
pub(crate) mod progress;
#[cfg(feature = "tensorboard")]
pub(crate) mod tensorboard;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use recurrent_backend::NamedTensors;

/// Watches a training run. Every method has an empty default, so an observer writes only what it needs.
///
/// The loop calls the observers in the order in which they were added. An error ends the run; resumed, it
/// goes on from its last checkpoint, so that no observer misses a record.
pub trait Observer {
    /// Called once, before the first step of a run or of its resumption.
    fn on_start(&mut self, _start: &Start) -> Result<(), Error> {
        Ok(())
    }

    /// Called after each training step.
    fn on_step(&mut self, _step: &StepRecord) -> Result<(), Error> {
        Ok(())
    }

    /// Says whether [`on_tensors`](Self::on_tensors) is to be called after a step, from 1. The loop asks before,
    /// since it costs time to read all numbers of a model from its device.
    fn wants_tensors(&self, _step: u64) -> bool {
        false
    }

    /// Called after [`on_step`](Self::on_step) where [`wants_tensors`](Self::wants_tensors) has asked for it.
    fn on_tensors(&mut self, _step: &StepRecord, _tensors: &StepTensors) -> Result<(), Error> {
        Ok(())
    }

    /// Called after each epoch, validation included.
    fn on_epoch(&mut self, _epoch: &EpochRecord) -> Result<(), Error> {
        Ok(())
    }

    /// Called once, after the last step, however the run ended.
    fn on_end(&mut self, _end: &End) -> Result<(), Error> {
        Ok(())
    }
}

/// What is known when a run starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Start {
    /// The number of epochs asked for.
    pub epochs: usize,
    /// Training steps in one epoch.
    pub steps_per_epoch: usize,
    /// The number of steps already done, when the run continues from a checkpoint; 0 for a new run.
    /// Records of later steps, left by work that was lost, are to be dropped.
    pub steps_done: u64,
    /// The number of whole epochs already done; 0 for a new run. Records of later epochs are to be dropped
    /// as well: a run can stop after the last step of an epoch and before its validation.
    pub epochs_done: usize,
}

impl Start {
    /// The start of a new run.
    pub fn new(epochs: usize, steps_per_epoch: usize) -> Self {
        Self { epochs, steps_per_epoch, steps_done: 0, epochs_done: 0 }
    }
}

/// One training step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StepRecord {
    /// The epoch, from 1.
    pub epoch: usize,
    /// The step, from 1, counted over the whole run.
    pub step: u64,
    /// The step within its epoch, from 1.
    pub step_in_epoch: usize,
    /// The loss of this batch.
    pub loss: f64,
    /// The learning rate of this step.
    pub learning_rate: f64,
    /// The global norm of the gradients before clipping, where clipping computes it.
    pub gradient_norm: Option<f64>,
    /// Seconds that the step took.
    pub seconds: f64,
}

impl StepRecord {
    /// A step of which only the loss is known.
    pub fn new(epoch: usize, step: u64, step_in_epoch: usize, loss: f64) -> Self {
        Self { epoch, step, step_in_epoch, loss, learning_rate: 0.0, gradient_norm: None, seconds: 0.0 }
    }
}

/// What a step has done to the parameters, each under the path that leads to it, such as `rnn.kernel`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StepTensors {
    /// The parameters after the step.
    pub weights: NamedTensors,
    /// The gradients that the step followed, before clipping, of the parameters that have one.
    pub gradients: NamedTensors,
}

/// One epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EpochRecord {
    /// The epoch, from 1.
    pub epoch: usize,
    /// The number of steps done in the whole run.
    pub step: u64,
    /// The training loss averaged over the samples of the epoch, dropout on.
    pub train_loss: f64,
    /// The validation loss averaged over its samples, dropout off.
    pub validation_loss: Option<f64>,
    /// Further figures of the validation, by name.
    pub metrics: BTreeMap<String, f64>,
    /// The learning rate of the last step.
    pub learning_rate: f64,
    /// Whether the watched loss is the best so far.
    pub best: bool,
    /// Seconds that the epoch took, validation included.
    pub seconds: f64,
}

impl EpochRecord {
    /// An epoch of which only the training loss is known.
    pub fn new(epoch: usize, step: u64, train_loss: f64) -> Self {
        Self {
            epoch,
            step,
            train_loss,
            validation_loss: None,
            metrics: BTreeMap::new(),
            learning_rate: 0.0,
            best: false,
            seconds: 0.0,
        }
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct End {
    /// Why it ended.
    pub stopped: Stopped,
    /// The number of whole epochs done.
    pub epochs_run: usize,
    /// The number of steps done.
    pub steps_run: u64,
    /// The epoch with the best watched loss, from 1; `None` before the first.
    pub best_epoch: Option<usize>,
    /// The best watched loss.
    pub best_loss: Option<f64>,
}

impl End {
    /// The end of a run in which nothing was watched.
    pub fn new(stopped: Stopped, epochs_run: usize, steps_run: u64) -> Self {
        Self { stopped, epochs_run, steps_run, best_epoch: None, best_loss: None }
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stopped {
    /// All epochs were done.
    Epochs,
    /// The watched loss did not improve for the whole patience.
    Early,
    /// The number of steps asked for was done.
    Steps,
    /// The user asked for it.
    Interrupted,
}
