//! Binds the sequence op to Burn: its tensors, and its place in the graph of automatic differentiation.
//!
//! A backend that computes sequences itself implements [`Sequences`], forward and backward; on the host that is the kernel.

// Burn means to give up NdArray one day; until then it is a second backend that the kernel is tested on.
#![cfg_attr(feature = "ndarray", allow(deprecated))]

use std::{borrow::Cow, fmt::Debug, sync::Arc};

use burn::{
    backend::{Backend, ExtensionType, TensorMetadata, backend_extension, tensor::FloatTensor},
    tensor::TensorData,
};
use burn_autodiff::{
    Autodiff, NodeId,
    checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
    grads::Gradients,
    ops::{Backward, Ops, OpsKind},
};

use super::{
    host::HostBackend,
    kernel::{self, Operands, Order, Saved, Sizes, Source, Wanted},
    options::Options,
};

/// What a sequence is beside its tensors, with what of it lies on the host.
#[derive(Clone, Debug)]
pub struct Setting {
    pub(super) options: Options,
    pub(super) time: usize,
    pub(super) batch: usize,
    /// Instead of the input tensor: the place of the one in a one-hot input, `[time, batch]`.
    pub(super) tokens: Option<Arc<[usize]>>,
}

/// All that goes into a sequence, as one backend has it.
#[derive(Debug, ExtensionType)]
pub struct Tensors<B: Backend> {
    /// `[time, batch, input]`; unused for tokens.
    pub(super) input: FloatTensor<B>,
    /// `[input, gates * hidden]`.
    pub(super) kernel: FloatTensor<B>,
    /// `[hidden, gates * hidden]`.
    pub(super) recurrent: FloatTensor<B>,
    /// `[1 or 2, gates * hidden]`.
    pub(super) bias: FloatTensor<B>,
    /// The state, `[1, batch, hidden]`, or `[2, ..]` with the memory.
    pub(super) state: FloatTensor<B>,
    /// Of layer normalisation, all one after the other; unused without.
    pub(super) gains: FloatTensor<B>,
    pub(super) setting: Setting,
}

/// The number of tensors.
const TENSORS: usize = 6;

// Written out: the derive would ask for `B: Clone`, of which there is no need.
impl<B: Backend> Clone for Tensors<B> {
    fn clone(&self) -> Self {
        self.each(FloatTensor::<B>::clone)
    }
}

impl<B: Backend> Tensors<B> {
    /// The same in another backend's tensors.
    fn each<C: Backend>(&self, of: impl Fn(&FloatTensor<B>) -> FloatTensor<C>) -> Tensors<C> {
        let [input, kernel, recurrent, bias, state, gains] = self.all().map(of);
        Tensors { input, kernel, recurrent, bias, state, gains, setting: self.setting.clone() }
    }

    fn all(&self) -> [&FloatTensor<B>; TENSORS] {
        [&self.input, &self.kernel, &self.recurrent, &self.bias, &self.state, &self.gains]
    }
}

/// The op as Burn sees it.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"), Autodiff)]
pub trait SequenceOps: Backend {
    /// Returns the bundle of outputs and, behind them, the LSTM's last memory, `[time (+ 1), batch, hidden]`.
    fn sequence(#[extension_type] tensors: Tensors<Self>) -> FloatTensor<Self>;
}

/// A backend that computes sequences itself.
pub(super) trait Sequences: SequenceOps {
    /// What the way back needs beside operands and bundle.
    type Saved: Debug + Send + Sync + 'static;

    /// The bundle; where nothing is kept, no more than one step of what the way back would need is in memory.
    fn forward(tensors: &Tensors<Self>, keep: bool) -> (FloatTensor<Self>, Option<Self::Saved>);

    /// The gradients of those tensors that are wanted, in their order.
    fn backward(
        tensors: &Tensors<Self>,
        bundle: &FloatTensor<Self>,
        saved: Arc<Self::Saved>,
        d_bundle: &FloatTensor<Self>,
        wanted: [bool; TENSORS],
    ) -> [Option<FloatTensor<Self>>; TENSORS];
}

macro_rules! sequence_by_kernel {
    ($feature:literal, $backend:ty) => {
        #[cfg(feature = $feature)]
        impl SequenceOps for $backend {
            fn sequence(tensors: Tensors<Self>) -> FloatTensor<Self> {
                <Self as Sequences>::forward(&tensors, false).0
            }
        }
    };
}
sequence_by_kernel!("flex", burn_flex::Flex);
sequence_by_kernel!("ndarray", burn_ndarray::NdArray);

impl<B: HostBackend + SequenceOps> Sequences for B {
    type Saved = Saved;

    fn forward(tensors: &Tensors<B>, keep: bool) -> (FloatTensor<B>, Option<Saved>) {
        tensors.lend(|operands| {
            let forward = kernel::forward(operands, keep);
            let Sizes { batch, hidden, .. } = operands.sizes;
            let steps = forward.bundle.len() / (batch * hidden);
            (B::tensor(TensorData::new(forward.bundle, [steps, batch, hidden])), forward.saved)
        })
    }

    fn backward(
        tensors: &Tensors<B>,
        bundle: &FloatTensor<B>,
        saved: Arc<Saved>,
        d_bundle: &FloatTensor<B>,
        wanted: [bool; TENSORS],
    ) -> [Option<FloatTensor<B>>; TENSORS] {
        let saved = Arc::try_unwrap(saved).unwrap_or_else(|shared| (*shared).clone());
        let [input, kernel, recurrent, bias, ..] = wanted;
        let asked = Wanted { input, kernel, recurrent, bias };
        let d = tensors.lend(|operands| {
            kernel::backward(operands, &B::floats(bundle), saved, &B::floats(d_bundle), asked)
        });
        let like =
            |tensor: &FloatTensor<B>, numbers: Vec<f32>| B::tensor(TensorData::new(numbers, tensor.shape()));
        let [d_input, d_kernel, d_recurrent, d_bias, d_state, d_gains] = wanted;
        [
            d_input.then(|| tensors.d_input(d.input)),
            d_kernel.then(|| like(&tensors.kernel, d.weights.kernel)),
            d_recurrent.then(|| like(&tensors.recurrent, d.weights.recurrent)),
            d_bias.then(|| like(&tensors.bias, [d.weights.bias, d.weights.recurrent_bias].concat())),
            d_state.then(|| like(&tensors.state, [d.state, d.memory].concat())),
            d_gains.then(|| like(&tensors.gains, d.gains)),
        ]
    }
}

impl<B: HostBackend> Tensors<B> {
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
    fn lend<R>(&self, compute: impl FnOnce(&Operands<'_>) -> R) -> R {
        let [hidden, _] = self.recurrent.shape().dims();
        let [input, _] = self.kernel.shape().dims();
        let Setting { options, time, batch, tokens } = &self.setting;
        let (x, order) = self.input();
        compute(&Operands {
            sizes: Sizes { time: *time, batch: *batch, input, hidden },
            options,
            source: match tokens {
                Some(places) => Source::Tokens(places),
                None => Source::Dense { data: &x, order },
            },
            kernel: &B::floats(&self.kernel),
            recurrent: &B::floats(&self.recurrent),
            biases: &B::floats(&self.bias),
            states: &B::floats(&self.state),
            gains: &B::floats(&self.gains),
        })
    }
}

/// The same tensor with its numbers by steps or by sequences; copied only where they lie otherwise.
fn lying_somehow<B: HostBackend>(tensor: FloatTensor<B>) -> FloatTensor<B> {
    if B::lying(&tensor).is_some() { tensor } else { B::in_order(tensor) }
}

/// The op's step on the way back.
#[derive(Debug)]
struct SequenceStep;

/// What that step needs; what was saved is behind a pointer, because Burn asks for a state that can be cloned.
#[derive(Debug)]
struct StepState<B: Sequences> {
    tensors: Tensors<B>,
    bundle: FloatTensor<B>,
    saved: Arc<B::Saved>,
}

// Written out for the same reason as above.
impl<B: Sequences> Clone for StepState<B> {
    fn clone(&self) -> Self {
        Self { tensors: self.tensors.clone(), bundle: self.bundle.clone(), saved: self.saved.clone() }
    }
}

impl<B: HostBackend + Sequences, C: CheckpointStrategy> SequenceOps for Autodiff<B, C> {
    fn sequence(tensors: Tensors<Self>) -> FloatTensor<Self> {
        let guards = tensors.all().map(|tensor| tensor.node());
        let mut tensors = tensors.each::<B>(|tensor| tensor.clone().into_primitive());
        match SequenceStep.prepare::<C>(guards).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                // Read again on the way back.
                tensors.input = lying_somehow::<B>(tensors.input);
                let (bundle, saved) = B::forward(&tensors, true);
                let saved = Arc::new(saved.expect("what was asked for"));
                prepared.finish(StepState { tensors, bundle: bundle.clone(), saved }, bundle)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::forward(&tensors, false).0),
        }
    }
}

impl<B: Sequences> Backward<B, TENSORS> for SequenceStep {
    type State = StepState<B>;

    fn backward(self, ops: Ops<Self::State, TENSORS>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let nodes: [Option<NodeId>; TENSORS] = ops.parents.map(|node| node.map(|node| node.id));
        let d_bundle = gradients.consume::<B>(&ops.node);
        let StepState { tensors, bundle, saved } = ops.state;
        let found = B::backward(&tensors, &bundle, saved, &d_bundle, nodes.map(|node| node.is_some()));
        for (node, gradient) in nodes.into_iter().zip(found) {
            if let (Some(node), Some(gradient)) = (node, gradient) {
                gradients.register::<B>(node, gradient);
            }
        }
    }
}
