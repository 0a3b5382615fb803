//! What a run is made of, put together step by step, and what comes out of it.

mod alike;
mod divergence;
pub(crate) mod interrupt;
mod sharded;
mod train_loop;

use std::path::PathBuf;

use crate::config::TrainConfig;
use crate::error::Error;
use crate::model::batches::Batches;
use crate::model::{Figures, Model};
use crate::observe::interval::Interval;
use crate::observe::{End, EpochRecord, Observer, StepRecord};
use crate::ranks::group::Group;
use crate::run::RunFolder;
use crate::training::interrupt::Interrupt;

/// A training run, before it starts.
///
/// ```
/// use burn::module::{Module, Param};
/// use burn::tensor::Tensor;
/// use recurrent_backend::BackendKind;
/// use recurrent_train::{Batches, Loss, Model, Optimiser, Pass, TrainConfig, Training};
///
/// /// A line through the origin.
/// #[derive(Module, Debug)]
/// struct Line {
///     slope: Param<Tensor<1>>,
/// }
///
/// impl Model for Line {
///     type Batch = (Tensor<1>, Tensor<1>);
///     type Carry = ();
///
///     fn loss(&self, (x, y): Self::Batch, _carry: Option<()>, _pass: Pass) -> Loss<()> {
///         let samples = x.dims()[0];
///         let loss = (x * self.slope.val() - y).square().mean();
///         Loss::new(loss, samples)
///     }
/// }
///
/// struct Points(burn::tensor::Device);
///
/// impl Batches for Points {
///     type Batch = (Tensor<1>, Tensor<1>);
///
///     fn steps_per_epoch(&self) -> usize {
///         1
///     }
///
///     fn batch(&self, _epoch: usize, _step: usize) -> Self::Batch {
///         let x = Tensor::from_data([1.0f32, 2.0, 3.0], &self.0);
///         (x.clone(), x * 2.0)
///     }
/// }
///
/// let device = BackendKind::Flex.open()?.autodiff();
/// let line = Line { slope: Param::from_data([0.0f32], &device) };
/// let config = TrainConfig::new(300, Optimiser::adam(), 0.05);
/// let outcome = Training::new(&config, &Points(device)).run(line)?;
/// assert!((outcome.model.slope.val().into_scalar::<f32>() - 2.0).abs() < 0.01);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Training<'a, M: Model, B: Batches<Batch = M::Batch>> {
    pub(crate) config: &'a TrainConfig,
    pub(crate) batches: &'a B,
    pub(crate) validation: Option<Validation<'a, M>>,
    pub(crate) sampler: Option<Sampler<'a, M>>,
    pub(crate) step_sampler: Option<(Interval, StepSampler<'a, M>)>,
    pub(crate) observers: Vec<&'a mut dyn Observer>,
    pub(crate) folder: Option<&'a RunFolder>,
    pub(crate) architecture: String,
    pub(crate) interrupt: Interrupt,
    pub(crate) group: Group,
}

pub(crate) type Validation<'a, M> = Box<dyn FnMut(&M) -> Result<Figures, Error> + 'a>;
pub(crate) type Sampler<'a, M> = Box<dyn FnMut(&M, &EpochRecord) -> Result<(), Error> + 'a>;
pub(crate) type StepSampler<'a, M> = Box<dyn FnMut(&M, &StepRecord) -> Result<(), Error> + 'a>;

/// What comes out of a run.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome<M> {
    /// The model, without automatic differentiation: with the weights of the best epoch where a loss is
    /// watched, else with the last.
    pub model: M,
    /// The record of every whole epoch, those before a resumption included.
    pub history: Vec<EpochRecord>,
    /// How the run ended.
    pub end: End,
    /// The file of the model's weights; `None` for a run without a folder.
    pub weights: Option<PathBuf>,
}

impl<M> Outcome<M> {
    /// The outcome of a run that was stopped before its first step.
    pub fn not_begun(model: M, end: End) -> Self {
        Self { model, history: Vec::new(), end, weights: None }
    }
}

impl<'a, M: Model, B: Batches<Batch = M::Batch>> Training<'a, M, B> {
    /// A run that trains, and nothing more.
    pub fn new(config: &'a TrainConfig, batches: &'a B) -> Self {
        Self {
            config,
            batches,
            validation: None,
            sampler: None,
            step_sampler: None,
            observers: Vec::new(),
            folder: None,
            architecture: String::new(),
            interrupt: Interrupt::default(),
            group: Group::default(),
        }
    }

    /// Judges the model after each epoch, on a copy without automatic differentiation. See
    /// [`mean_loss`](crate::mean_loss).
    pub fn with_validation(self, validation: impl FnMut(&M) -> Result<Figures, Error> + 'a) -> Self {
        Self { validation: Some(Box::new(validation)), ..self }
    }

    /// Shows the model, after each epoch, to something that uses it: to write a sample, say. It is called
    /// after the observers.
    pub fn with_sampler(self, sampler: impl FnMut(&M, &EpochRecord) -> Result<(), Error> + 'a) -> Self {
        Self { sampler: Some(Box::new(sampler)), ..self }
    }

    /// Shows the model to something that uses it after each step that is due, on a copy without automatic differentiation. It
    /// is called after the observers.
    pub fn with_step_sampler(
        self,
        due: Interval,
        sampler: impl FnMut(&M, &StepRecord) -> Result<(), Error> + 'a,
    ) -> Self {
        Self { step_sampler: Some((due, Box::new(sampler))), ..self }
    }

    /// Adds an observer; they are called in the order in which they were added.
    pub fn with_observer(mut self, observer: &'a mut dyn Observer) -> Self {
        self.observers.push(observer);
        self
    }

    /// Keeps checkpoints in a run's folder, and continues from the last one there. `architecture` is the
    /// model in the program's words, for the description of model files.
    pub fn in_folder(self, folder: &'a RunFolder, architecture: impl Into<String>) -> Self {
        Self { folder: Some(folder), architecture: architecture.into(), ..self }
    }

    /// Lets someone else stop the run.
    pub fn with_interrupt(self, interrupt: Interrupt) -> Self {
        Self { interrupt, ..self }
    }

    /// Trains together with the other ranks of a group, each of which calls it for the same run. The shards of every batch are
    /// shared out among them; all else is computed by each alike, so that all have the same model, history and end, and their bits
    /// are those of one process with as many shards.
    ///
    /// The first rank alone has observers, calls samplers and writes into the run's folder. The others have folders of their own, which
    /// may be empty: what the run goes on from is sent to them.
    ///
    /// A request to stop of any rank stops all; the failure of one ends the others with [`Error::Rank`].
    pub fn with_group(self, group: Group) -> Self {
        Self { group, ..self }
    }
}
