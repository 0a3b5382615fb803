//! The vanilla cell: `s_t = a(z_t)` with `z_t = U x_t + W s_{t-1} + b` (Elman 1990).
//!
//! Forward: `z` becomes `s`. Backward: `dz = ds * a'(z)`, with the derivative told from `s` itself: `1 - s^2` for the tangent, 1
//! where `s > 0` for the rectifier. With other activations it is composed.

use crate::{
    activation::Activation,
    op::{
        composed::{State, Step},
        equations::{Equations, Gate, KernelStep, Product, Shape},
        kernel::{BackwardStep, ForwardStep, activate::tanh, isa::compiled_for_each},
    },
};

#[derive(Debug)]
struct Rnn(Activation);

/// The cell with an activation.
pub(super) fn of(activation: Activation) -> &'static dyn Equations {
    match activation {
        Activation::Tanh => &Rnn(Activation::Tanh),
        Activation::Relu => &Rnn(Activation::Relu),
        Activation::Sigmoid => &Rnn(Activation::Sigmoid),
        Activation::HardSigmoid => &Rnn(Activation::HardSigmoid),
        Activation::Linear => &Rnn(Activation::Linear),
        Activation::Softsign => &Rnn(Activation::Softsign),
        Activation::Silu => &Rnn(Activation::Silu),
    }
}

static SHAPE: Shape = Shape {
    gates: &[Gate { name: "z", pytorch: Some(0), keras: Some(0), bias: 0.0 }],
    has_memory: false,
    has_recurrent_bias: false,
    normalizes_sum: true,
    names_activation: true,
    stores: false,
    products: &[Product::of_state(0..1)],
};

impl Equations for Rnn {
    fn shape(&self) -> &'static Shape {
        &SHAPE
    }

    fn compose(&self, step: &Step<'_>) -> State {
        let output = self.0.forward(step.all_sums());
        State { output: step.extras().clipped(output), memory: None }
    }

    fn kernel(&self) -> Option<&dyn KernelStep> {
        matches!(self.0, Activation::Tanh | Activation::Relu).then_some(self)
    }
}

impl KernelStep for Rnn {
    fn forward(&self, step: &mut ForwardStep<'_, '_>) {
        step.add_product(0);
        match self.0 {
            Activation::Relu => forward_relu(step.level, step.gates, step.state),
            _ => forward_tanh(step.level, step.gates, step.state),
        }
    }

    fn backward(&self, step: &mut BackwardStep<'_, '_>) {
        match self.0 {
            Activation::Relu => backward_relu(step.level, step.gates, step.d_output),
            _ => backward_tanh(step.level, step.gates, step.d_output),
        }
        step.state_back();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::kernel::isa::tests::{check_bits, numbers};

    #[test]
    fn every_instruction_set_computes_the_same_bits() {
        check_bits(|level, rows, hidden| {
            let of = |seed: u64| numbers(rows * hidden, seed);
            let [mut tanh, mut relu] = [of(1), of(2)];
            let [mut tanh_output, mut relu_output] = [of(3), of(4)];
            forward_tanh(level, &mut tanh, &mut tanh_output);
            backward_tanh(level, &mut tanh, &of(5));
            forward_relu(level, &mut relu, &mut relu_output);
            backward_relu(level, &mut relu, &of(6));
            vec![tanh, relu, tanh_output, relu_output]
        });
    }
}
