//! The sequence op: a whole recurrence as one operation, with a backward pass of its own.
//!
//! [`sequence`] hands it to the [`kernel`] where the backend keeps its tensors in main memory (Flex and NdArray, bound in
//! [`binding`]), and composes it of tensor operations elsewhere ([`composed`]). [`dropout`] is a second op. This folder alone touches
//! Burn's extension API, so that the next Burn costs one folder. Which cells there are is not known here: a cell answers what
//! [`equations`] asks.

// The generated dispatch asks for public items. Without a backend in main memory nobody calls what is here.
#[allow(unreachable_pub)]
#[cfg_attr(not(any(feature = "flex", feature = "ndarray")), allow(dead_code, unused_variables))]
mod binding;
pub(crate) mod composed;
#[allow(unreachable_pub)]
#[cfg_attr(feature = "ndarray", allow(deprecated))]
#[cfg_attr(not(any(feature = "flex", feature = "ndarray")), allow(dead_code, unused_variables))]
mod dropout;
pub(crate) mod equations;
#[cfg_attr(not(any(feature = "flex", feature = "ndarray")), allow(dead_code))]
mod host;
pub(crate) mod kernel;
mod normalize;
#[allow(unreachable_pub)]
pub(crate) mod options;

use std::sync::Arc;

use burn::{
    backend::Dispatch,
    tensor::{DType, Device, Int, Tensor},
};
use serde::{Deserialize, Serialize};

use crate::{activation::Activation, direction::Direction, state::State};
use binding::{SequenceOps, Tensors};
use options::Options;

pub(crate) use dropout::{Dropped, drop_out};
pub use kernel::{free_buffers, peak_flops};

/// How the sequence op is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Implementation {
    /// By the kernel, in single precision on a backend in main memory (Flex and NdArray); composed elsewhere, and where the layer
    /// has what the kernel has not: activations of its own, a clip, peepholes, a projection.
    #[default]
    Kernel,
    /// Composed of tensor operations on every backend: the definition that the kernel is tested against.
    Composed,
}

/// What a sequence reads at each step, time-major.
pub(crate) enum Source {
    /// `[time, batch, input]`.
    Dense(Tensor<3>),
    /// The place of the one in a one-hot input of `input` places, `[time, batch]`.
    Tokens(Tensor<2, Int>),
}

/// All that goes into a sequence.
pub(crate) struct Sequence {
    pub(crate) options: Options,
    pub(crate) source: Source,
    /// `[input, gates * hidden]`.
    pub(crate) kernel: Tensor<2>,
    /// `[output, gates * hidden]`.
    pub(crate) recurrent: Tensor<2>,
    /// `[1, gates * hidden]`, or `[2, ..]` where the recurrent product has a bias of its own.
    pub(crate) bias: Option<Tensor<2>>,
    pub(crate) state: State,
    /// With layer normalisation.
    pub(crate) gains: Option<Gains>,
    pub(crate) extras: Extras,
}

/// The gains of layer normalisation, and the memory's bias.
pub(crate) struct Gains {
    /// Of the recurrent and of the input product, `[2, gates * hidden]`; of their sum, `[1, hidden]`, in the vanilla cell.
    pub(crate) products: Tensor<2>,
    /// The gain and the bias of the LSTM's memory, `[2, hidden]`.
    pub(crate) memory: Option<Tensor<2>>,
}

/// What a layer has beside its cell's own equations, and the kernel has not.
pub(crate) struct Extras {
    /// Of the gates, of the candidate, and of the LSTM's memory.
    pub(crate) activations: [Activation; 3],
    /// The magnitude at which the LSTM's memory, or the state of another cell, is cut.
    pub(crate) clip: Option<f64>,
    /// What the LSTM's gates see of the memory: `i`, `f` and `o`, `[3, hidden]`.
    pub(crate) peepholes: Option<Tensor<2>>,
    /// From the LSTM's output to a shorter one, `[hidden, output]`.
    pub(crate) projection: Option<Tensor<2>>,
    /// Whether the LSTM keeps what it does not write, `f = 1 - i`.
    pub(crate) coupled: bool,
}

impl Extras {
    /// The activations that the equations name.
    pub(crate) const ACTIVATIONS: [Activation; 3] = [Activation::Sigmoid, Activation::Tanh, Activation::Tanh];

    fn is_plain(&self) -> bool {
        let Self { activations, clip, peepholes, projection, coupled } = self;
        let has_more = clip.is_some() || peepholes.is_some() || projection.is_some() || *coupled;
        *activations == Self::ACTIVATIONS && !has_more
    }

    /// A state or memory, its magnitude cut.
    pub(crate) fn clipped(&self, state: Tensor<2>) -> Tensor<2> {
        match self.clip {
            Some(clip) => state.clamp(-clip, clip),
            None => state,
        }
    }

    /// The sum of a gate that sees the memory through the peephole of that place.
    pub(crate) fn seen(&self, sum: Tensor<2>, place: usize, memory: &Tensor<2>) -> Tensor<2> {
        match &self.peepholes {
            Some(weights) => sum + weights.clone().narrow(0, place, 1) * memory.clone(),
            None => sum,
        }
    }

    /// The output, projected.
    pub(crate) fn projected(&self, output: Tensor<2>) -> Tensor<2> {
        match &self.projection {
            Some(projection) => output.matmul(projection.clone()),
            None => output,
        }
    }
}

impl Sequence {
    fn time_and_batch(&self) -> [usize; 2] {
        match &self.source {
            Source::Dense(x) => {
                let [time, batch, _] = x.dims();
                [time, batch]
            }
            Source::Tokens(places) => places.dims(),
        }
    }

    /// Whether the kernel computes such a sequence: on a backend in main memory, in single precision, a cell that it has.
    fn has_kernel(&self) -> bool {
        let is_single = |dtype: DType| dtype == DType::F32;
        let input = match &self.source {
            Source::Dense(x) => is_single(x.dtype()),
            Source::Tokens(_) => true,
        };
        has_kernel(&self.kernel.device())
            && self.options.cell.kernel().is_some()
            && self.extras.is_plain()
            && input
            && is_single(self.kernel.dtype())
            && is_single(self.state.output.dtype())
    }
}

/// Computes the outputs, `[time, batch, output]`, and the last state.
///
/// # Panics
/// A token is out of range, on a backend in main memory; elsewhere its sequence's outputs are not a number.
pub(crate) fn sequence(operands: Sequence, implementation: Implementation) -> (Tensor<3>, State) {
    if implementation == Implementation::Kernel && operands.has_kernel() {
        return by_kernel(operands);
    }
    if let Source::Tokens(places) = &operands.source
        && has_kernel(&operands.kernel.device())
    {
        host_places(places.clone(), operands.kernel.dims()[0]);
    }
    composed::sequence(operands)
}

/// Runs the kernel.
fn by_kernel(operands: Sequence) -> (Tensor<3>, State) {
    let [time, batch] = operands.time_and_batch();
    let Sequence { options, source, kernel, recurrent, bias, state, gains, .. } = operands;
    let [hidden, width] = recurrent.dims();
    let (last, has_memory) = match options.direction {
        Direction::Forward => (time - 1, state.memory.is_some()),
        Direction::Reverse => (0, state.memory.is_some()),
    };
    // Constants stand where there is nothing to differentiate.
    let device = kernel.device().inner();
    let (input, tokens) = match source {
        Source::Dense(x) => (x, None),
        Source::Tokens(places) => {
            let [input, _] = kernel.dims();
            (Tensor::zeros([1, 1, 1], &device), Some(host_places(places, input)))
        }
    };
    let parts = std::iter::once(state.output).chain(state.memory);
    let rows = options.shape().bias_rows();
    let tensors = Tensors {
        input: input.into_dispatch(),
        kernel: kernel.into_dispatch(),
        recurrent: recurrent.into_dispatch(),
        bias: bias.unwrap_or_else(|| Tensor::zeros([rows, width], &device)).into_dispatch(),
        state: Tensor::cat(parts.map(|part| part.unsqueeze_dim::<3>(0)).collect(), 0).into_dispatch(),
        gains: gains.map_or_else(|| Tensor::zeros([1], &device), Gains::in_a_row).into_dispatch(),
        setting: binding::Setting { options, time, batch, tokens },
    };
    let bundle = Tensor::<3>::from_dispatch(<Dispatch as SequenceOps>::sequence(tensors));
    let outputs = if has_memory { bundle.clone().narrow(0, 0, time) } else { bundle.clone() };
    // Each by itself: the gradient of a part of the bundle fills a tensor as large as the bundle, and what nobody uses has no
    // gradient.
    let part = |place: usize| bundle.clone().narrow(0, place, 1).reshape([batch, hidden]);
    (outputs, State { output: part(last), memory: has_memory.then(|| part(time)) })
}

impl Gains {
    /// All of them, one after the other.
    fn in_a_row(self) -> Tensor<1> {
        let row = |matrix: Tensor<2>| matrix.clone().reshape([matrix.shape().num_elements()]);
        Tensor::cat(std::iter::once(self.products).chain(self.memory).map(row).collect(), 0)
    }
}

/// Reads token indices to the host.
///
/// # Panics
/// An index is out of range.
fn host_places(places: Tensor<2, Int>, input: usize) -> Arc<[usize]> {
    let data = places.into_data();
    data.iter::<i64>().map(|place| place_of(place, input)).collect()
}

/// A token's place in a one-hot input.
///
/// # Panics
/// It is out of range.
pub(crate) fn place_of(token: i64, input: usize) -> usize {
    let place = usize::try_from(token).ok().filter(|place| *place < input);
    place.unwrap_or_else(|| panic!("token {token} is out of range: the layer's input has {input} places"))
}

/// Whether the device's backend has the kernel: it lies in main memory, and this crate's own features have it, whatever other
/// crates of the build have.
fn has_kernel(device: &Device) -> bool {
    let device = device.clone().inner();
    match device.as_dispatch() {
        #[cfg(feature = "flex")]
        burn::backend::DispatchDevice::Flex(_) => true,
        #[cfg(feature = "ndarray")]
        burn::backend::DispatchDevice::NdArray(_) => true,
        #[allow(unreachable_patterns)] // reached where another backend is built in
        _ => false,
    }
}
