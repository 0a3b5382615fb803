//! The sequence op: a whole recurrence as one operation, with a backward pass of its own.
//!
//! [`sequence`] hands it to the [`kernel`] where the backend keeps its tensors in main memory (Flex and
//! NdArray, bound in [`binding`]), and composes it of tensor operations elsewhere ([`composed`]). [`dropout`] is a second
//! op. This folder alone touches Burn's extension API, so that the next Burn costs one folder.

// The generated dispatch asks for public items. Without a backend in main memory nobody calls what is here. Burn means to give up
// NdArray one day; until then it is a second backend that the kernel is tested on.
#[allow(unreachable_pub)]
#[cfg_attr(feature = "ndarray", allow(deprecated))]
#[cfg_attr(not(any(feature = "flex", feature = "ndarray")), allow(dead_code, unused_variables))]
mod binding;
mod composed;
#[allow(unreachable_pub)]
#[cfg_attr(feature = "ndarray", allow(deprecated))]
#[cfg_attr(not(any(feature = "flex", feature = "ndarray")), allow(dead_code, unused_variables))]
mod dropout;
mod kernel;
mod normalize;

use std::sync::Arc;

use burn::{
    backend::Dispatch,
    tensor::{Device, Int, Tensor},
};
use serde::{Deserialize, Serialize};

use crate::{
    cell::{Cell, Direction},
    layer::State,
    zoneout::Zoneout,
};
use binding::{HostSource, SequenceOps, Setting};
use normalize::Normalizer;

pub(crate) use dropout::{Dropped, drop_out};
pub use kernel::peak_flops;

/// How the sequence op is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Implementation {
    /// By the kernel where the backend has one (Flex and NdArray), else composed. With
    /// [`Normalization::Layer`](crate::Normalization::Layer), and of the gated cells with
    /// [`GateMasks::Untied`](crate::GateMasks::Untied), the kernel has the LSTM alone; other cells are composed.
    #[default]
    Kernel,
    /// Composed of tensor operations on every backend: the definition that the kernel is tested against.
    Composed,
}

/// What a sequence reads at each step, time-major.
pub(crate) enum Source {
    /// `[time, batch, input]`, and what the features are multiplied with at every step, `[masks, batch, input]`.
    Dense { x: Tensor<3>, dropout: Option<Arc<[f32]>> },
    /// The place of the one in a one-hot input of `input` places, `[time, batch]`, and what the one is multiplied
    /// with, `[masks, time, batch]`.
    Tokens { places: Tensor<2, Int>, scale: Option<Arc<[f32]>> },
}

/// All that goes into a sequence; see the kernel's operands for the shapes. There is one mask of dropout for all gates, or one for
/// each.
pub(crate) struct Sequence {
    pub(crate) cell: Cell,
    pub(crate) direction: Direction,
    pub(crate) source: Source,
    /// `[input, gates * hidden]`.
    pub(crate) kernel: Tensor<2>,
    /// `[hidden, gates * hidden]`.
    pub(crate) recurrent: Tensor<2>,
    /// `[1, gates * hidden]`, or `[2, ..]` where the recurrent product has a bias of its own.
    pub(crate) bias: Tensor<2>,
    /// `[1, batch, hidden]`, or `[2, ..]` with the LSTM's memory.
    pub(crate) state: Tensor<3>,
    /// With layer normalisation.
    pub(crate) gains: Option<Gains>,
    /// What the state is multiplied with before every recurrent product, `[masks, batch, hidden]`.
    pub(crate) dropout: Option<Arc<[f32]>>,
    /// What each step keeps of the state before it.
    pub(crate) zoneout: Zoneout,
    /// False where a step is padding, `[time, batch]`.
    pub(crate) mask: Option<Arc<[bool]>>,
}

/// The gains of layer normalisation, and the memory's bias.
pub(crate) struct Gains {
    /// Of the recurrent and of the input product, `[2, gates * hidden]`; of their sum, `[1, hidden]`, in the vanilla cell.
    pub(crate) products: Tensor<2>,
    /// The gain and the bias of the LSTM's memory, `[2, hidden]`.
    pub(crate) memory: Option<Tensor<2>>,
}

impl Sequence {
    fn time_and_batch(&self) -> [usize; 2] {
        match &self.source {
            Source::Dense { x, .. } => {
                let [time, batch, _] = x.dims();
                [time, batch]
            }
            Source::Tokens { places, .. } => places.dims(),
        }
    }

    /// Whether the kernel computes such a sequence.
    fn has_kernel(&self) -> bool {
        let [hidden, _] = self.recurrent.dims();
        let [_, batch] = self.time_and_batch();
        let is_tied =
            self.dropout.as_ref().is_none_or(|it| it.len() == batch * hidden) && !self.input_is_untied();
        match self.cell {
            Cell::Rnn(_) => self.gains.is_none(),
            Cell::Lstm => true,
            Cell::Gru(_) => self.gains.is_none() && is_tied,
        }
    }

    /// Whether the input has a mask for each of several gates.
    fn input_is_untied(&self) -> bool {
        let [time, batch] = self.time_and_batch();
        let [input, _] = self.kernel.dims();
        match &self.source {
            Source::Dense { dropout, .. } => dropout.as_ref().is_some_and(|it| it.len() > batch * input),
            Source::Tokens { scale, .. } => scale.as_ref().is_some_and(|it| it.len() > time * batch),
        }
    }
}

/// Computes the outputs, `[time, batch, hidden]`, and the last state.
pub(crate) fn sequence(operands: Sequence, implementation: Implementation) -> (Tensor<3>, State) {
    let [time, batch] = operands.time_and_batch();
    let [hidden, _] = operands.recurrent.dims();
    let last = match operands.direction {
        Direction::Forward => time - 1,
        Direction::Reverse => 0,
    };
    let has_memory = operands.cell.has_memory();
    let bundle = if implementation == Implementation::Kernel
        && operands.has_kernel()
        && has_kernel(&operands.kernel.device())
    {
        by_kernel(operands)
    } else {
        composed::sequence(operands)
    };
    let outputs = if has_memory { bundle.clone().narrow(0, 0, time) } else { bundle.clone() };
    // Each by itself: the gradient of a part of the bundle fills a tensor as large as the bundle, and what nobody uses has
    // no gradient.
    let part = |place: usize| bundle.clone().narrow(0, place, 1).reshape([batch, hidden]);
    (outputs, State { output: part(last), memory: has_memory.then(|| part(time)) })
}

/// Runs the kernel; its bundle is the outputs and behind them the LSTM's last memory, `[time (+ 1), batch, hidden]`.
fn by_kernel(operands: Sequence) -> Tensor<3> {
    let [time, batch] = operands.time_and_batch();
    let [hidden, width] = operands.recurrent.dims();
    // Constants stand where there is nothing to differentiate.
    let device = operands.kernel.device().inner();
    let is_untied = operands.input_is_untied();
    let none = |shape: [usize; 3]| Tensor::<3>::zeros(shape, &device);
    let normalizer = Normalizer::new(operands.cell, hidden, operands.gains);
    let gains = normalizer.of_kernel();
    let (mut kernel, mut bias) = (operands.kernel, operands.bias);
    let (input, source) = match operands.source {
        // The input's products do not depend on each other: those that are normalised are made here, all steps at once, and so are
        // those of tokens with a mask for each gate.
        source if gains.is_some() || (is_untied && matches!(source, Source::Tokens { .. })) => {
            let sums = composed::input_sums(source, kernel, bias, &normalizer);
            kernel = none([1, 1, width]).reshape([1, width]);
            bias = kernel.clone();
            (sums, HostSource::Sums)
        }
        Source::Dense { x, dropout } => (x, HostSource::Dense { dropout }),
        Source::Tokens { places, scale } => {
            (none([1, 1, 1]), HostSource::Tokens { places: host_places(places), scale })
        }
    };
    let setting = Setting {
        cell: operands.cell,
        direction: operands.direction,
        time,
        batch,
        source,
        normalizes: gains.is_some(),
        dropout: operands.dropout,
        zoneout: operands.zoneout,
        mask: operands.mask,
    };
    let gains = gains.unwrap_or_else(|| none([1, 1, 1]).reshape([1]));
    Tensor::from_dispatch(<Dispatch as SequenceOps>::sequence(
        input.into_dispatch(),
        kernel.into_dispatch(),
        operands.recurrent.into_dispatch(),
        bias.into_dispatch(),
        operands.state.into_dispatch(),
        gains.into_dispatch(),
        setting,
    ))
}

/// Reads token indices to the host.
///
/// # Panics
/// An index is negative.
fn host_places(places: Tensor<2, Int>) -> Arc<[usize]> {
    let data = places.into_data();
    data.iter::<i64>()
        .map(|place| usize::try_from(place).unwrap_or_else(|_| panic!("token {place} is negative")))
        .collect()
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
