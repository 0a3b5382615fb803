//! What the loop asks of a model: a loss for a batch. Everything else, layers and data alike, is the
//! model's own affair.

pub(crate) mod ahead;
pub(crate) mod batches;

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::Tensor;
use recurrent_backend::Seed;

use recurrent_backend::Carry;

/// A model that turns a batch into a loss.
///
/// The same type trains and is evaluated: for training its parameters stand on a device with automatic
/// differentiation (`device.autodiff()`), for evaluation the loop hands out [`Module::valid`].
pub trait Model: Module {
    /// What one step learns from.
    type Batch;
    /// The state carried from batch to batch in truncated backpropagation through time; `()` for none.
    type Carry: Carry;

    /// Computes the loss of a batch. `carry` is what the batch before returned, where this one continues it.
    ///
    /// Everything random in it is drawn from the seed in `pass`, never from a generator with a state of its
    /// own: that is what makes a resumed run equal the unbroken one.
    fn loss(&self, batch: Self::Batch, carry: Option<Self::Carry>, pass: Pass) -> Loss<Self::Carry>;
}

/// What a batch is passed through the model for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// To learn from it: dropout is on.
    Training {
        /// The seed of this step; no two steps have the same.
        seed: Seed,
        /// The step, from 1, counted over the whole run.
        step: u64,
    },
    /// To judge the model: dropout is off.
    Evaluation,
}

impl Pass {
    /// The seed of what is dropped in this pass; none where nothing is. The layers of `recurrent-cells` take it as
    /// `recurrent_cells::Pass::of(pass.seed())`.
    pub fn seed(self) -> Option<Seed> {
        match self {
            Self::Training { seed, .. } => Some(seed),
            Self::Evaluation => None,
        }
    }
}

/// The loss of a batch.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loss<C> {
    /// The mean over the batch, `[1]`.
    pub loss: Tensor<1>,
    /// The number of samples that the mean is over: the weight of this batch in the mean of an epoch.
    pub samples: usize,
    /// The state for the next batch, detached from the graph; `None` where nothing is carried.
    pub carry: Option<C>,
}

impl<C> Loss<C> {
    /// A mean loss, `[1]`, over so many samples, with nothing carried to the next batch.
    pub fn new(loss: Tensor<1>, samples: usize) -> Self {
        Self { loss, samples, carry: None }
    }

    /// Carries a state, detached from the graph, to the next batch; `None` carries nothing.
    pub fn with_carry(self, carry: impl Into<Option<C>>) -> Self {
        Self { carry: carry.into(), ..self }
    }
}

/// What a validation found.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Figures {
    /// The loss, averaged over the validation samples.
    pub loss: f64,
    /// Further figures by name. One that is not a finite number is left out of the records.
    pub metrics: BTreeMap<String, f64>,
}

impl Figures {
    /// A loss alone.
    pub fn new(loss: f64) -> Self {
        Self { loss, metrics: BTreeMap::new() }
    }

    /// With one figure more.
    pub fn with_metric(mut self, name: impl Into<String>, value: f64) -> Self {
        self.metrics.insert(name.into(), value);
        self
    }
}

impl From<f64> for Figures {
    fn from(loss: f64) -> Self {
        Self::new(loss)
    }
}

/// Computes the mean loss of a model over some batches, weighted by their samples, without dropout. What the
/// model carries is handed from each batch to the next. `None` without any sample.
pub fn mean_loss<M: Model>(model: &M, batches: impl IntoIterator<Item = M::Batch>) -> Option<f64> {
    let (mut sum, mut samples, mut carry) = (0.0, 0, None);
    for batch in batches {
        let loss = model.loss(batch, carry, Pass::Evaluation);
        sum += loss.loss.into_scalar::<f32>() as f64 * loss.samples as f64;
        samples += loss.samples;
        carry = loss.carry;
    }
    (samples > 0).then(|| sum / samples as f64)
}
