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

use super::kernel::{self, Gains, Operands, Saved, Sizes, Source, Wanted};
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
    /// In the input tensor.
    Dense,
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

    /// Calls `compute` with all tensors as slices.
    fn lend<R>(&self, setting: &Setting, compute: impl FnOnce(&Operands<'_>) -> R) -> R {
        let [hidden, width] = self.recurrent.shape().dims();
        let [input, _] = self.kernel.shape().dims();
        let (time, batch) = (setting.time, setting.batch);
        let (x, kernel, recurrent) =
            (B::floats(&self.input), B::floats(&self.kernel), B::floats(&self.recurrent));
        let (bias, state, gains) = (B::floats(&self.bias), B::floats(&self.state), B::floats(&self.gains));
        let (bias, recurrent_bias) = bias.split_at(width);
        let (state, memory) = state.split_at(batch * hidden);
        compute(&Operands {
            sizes: Sizes { time, batch, input, hidden },
            cell: setting.cell,
            direction: setting.direction,
            source: match &setting.source {
                HostSource::Dense => Source::Dense(&x),
                HostSource::Sums => Source::Sums(&x),
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
            dropout: setting.dropout.as_deref(),
            zoneout: &setting.zoneout,
            mask: setting.mask.as_deref(),
        })
    }
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
            input: B::in_order(input.into_primitive()),
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
        let pairs = [
            (input, &tensors.input, d.input),
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
