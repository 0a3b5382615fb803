//! The light GRU cell (Ravanelli, Brakel, Omologo and Bengio 2018, arXiv:1803.10225), gates in the order `z, c'`: a GRU without a reset
//! gate whose candidate is rectified, so that it wants some normalisation. The paper normalises over the batch; here that over the
//! units is a layer's option, of each product by itself.
//!
//! ```text
//! z = sigmoid(U x_t + W s_{t-1} + b)    c' = a(U x_t + W s_{t-1} + b)    s_t = (1 - z) * c' + z * s_{t-1}
//! ```
//!
//! Backward: `dc' = ds * (1 - z)`, `dz = ds * (s_{t-1} - c')`, and `s_{t-1}` gets `ds * z` directly. With other activations than the
//! rectifier it is composed.

use crate::{
    activation::Activation,
    op::{
        composed::{State, Step},
        equations::{Equations, Gate, KernelStep, Product, Shape},
        kernel::{BackwardStep, ForwardStep, activate::sigmoid, isa::compiled_for_each, rows},
    },
};

#[derive(Debug)]
struct LightGru(Activation);

/// The cell with an activation of its candidate.
pub(super) fn of(activation: Activation) -> &'static dyn Equations {
    match activation {
        Activation::Tanh => &LightGru(Activation::Tanh),
        Activation::Relu => &LightGru(Activation::Relu),
        Activation::Sigmoid => &LightGru(Activation::Sigmoid),
        Activation::HardSigmoid => &LightGru(Activation::HardSigmoid),
        Activation::Linear => &LightGru(Activation::Linear),
        Activation::Softsign => &LightGru(Activation::Softsign),
        Activation::Silu => &LightGru(Activation::Silu),
    }
}

static SHAPE: Shape = Shape {
    gates: &[
        Gate { name: "z", pytorch: None, keras: None, bias: 0.0 },
        Gate { name: "c'", pytorch: None, keras: None, bias: 0.0 },
    ],
    has_memory: false,
    has_recurrent_bias: false,
    normalizes_sum: false,
    names_activation: true,
    stores: false,
    products: &[Product::of_state(0..1), Product::of_state(1..2)],
};

impl Equations for LightGru {
    fn shape(&self) -> &'static Shape {
        &SHAPE
    }

    fn compose(&self, step: &Step<'_>) -> State {
        let [gate, ..] = step.extras().activations;
        let sum = |place: usize| step.input(place..place + 1) + step.product(place, step.state());
        let z = gate.forward(sum(0));
        let output = (-z.clone() + 1.0) * self.0.forward(sum(1)) + z * step.state();
        State { output: step.extras().clipped(output), memory: None }
    }

    fn kernel(&self) -> Option<&dyn KernelStep> {
        (self.0 == Activation::Relu).then_some(self)
    }
}

impl KernelStep for LightGru {
    fn forward(&self, step: &mut ForwardStep<'_, '_>) {
        step.add_product(0);
        step.add_product(1);
        forward(step.level, step.hidden, step.gates, step.state);
    }

    fn backward(&self, step: &mut BackwardStep<'_, '_>) {
        let BackwardStep { level, hidden, gates, state_before, d_output, .. } = step;
        let rows = gates.chunks_exact_mut(2 * *hidden).zip(state_before.chunks_exact(*hidden));
        for ((gates, before), d_state) in rows.zip(d_output.chunks_exact_mut(*hidden)) {
            backward_row(*level, gates, before, d_state);
        }
        step.state_back();
        rows::add(step.level, step.d_state, step.d_output);
    }
}

compiled_for_each! {
    /// Activates the gates, `[rows, 2 * hidden]`, and moves the state, `[rows, hidden]`, one step on.
    fn forward(hidden: usize, gates: &mut [f32], state: &mut [f32]) {
        for (gates, state) in gates.chunks_exact_mut(2 * hidden).zip(state.chunks_exact_mut(hidden)) {
            let (z, candidate) = gates.split_at_mut(hidden);
            z.iter_mut().for_each(|z| *z = sigmoid(*z));
            // Written so that NaN stays NaN.
            candidate.iter_mut().for_each(|c| *c = if *c < 0.0 { 0.0 } else { *c });
            for ((state, z), candidate) in state.iter_mut().zip(&*z).zip(&*candidate) {
                *state = (1.0 - z) * candidate + z * *state;
            }
        }
    }
}

compiled_for_each! {
    /// Turns one row's gates into the gradients of their sums, and the gradient of `s_t` into what of it goes straight to `s_{t-1}`.
    fn backward_row(gates: &mut [f32], before: &[f32], d_state: &mut [f32]) {
        let (z, candidate) = gates.split_at_mut(d_state.len());
        for (((z, candidate), ds), before) in z.iter_mut().zip(candidate).zip(d_state).zip(before) {
            let (zv, cv, dsv) = (*z, *candidate, *ds);
            *z = dsv * (before - cv) * zv * (1.0 - zv);
            *candidate = if cv > 0.0 { dsv * (1.0 - zv) } else { 0.0 };
            *ds = dsv * zv;
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
            let of = |gates: usize, seed: u64| numbers(rows * gates * hidden, seed);
            let (mut gates, mut state) = (of(2, 1), of(1, 2));
            forward(level, hidden, &mut gates, &mut state);
            let (before, mut d_state) = (of(1, 3), of(1, 4));
            backward_row(level, &mut gates[..2 * hidden], &before[..hidden], &mut d_state[..hidden]);
            vec![gates, state, d_state]
        });
    }
}
