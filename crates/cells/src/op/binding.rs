//! Binds the kernel to Burn: how Flex and NdArray lend their tensors as slices, and the op's place in the
//! graph of automatic differentiation.

use std::{borrow::Cow, sync::Arc};

use burn::{
    backend::{Backend, TensorMetadata, backend_extension, tensor::FloatTensor},
    tensor::TensorData,
};
use burn_autodiff::{
    Autodiff,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, Ops, OpsKind},
};

use super::kernel::{self, Dropout, Features, Gains, Operands, Order, Saved, Sizes, Source, Wanted};
use crate::{
    cell::{Cell, Direction},
    zoneout::Zoneout,
};

/// What a sequence is, beside its tensors.
#[derive(Clone, Debug)]
pub struct Setting {
    pub(super) cell: Cell,
    pub(super) direction: Direction,
    pub(super) time: usize,
    pub(super) batch: usize,
    pub(super) source: HostSource,
    /// Whether there are gains: those of the LSTM's recurrent product, its memory's gain and its bias, one after the other.
    pub(super) normalizes: bool,
    pub(super) dropout: Option<Arc<[f32]>>,
    pub(super) zoneout: Zoneout,
    pub(super) mask: Option<Arc<[bool]>>,
}

/// Where the input is.
#[derive(Clone, Debug)]
pub enum HostSource {
    /// In the input tensor, and what it is multiplied with at every step.
    Dense { dropout: Option<Arc<[f32]>> },
    /// Its part of the sums is in the input tensor, with the bias; kernel and bias are unused.
    Sums,
    /// Here; the input tensor is unused.
    Tokens { places: Arc<[usize]>, scale: Option<Arc<[f32]>> },
}

/// The op as Burn sees it.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub trait SequenceOps: Backend {
    /// See the tensors of [`super::Sequence`]; returns the bundle of outputs and last memory.
    fn sequence(
        input: FloatTensor<Self>,
        kernel: FloatTensor<Self>,
        recurrent: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        state: FloatTensor<Self>,
        gains: FloatTensor<Self>,
        setting: Setting,
    ) -> FloatTensor<Self>;
}

/// A backend whose tensors lie in main memory.
pub(super) trait HostBackend: Backend {
    /// The same tensor with its numbers in row-major order; copied only where they lie otherwise.
    fn in_order(tensor: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The numbers of a tensor in row-major order; copied only where they lie otherwise.
    fn floats(tensor: &FloatTensor<Self>) -> Cow<'_, [f32]>;

    /// The numbers of a `[time, batch, ...]` tensor that lie by steps or by sequences; nothing, where they lie otherwise.
    fn lying(tensor: &FloatTensor<Self>) -> Option<(&[f32], Order)>;

    /// The tensor's numbers in row-major order, to be changed in place; the tensor, where something else may hold them or they
    /// lie in another order.
    fn unshared(tensor: FloatTensor<Self>) -> Result<TensorData, FloatTensor<Self>>;

    /// A tensor of these numbers.
    fn tensor(data: TensorData) -> FloatTensor<Self>;
}

#[cfg(feature = "flex")]
impl HostBackend for burn_flex::Flex {
    fn in_order(tensor: FloatTensor<Self>) -> FloatTensor<Self> {
        if tensor.as_slice::<f32>().is_some() { tensor } else { tensor.to_contiguous() }
    }

    fn floats(tensor: &FloatTensor<Self>) -> Cow<'_, [f32]> {
        match tensor.as_slice() {
            Some(slice) => Cow::Borrowed(slice),
            None => {
                let tensor = tensor.to_contiguous();
                Cow::Owned(tensor.as_slice::<f32>().expect("the layers compute in 32-bit floats").to_vec())
            }
        }
    }

    fn lying(tensor: &FloatTensor<Self>) -> Option<(&[f32], Order)> {
        let by = |order: Order| {
            let layout = match order {
                Order::Steps => tensor.layout().clone(),
                Order::Sequences => tensor.layout().transpose(0, 1),
            };
            layout.contiguous_offsets().map(|(start, end)| (&tensor.storage::<f32>()[start..end], order))
        };
        if tensor.dtype() != burn::tensor::DType::F32 {
            return None;
        }
        by(Order::Steps).or_else(|| by(Order::Sequences))
    }

    fn unshared(tensor: FloatTensor<Self>) -> Result<TensorData, FloatTensor<Self>> {
        if tensor.is_unique() && tensor.is_contiguous() { Ok(tensor.into_data()) } else { Err(tensor) }
    }

    fn tensor(data: TensorData) -> FloatTensor<Self> {
        burn_flex::FlexTensor::from_data(data)
    }
}

#[cfg(feature = "ndarray")]
impl HostBackend for burn_ndarray::NdArray {
    fn in_order(tensor: FloatTensor<Self>) -> FloatTensor<Self> {
        let shape = tensor.shape();
        let copy = match Self::floats(&tensor) {
            Cow::Borrowed(_) => None,
            Cow::Owned(floats) => Some(floats),
        };
        copy.map_or(tensor, |floats| Self::tensor(TensorData::new(floats, shape)))
    }

    fn floats(tensor: &FloatTensor<Self>) -> Cow<'_, [f32]> {
        use burn_ndarray::NdArrayTensor;
        match tensor {
            NdArrayTensor::F32(storage) => match storage.view().to_slice() {
                Some(slice) => Cow::Borrowed(slice),
                None => Cow::Owned(storage.view().iter().copied().collect()),
            },
            other => panic!("the layers compute in 32-bit floats, not {:?}", other.dtype()),
        }
    }

    fn lying(tensor: &FloatTensor<Self>) -> Option<(&[f32], Order)> {
        let burn_ndarray::NdArrayTensor::F32(storage) = tensor else { return None };
        let steps = storage.view();
        let mut sequences = steps.clone();
        sequences.swap_axes(0, 1);
        let steps = steps.to_slice().map(|numbers| (numbers, Order::Steps));
        steps.or_else(|| sequences.to_slice().map(|numbers| (numbers, Order::Sequences)))
    }

    fn unshared(tensor: FloatTensor<Self>) -> Result<TensorData, FloatTensor<Self>> {
        // NdArray keeps to itself whether it holds the numbers alone.
        Err(tensor)
    }

    fn tensor(data: TensorData) -> FloatTensor<Self> {
        burn_ndarray::NdArrayTensor::from_data(data)
    }
}

macro_rules! sequence_by_kernel {
    ($feature:literal, $backend:ty) => {
        #[cfg(feature = $feature)]
        impl SequenceOps for $backend {
            fn sequence(
                input: FloatTensor<Self>,
                kernel: FloatTensor<Self>,
                recurrent: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                state: FloatTensor<Self>,
                gains: FloatTensor<Self>,
                setting: Setting,
            ) -> FloatTensor<Self> {
                Tensors::<Self> { input, kernel, recurrent, bias, state, gains }.forward(&setting).0
            }
        }
    };
}
sequence_by_kernel!("flex", burn_flex::Flex);
sequence_by_kernel!("ndarray", burn_ndarray::NdArray);

/// The tensors of one sequence.
#[derive(Debug)]
struct Tensors<B: Backend> {
    input: FloatTensor<B>,
    kernel: FloatTensor<B>,
    recurrent: FloatTensor<B>,
    bias: FloatTensor<B>,
    state: FloatTensor<B>,
    gains: FloatTensor<B>,
}

// Written out: the derive would ask for `B: Clone`, of which there is no need.
impl<B: Backend> Clone for Tensors<B> {
    fn clone(&self) -> Self {
        Self {
            input: self.input.clone(),
            kernel: self.kernel.clone(),
            recurrent: self.recurrent.clone(),
            bias: self.bias.clone(),
            state: self.state.clone(),
            gains: self.gains.clone(),
        }
    }
}

impl<B: HostBackend> Tensors<B> {
    fn forward(&self, setting: &Setting) -> (FloatTensor<B>, Saved) {
        self.lend(setting, |operands| {
            let forward = kernel::forward(operands);
            let Sizes { batch, hidden, .. } = operands.sizes;
            let steps = forward.bundle.len() / (batch * hidden);
            (B::tensor(TensorData::new(forward.bundle, [steps, batch, hidden])), forward.saved)
        })
    }

    /// The input's numbers and their order; copied only where they lie neither by steps nor by sequences.
    fn input(&self) -> (Cow<'_, [f32]>, Order) {
        match B::lying(&self.input) {
            Some((numbers, order)) => (Cow::Borrowed(numbers), order),
            None => (B::floats(&self.input), Order::Steps),
        }
    }

    /// The gradient of the input, whose numbers lie as those of the input.
    fn d_input(&self, numbers: Vec<f32>) -> FloatTensor<B> {
        let shape = self.input.shape();
        let [time, batch, features] = shape.dims();
        match B::lying(&self.input).map_or(Order::Steps, |(_, order)| order) {
            Order::Steps => B::tensor(TensorData::new(numbers, shape)),
            Order::Sequences => {
                B::float_swap_dims(B::tensor(TensorData::new(numbers, [batch, time, features])), 0, 1)
            }
        }
    }

    /// Calls `compute` with all tensors as slices.
    fn lend<R>(&self, setting: &Setting, compute: impl FnOnce(&Operands<'_>) -> R) -> R {
        let [hidden, width] = self.recurrent.shape().dims();
        let [input, _] = self.kernel.shape().dims();
        let (time, batch) = (setting.time, setting.batch);
        let (x, order) = self.input();
        let (kernel, recurrent) = (B::floats(&self.kernel), B::floats(&self.recurrent));
        let (bias, state, gains) = (B::floats(&self.bias), B::floats(&self.state), B::floats(&self.gains));
        let (bias, recurrent_bias) = bias.split_at(width);
        let (state, memory) = state.split_at(batch * hidden);
        compute(&Operands {
            sizes: Sizes { time, batch, input, hidden },
            cell: setting.cell,
            direction: setting.direction,
            source: match &setting.source {
                HostSource::Dense { dropout } => Source::Dense(Features {
                    data: &x,
                    order,
                    dropout: lent(dropout.as_deref(), batch, input),
                }),
                HostSource::Sums => {
                    assert_eq!(order, Order::Steps, "sums are made by steps");
                    Source::Sums(&x)
                }
                HostSource::Tokens { places, scale } => Source::Tokens { places, scale: scale.as_deref() },
            },
            kernel: &kernel,
            recurrent: &recurrent,
            bias,
            recurrent_bias: (!recurrent_bias.is_empty()).then_some(recurrent_bias),
            gains: setting.normalizes.then(|| {
                let (recurrent, memory) = gains.split_at(width);
                let (memory, memory_bias) = memory.split_at(hidden);
                Gains { recurrent, memory, memory_bias }
            }),
            state,
            memory: (!memory.is_empty()).then_some(memory),
            dropout: lent(setting.dropout.as_deref(), batch, hidden),
            zoneout: &setting.zoneout,
            mask: setting.mask.as_deref(),
        })
    }
}

fn lent(factors: Option<&[f32]>, batch: usize, width: usize) -> Option<Dropout<'_>> {
    factors.map(|factors| Dropout::new(factors, batch, width))
}

/// The same tensor with its numbers by steps or by sequences; copied only where they lie otherwise.
fn lying_somehow<B: HostBackend>(tensor: FloatTensor<B>) -> FloatTensor<B> {
    if B::lying(&tensor).is_some() { tensor } else { B::in_order(tensor) }
}

/// The op's step on the way back.
#[derive(Debug)]
struct SequenceStep;

/// What that step needs; the saved gates are behind a pointer, because Burn asks for a state that can be cloned.
#[derive(Debug)]
struct StepState<B: Backend> {
    tensors: Tensors<B>,
    bundle: FloatTensor<B>,
    saved: Arc<Saved>,
    setting: Setting,
}

// Written out for the same reason as above.
impl<B: Backend> Clone for StepState<B> {
    fn clone(&self) -> Self {
        Self {
            tensors: self.tensors.clone(),
            bundle: self.bundle.clone(),
            saved: self.saved.clone(),
            setting: self.setting.clone(),
        }
    }
}

impl<B: HostBackend + SequenceOps, C: CheckpointStrategy> SequenceOps for Autodiff<B, C> {
    fn sequence(
        input: FloatTensor<Self>,
        kernel: FloatTensor<Self>,
        recurrent: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        state: FloatTensor<Self>,
        gains: FloatTensor<Self>,
        setting: Setting,
    ) -> FloatTensor<Self> {
        let guards = [input.node(), kernel.node(), recurrent.node(), bias.node(), state.node(), gains.node()];
        let tensors = Tensors::<B> {
            // Read again on the way back.
            input: lying_somehow::<B>(input.into_primitive()),
            kernel: kernel.into_primitive(),
            recurrent: recurrent.into_primitive(),
            bias: bias.into_primitive(),
            state: state.into_primitive(),
            gains: gains.into_primitive(),
        };
        let (bundle, saved) = tensors.forward(&setting);
        match SequenceStep.prepare::<C>(guards).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let state = StepState { tensors, bundle: bundle.clone(), saved: Arc::new(saved), setting };
                prepared.finish(state, bundle)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(bundle),
        }
    }
}

impl<B: HostBackend> Backward<B, 6> for SequenceStep {
    type State = StepState<B>;

    fn backward(self, ops: Ops<Self::State, 6>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let [input, kernel, recurrent, bias, state, gains] = ops.parents;
        let d_bundle = gradients.consume::<B>(&ops.node);
        let StepState { tensors, bundle, saved, setting } = ops.state;
        let saved = Arc::try_unwrap(saved).unwrap_or_else(|shared| (*shared).clone());
        let wanted = Wanted {
            input: input.is_some(),
            kernel: kernel.is_some(),
            recurrent: recurrent.is_some(),
            bias: bias.is_some(),
        };
        let d = tensors.lend(&setting, |operands| {
            kernel::backward(operands, &B::floats(&bundle), saved, &B::floats(&d_bundle), wanted)
        });
        if let Some(node) = input {
            gradients.register::<B>(node.id, tensors.d_input(d.input));
        }
        let pairs = [
            (kernel, &tensors.kernel, d.weights.kernel),
            (recurrent, &tensors.recurrent, d.weights.recurrent),
            (bias, &tensors.bias, [d.weights.bias, d.weights.recurrent_bias].concat()),
            (state, &tensors.state, [d.state, d.memory].concat()),
            (gains, &tensors.gains, d.gains),
        ];
        for (node, tensor, gradient) in pairs {
            if let Some(node) = node {
                let gradient = TensorData::new(gradient, tensor.shape());
                gradients.register::<B>(node.id, B::tensor(gradient));
            }
        }
    }
}

#[cfg(all(test, any(feature = "flex", feature = "ndarray")))]
mod tests {
    use super::*;

    fn check_views<B: HostBackend>() {
        let numbers: Vec<f32> = (0..24u8).map(f32::from).collect();
        let plain = B::tensor(TensorData::new(numbers.clone(), [3, 2, 4]));
        let swapped = B::float_swap_dims(plain.clone(), 0, 1);
        assert_eq!(B::lying(&plain), Some((&numbers[..], Order::Steps)));
        assert_eq!(B::lying(&swapped), Some((&numbers[..], Order::Sequences)));
        assert_eq!(B::lying(&B::float_swap_dims(plain.clone(), 1, 2)), None);
        let later = B::float_slice(plain, &[(1..3).into(), (0..2).into(), (0..4).into()]);
        assert_eq!(B::lying(&later), Some((&numbers[8..], Order::Steps)));
        let later = B::float_swap_dims(later, 0, 1);
        assert_eq!(B::lying(&later), Some((&numbers[8..], Order::Sequences)));
    }

    #[test]
    fn views_are_lent_as_they_lie() {
        #[cfg(feature = "flex")]
        check_views::<burn_flex::Flex>();
        #[cfg(feature = "ndarray")]
        check_views::<burn_ndarray::NdArray>();
    }
}
