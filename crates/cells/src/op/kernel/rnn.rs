//! The vanilla cell: `s_t = a(z_t)` with `z_t = U x_t + W s_{t-1} + b` (Elman 1990).
//!
//! Forward: `z` becomes `s`. Backward: `dz = ds * a'(z)`, with the derivative told from `s` itself:
//! `1 - s^2` for the tangent, 1 where `s > 0` for the rectifier.

use super::{activate::tanh, isa::compiled_for_each};
use crate::cell::Activation;

/// Turns the sums of one step into outputs, in place and into `output`; both are `[rows, hidden]`.
pub(super) fn forward(
    level: super::isa::Level,
    activation: Activation,
    gates: &mut [f32],
    output: &mut [f32],
) {
    match activation {
        Activation::Tanh => forward_tanh(level, gates, output),
        Activation::Relu => forward_relu(level, gates, output),
    }
}

/// Turns the outputs of one step, in `gates`, into the gradients of its sums.
pub(super) fn backward(
    level: super::isa::Level,
    activation: Activation,
    gates: &mut [f32],
    d_output: &[f32],
) {
    match activation {
        Activation::Tanh => backward_tanh(level, gates, d_output),
        Activation::Relu => backward_relu(level, gates, d_output),
    }
}

compiled_for_each! {
    fn forward_tanh(gates: &mut [f32], output: &mut [f32]) {
        for (gate, output) in gates.iter_mut().zip(output) {
            *gate = tanh(*gate);
            *output = *gate;
        }
    }
}

compiled_for_each! {
    fn forward_relu(gates: &mut [f32], output: &mut [f32]) {
        for (gate, output) in gates.iter_mut().zip(output) {
            // Written so that NaN stays NaN, which `f32::max` would turn into 0.
            *gate = if *gate < 0.0 { 0.0 } else { *gate };
            *output = *gate;
        }
    }
}

compiled_for_each! {
    fn backward_tanh(gates: &mut [f32], d_output: &[f32]) {
        for (gate, d_output) in gates.iter_mut().zip(d_output) {
            *gate = d_output * (1.0 - *gate * *gate);
        }
    }
}

compiled_for_each! {
    fn backward_relu(gates: &mut [f32], d_output: &[f32]) {
        for (gate, d_output) in gates.iter_mut().zip(d_output) {
            *gate = if *gate > 0.0 { *d_output } else { 0.0 };
        }
    }
}
