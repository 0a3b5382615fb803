//! The update rules, one parameter at a time. Adam's are Burn's, and so is RMSprop with momentum or centring; on the CPU all but
//! that last one update a parameter [`in_place`]. Their state is kept by the parameter's path, so that another process can take it
//! up.

mod adam;
pub(crate) mod clip;
pub(crate) mod flat;
mod in_place;
mod rms_prop;

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, Param};
use burn::optim::{DynOptimizer, DynState, GradientsParams, RmsPropConfig, StateSink, StateSource};
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::weights::parameters::{self, Path, Shapes};
use adam::Adam;
use recurrent_backend::NamedTensors;
use rms_prop::{Epsilon, RmsProp};

/// An update rule and its constants.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Optimiser {
    /// RMSprop (Hinton 2012): the gradient divided by the root of a running mean of its square,
    /// `p -= rate * g / (sqrt(v) + epsilon)`, as in PyTorch.
    RmsProp {
        /// What the running means keep at each step.
        rho: f64,
        /// Added to the root.
        epsilon: f64,
        /// What the running sum of updates keeps; 0 for none.
        momentum: f64,
        /// Whether the running mean of the gradient is subtracted, so that the variance takes the place of
        /// the mean square.
        centred: bool,
    },
    /// RMSprop with epsilon under the root, `p -= rate * g / sqrt(v + epsilon)`, as in Keras 3. The difference shows where
    /// gradients are not much larger than the root of epsilon: their updates are smaller.
    KerasRmsProp {
        /// What the running means keep at each step.
        rho: f64,
        /// Added under the root.
        epsilon: f64,
    },
    /// Adam (Kingma and Ba 2015).
    Adam {
        /// What the running mean of the gradient keeps.
        beta_1: f64,
        /// What the running mean of its square keeps.
        beta_2: f64,
        /// Added to the root.
        epsilon: f64,
    },
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
    AdamW {
        /// What the running mean of the gradient keeps.
        beta_1: f64,
        /// What the running mean of its square keeps.
        beta_2: f64,
        /// Added to the root.
        epsilon: f64,
        /// The part of each weight, times the learning rate, that a step takes away.
        weight_decay: f64,
    },
}

impl Optimiser {
    /// RMSprop with rho 0.9 and epsilon 1e-8, without momentum.
    pub fn rms_prop() -> Self {
        Self::RmsProp { rho: 0.9, epsilon: 1e-8, momentum: 0.0, centred: false }
    }

    /// Keras 3's RMSprop with rho 0.9 and epsilon 1e-8.
    pub fn keras_rms_prop() -> Self {
        Self::KerasRmsProp { rho: 0.9, epsilon: 1e-8 }
    }

    /// Adam with betas 0.9 and 0.999 and epsilon 1e-8.
    pub fn adam() -> Self {
        Self::Adam { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 }
    }

    /// AdamW with the constants of [`adam`](Self::adam).
    pub fn adam_w(weight_decay: f64) -> Self {
        Self::AdamW { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, weight_decay }
    }

    /// Says what is wrong with the constants, if something is.
    pub(crate) fn problem(self) -> Option<String> {
        let (fractions, epsilon, decay) = match self {
            Self::RmsProp { rho, epsilon, momentum, .. } => {
                (vec![("rho", rho), ("a momentum", momentum)], epsilon, 0.0)
            }
            Self::KerasRmsProp { rho, epsilon } => (vec![("rho", rho)], epsilon, 0.0),
            Self::Adam { beta_1, beta_2, epsilon } => {
                (vec![("beta_1", beta_1), ("beta_2", beta_2)], epsilon, 0.0)
            }
            Self::AdamW { beta_1, beta_2, epsilon, weight_decay } => {
                (vec![("beta_1", beta_1), ("beta_2", beta_2)], epsilon, weight_decay)
            }
        };
        if let Some((name, value)) = fractions.into_iter().find(|(_, value)| !(0.0..1.0).contains(value)) {
            return Some(format!("{name} of {value}; expected 0 up to, but not, 1"));
        }
        if !(epsilon.is_finite() && epsilon >= 0.0) {
            return Some(format!("an epsilon of {epsilon}; expected 0 or more"));
        }
        if !(decay.is_finite() && decay >= 0.0) {
            return Some(format!("a weight decay of {decay}; expected 0 or more"));
        }
        None
    }

    fn build(self) -> Box<dyn DynOptimizer> {
        match self {
            Self::RmsProp { rho, epsilon, momentum: 0.0, centred: false } => {
                Box::new(RmsProp::new(rho, epsilon, Epsilon::BesideTheRoot))
            }
            Self::RmsProp { rho, epsilon, momentum, centred } => Box::new(
                RmsPropConfig::new()
                    .with_alpha(rho as f32)
                    .with_epsilon(epsilon as f32)
                    .with_momentum(momentum as f32)
                    .with_centered(centred)
                    .build(),
            ),
            Self::KerasRmsProp { rho, epsilon } => {
                Box::new(RmsProp::new(rho, epsilon, Epsilon::UnderTheRoot))
            }
            Self::Adam { beta_1, beta_2, epsilon } => Box::new(Adam::new(beta_1, beta_2, epsilon, 0.0)),
            Self::AdamW { beta_1, beta_2, epsilon, weight_decay } => {
                Box::new(Adam::new(beta_1, beta_2, epsilon, weight_decay))
            }
        }
    }
}

/// An update rule at work: with the state of every parameter that had a gradient so far. [`Training`](crate::Training)
/// has one; a loop of your own can have one, too.
///
/// On the CPU a step goes once over each parameter, on all threads, where Burn's rules are a dozen operations on one thread;
/// RMSprop with momentum or centring is still that.
///
/// ```
/// use burn::{nn::LinearConfig, optim::GradientsParams, tensor::Tensor};
/// use recurrent_backend::BackendKind;
/// use recurrent_train::{Optimisation, Optimiser};
///
/// let device = BackendKind::Flex.open()?.autodiff();
/// let mut model = LinearConfig::new(3, 1).init(&device);
/// let mut optimisation = Optimisation::new(Optimiser::adam());
/// let inputs = Tensor::<2>::ones([8, 3], &device);
/// // Far from where any draw of the parameters begins, so that ten small updates cannot go past it.
/// let loss = |model: &burn::nn::Linear| (model.forward(inputs.clone()) - 10.0).square().mean();
/// let before = loss(&model).into_scalar::<f32>();
/// for _ in 0..10 {
///     let gradients = GradientsParams::from_grads(loss(&model).backward(), &model);
///     model = optimisation.step(0.01, model, gradients);
/// }
/// assert!(loss(&model).into_scalar::<f32>() < before);
/// # Ok::<(), recurrent_backend::OpenError>(())
/// ```
pub struct Optimisation {
    rule: Box<dyn DynOptimizer>,
    states: BTreeMap<String, DynState>,
}

impl Optimisation {
    /// A rule that has not seen a gradient.
    ///
    /// # Panics
    /// A constant is out of its range: of the shares that running means keep, 0 up to, but not, 1; of epsilon and the weight
    /// decay, 0 or more.
    pub fn new(optimiser: Optimiser) -> Self {
        if let Some(problem) = optimiser.problem() {
            panic!("{problem}");
        }
        Self { rule: optimiser.build(), states: BTreeMap::new() }
    }

    /// Updates the parameters that have a gradient.
    pub fn step<M: Module>(&mut self, learning_rate: f64, module: M, gradients: GradientsParams) -> M {
        module.map(&mut Update { optimisation: self, learning_rate, gradients, path: Path::default() })
    }

    /// The state of every parameter as tensors by name, to be kept beside the weights by a loop of your own.
    ///
    /// # Errors
    /// The rule keeps something that is neither a tensor nor a whole number; none of those here does.
    pub fn state(&self) -> Result<NamedTensors, Error> {
        self.to_tensors().map_err(Error::Setting)
    }

    /// Takes up what [`state`](Self::state) gave, for a module of the same parameters: the next step is then that of the rule which
    /// gave it, to the bit.
    ///
    /// # Errors
    /// The state is of another rule or of other parameters.
    pub fn restore_state<M: Module>(&mut self, state: NamedTensors, module: &M) -> Result<(), Error> {
        let own = parameters::parameters(module);
        let device = module.devices().into_iter().next().unwrap_or_default().inner();
        self.restore(state, &parameters::shapes(&own), &device).map_err(Error::Setting)
    }

    /// Writes the state as tensors; whole numbers, such as Adam's count of steps, become single `i64`s.
    pub(crate) fn to_tensors(&self) -> Result<NamedTensors, String> {
        let mut sink = StateSink::default();
        for (path, state) in &self.states {
            self.rule.state_flatten(path, state, &mut sink);
        }
        let scalars = sink.scalars.into_iter().map(|(name, scalar)| {
            let number = i64::try_from(scalar).map_err(|_| format!("`{name}` is no whole number"))?;
            Ok((name, TensorData::from([number])))
        });
        sink.tensors.into_iter().map(Ok).chain(scalars).collect()
    }

    /// Takes up the state that [`to_tensors`](Self::to_tensors) wrote, for a model of the given parameters.
    pub(crate) fn restore(
        &mut self,
        tensors: NamedTensors,
        model: &Shapes,
        device: &Device,
    ) -> Result<(), String> {
        let mut scalars = BTreeMap::new();
        let mut arrays = Vec::new();
        let mut ranks = BTreeMap::new();
        let names: Vec<_> = tensors.keys().cloned().collect();
        for (name, data) in tensors {
            let owner = model.iter().find(|(path, _)| is_under(&name, path));
            let (path, shape) =
                owner.ok_or_else(|| format!("`{name}` belongs to no parameter of the model"))?;
            ranks.insert(path, shape.len());
            if let Ok([number]) = data.as_slice::<i64>() {
                scalars.insert(name, (*number).into());
            } else if data.shape().as_slice() == shape.as_slice() && data.dtype().is_float() {
                arrays.push((name, data));
            } else {
                let (found, kind) = (data.shape().as_slice(), data.dtype().name());
                return Err(format!(
                    "`{name}` holds {kind} of shape {found:?}, expected floating-point numbers of {shape:?}"
                ));
            }
        }
        let mut source = StateSource::new(scalars);
        for (name, data) in arrays {
            source.insert_tensor(name, data);
        }
        let states: Result<BTreeMap<_, _>, String> = ranks
            .into_iter()
            .map(|(path, rank)| {
                let state = self.rule.state_unflatten(rank, path, &mut source, device);
                let state =
                    state.ok_or_else(|| format!("the optimiser's state of `{path}` is incomplete"))?;
                Ok((path.clone(), state))
            })
            .collect();
        self.states = states?;
        // Another rule's state can hold all that this one asks for and more.
        let own = self.to_tensors()?;
        match names.iter().find(|name| !own.contains_key(*name)) {
            Some(name) => Err(format!("`{name}` is no part of this optimiser's state")),
            None => Ok(()),
        }
    }
}

/// Maps each parameter to its updated value. The update runs without recording gradients; afterwards the
/// parameter records them as before.
struct Update<'a> {
    optimisation: &'a mut Optimisation,
    learning_rate: f64,
    gradients: GradientsParams,
    path: Path,
}

impl ModuleMapper for Update<'_> {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.enter(name, container);
    }

    fn exit_module(&mut self, _name: &str, container: &str) {
        self.path.exit(container);
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(gradient) = self.gradients.remove::<D>(param.id) else { return param };
        let path = self.path.name();
        let state = self.optimisation.states.remove(&path);
        let (id, tensor, mapper) = param.consume();
        let strategy = tensor.gradient_checkpointing_strategy();
        let (updated, state) = self.optimisation.rule.step_dyn(
            D,
            self.learning_rate,
            tensor.inner().into_bridge(),
            gradient.into_bridge(),
            state,
        );
        if let Some(state) = state {
            self.optimisation.states.insert(path, state);
        }
        let mut updated = Tensor::<D>::from_bridge(updated).autodiff();
        if let Some(strategy) = strategy {
            updated = updated.with_gradient_checkpointing_strategy(strategy);
        }
        Param::from_mapped_value(id, updated.require_grad(), mapper)
    }
}

fn is_under(name: &str, path: &str) -> bool {
    name.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
}
