//! The GRU cell (Cho et al. 2014), gates in the order `r, p, c'`, the candidate by one of two conventions:
//!
//! ```text
//! r, p = sigmoid(U x_t + W s_{t-1} + b)
//! c' = tanh(U x_t + W (r * s_{t-1}) + b)            reset before (arXiv:1406.1078v3)
//! c' = tanh(U x_t + b + r * (W s_{t-1} + b_W))      reset after (v1; cuDNN, PyTorch)
//! s_t = (1 - p) * c' + p * s_{t-1}
//! ```
//!
//! Backward: `dc' = ds * (1 - p)`, `dp = ds * (s_{t-1} - c')`, and `s_{t-1}` gets `ds * p` directly. Reset before:
//! what comes back through `W` at the candidate is the gradient of `r * s_{t-1}`. Reset after: the recurrent part
//! `u = W s_{t-1} + b_W` gets `dc' * r`, and `dr = dc' * u`.

use burn::tensor::Tensor;

use crate::op::{
    composed::{State, Step},
    equations::{Equations, Gate, KernelStep, Product, Shape},
    kernel::{
        BackwardStep, ForwardStep,
        activate::{sigmoid, tanh},
        isa::{Level, compiled_for_each},
        rows::{self, multiply},
    },
};

/// The reset gate acts on the state.
#[derive(Debug)]
pub(super) struct ResetBefore;

/// The reset gate acts on the recurrent product.
#[derive(Debug)]
pub(super) struct ResetAfter;

/// Keras has the update gate first.
const fn gate(name: &'static str, pytorch: Option<usize>, keras: usize) -> Gate {
    Gate { name, pytorch, keras: Some(keras), bias: 0.0 }
}

static BEFORE: Shape = Shape {
    // PyTorch has the cell that resets after alone.
    gates: &[gate("r", None, 1), gate("p", None, 0), gate("c'", None, 2)],
    has_memory: false,
    has_recurrent_bias: false,
    normalizes_sum: false,
    names_activation: false,
    stores: true,
    products: &[Product::of_state(0..2), Product { gates: 2..3, reads_stored: true, leaves_stored: false }],
};

static AFTER: Shape = Shape {
    gates: &[gate("r", Some(0), 1), gate("p", Some(1), 0), gate("c'", Some(2), 2)],
    has_memory: false,
    has_recurrent_bias: true,
    normalizes_sum: false,
    names_activation: false,
    stores: true,
    products: &[Product::of_state(0..2), Product { gates: 2..3, reads_stored: false, leaves_stored: true }],
};

impl Equations for ResetBefore {
    fn shape(&self) -> &'static Shape {
        &BEFORE
    }

    fn compose(&self, step: &Step<'_>) -> State {
        let [gate, candidate, _] = step.extras().activations;
        let both = step.input(0..2) + step.product(0, step.state());
        let [r, p] = [0, 1].map(|place| gate.forward(step.gate_of(&both, place)));
        let candidate = candidate.forward(step.input(2..3) + step.product(1, r * step.state()));
        moved(step, p, candidate)
    }

    fn kernel(&self) -> Option<&dyn KernelStep> {
        Some(self)
    }
}

impl Equations for ResetAfter {
    fn shape(&self) -> &'static Shape {
        &AFTER
    }

    fn compose(&self, step: &Step<'_>) -> State {
        let [gate, candidate, _] = step.extras().activations;
        let both = step.input(0..2) + step.product(0, step.state());
        let [r, p] = [0, 1].map(|place| gate.forward(step.gate_of(&both, place)));
        let candidate = candidate.forward(step.input(2..3) + r * step.product(1, step.state()));
        moved(step, p, candidate)
    }

    fn kernel(&self) -> Option<&dyn KernelStep> {
        Some(self)
    }
}

/// `s_t = (1 - p) * c' + p * s_{t-1}`.
fn moved(step: &Step<'_>, p: Tensor<2>, candidate: Tensor<2>) -> State {
    let output = (-p.clone() + 1.0) * candidate + p * step.state();
    State { output: step.extras().clipped(output), memory: None }
}

impl KernelStep for ResetBefore {
    fn forward(&self, step: &mut ForwardStep<'_, '_>) {
        let (level, hidden) = (step.level, step.hidden);
        step.add_product(0);
        let (dropped, operand, gates) = step.dropped_state(2);
        reset_state(level, hidden, gates, dropped, operand);
        step.add_product(1);
        move_state(level, hidden, step.gates, step.state);
    }

    fn backward(&self, step: &mut BackwardStep<'_, '_>) {
        let (level, hidden, before) = (step.level, step.hidden, step.state_before);
        backward_candidate(level, hidden, step.gates, before, step.d_output);
        let (d_operand, gates, d_state) = step.stored_back(1);
        backward_reset_before(level, hidden, gates, before, d_operand, d_state);
        step.state_back();
        rows::add(level, step.d_state, step.d_output);
    }
}

impl KernelStep for ResetAfter {
    fn forward(&self, step: &mut ForwardStep<'_, '_>) {
        let (level, hidden) = (step.level, step.hidden);
        step.add_product(0);
        step.add_product(1);
        let (recurrent, gates, kept, state) = step.recurrent_part();
        reset_after(level, hidden, gates, recurrent, kept, state);
    }

    fn backward(&self, step: &mut BackwardStep<'_, '_>) {
        let (level, hidden) = (step.level, step.hidden);
        backward_candidate(level, hidden, step.gates, step.state_before, step.d_output);
        backward_reset_after(level, hidden, step.gates, step.stored);
        step.state_back();
        rows::add(level, step.d_state, step.d_output);
    }
}

compiled_for_each! {
    /// Reset before, first half: activates `r` and `p` in `gates` (`[rows, 3 * hidden]`) and computes the
    /// candidate's operand `r * dropped`, where `dropped` is the state after its dropout; `[rows, hidden]` each.
    fn reset_state(hidden: usize, gates: &mut [f32], dropped: &[f32], operand: &mut [f32]) {
        let rows = gates.chunks_exact_mut(3 * hidden).zip(dropped.chunks_exact(hidden));
        for ((gates, dropped), operand) in rows.zip(operand.chunks_exact_mut(hidden)) {
            let r_and_p = &mut gates[..2 * hidden];
            r_and_p.iter_mut().for_each(|z| *z = sigmoid(*z));
            multiply(operand, &r_and_p[..hidden], dropped);
        }
    }
}

compiled_for_each! {
    /// Reset before, second half: activates the candidate and moves `state` (`[rows, hidden]`) one step on.
    fn move_state(hidden: usize, gates: &mut [f32], state: &mut [f32]) {
        for (gates, state) in gates.chunks_exact_mut(3 * hidden).zip(state.chunks_exact_mut(hidden)) {
            let (_, rest) = gates.split_at_mut(hidden);
            let (p, candidate) = rest.split_at_mut(hidden);
            candidate.iter_mut().for_each(|z| *z = tanh(*z));
            mix(p, candidate, state);
        }
    }
}

/// Reset after: activates all gates, whose sums lack the recurrent part, with that part in `recurrent`
/// (`[rows, 3 * hidden]`); keeps the candidate's recurrent part in `kept` (`[rows, hidden]`) and moves
/// `state` one step on.
fn reset_after(
    level: Level,
    hidden: usize,
    gates: &mut [f32],
    recurrent: &[f32],
    kept: &mut [f32],
    state: &mut [f32],
) {
    let rows = gates.chunks_exact_mut(3 * hidden).zip(recurrent.chunks_exact(3 * hidden));
    let rows = rows.zip(kept.chunks_exact_mut(hidden));
    for (((gates, recurrent), kept), state) in rows.zip(state.chunks_exact_mut(hidden)) {
        reset_after_row(level, gates, recurrent, kept, state);
    }
}

compiled_for_each! {
    fn reset_after_row(gates: &mut [f32], recurrent: &[f32], kept: &mut [f32], state: &mut [f32]) {
        let hidden = state.len();
        let (r, rest) = gates.split_at_mut(hidden);
        let (p, candidate) = rest.split_at_mut(hidden);
        let (recurrent_r, rest) = recurrent.split_at(hidden);
        let (recurrent_p, recurrent_c) = rest.split_at(hidden);
        for (z, u) in r.iter_mut().zip(recurrent_r).chain(p.iter_mut().zip(recurrent_p)) {
            *z = sigmoid(*z + u);
        }
        kept.copy_from_slice(recurrent_c);
        for ((z, r), u) in candidate.iter_mut().zip(&*r).zip(recurrent_c) {
            *z = tanh(*z + r * u);
        }
        mix(p, candidate, state);
    }
}

/// `s_t = (1 - p) * c' + p * s_{t-1}`, in place.
#[inline(always)]
fn mix(p: &[f32], candidate: &[f32], state: &mut [f32]) {
    for ((state, p), candidate) in state.iter_mut().zip(p).zip(candidate) {
        *state = (1.0 - p) * candidate + p * *state;
    }
}

/// Backward, both conventions, first half: turns `p` and `c'` in `gates` into the gradients of their sums, and
/// `d_state` (`[rows, hidden]`) from that of `s_t` into the part of `s_{t-1}` that comes straight through `p`.
fn backward_candidate(level: Level, hidden: usize, gates: &mut [f32], before: &[f32], d_state: &mut [f32]) {
    let rows = gates.chunks_exact_mut(3 * hidden).zip(before.chunks_exact(hidden));
    for ((gates, before), d_state) in rows.zip(d_state.chunks_exact_mut(hidden)) {
        backward_candidate_row(level, &mut gates[hidden..], before, d_state);
    }
}

compiled_for_each! {
    fn backward_candidate_row(p_and_candidate: &mut [f32], before: &[f32], d_state: &mut [f32]) {
        let (p, candidate) = p_and_candidate.split_at_mut(d_state.len());
        for (((p, candidate), ds), before) in p.iter_mut().zip(candidate).zip(d_state).zip(before) {
            let (pv, cv, dsv) = (*p, *candidate, *ds);
            *p = dsv * (before - cv) * pv * (1.0 - pv);
            *candidate = dsv * (1.0 - pv) * (1.0 - cv * cv);
            *ds = dsv * pv;
        }
    }
}

compiled_for_each! {
    /// Backward, reset before, second half: `d_operand` is the gradient of `r * s_{t-1}`. Turns `r` into the
    /// gradient of its sum and adds the part of `s_{t-1}` to `d_state`.
    fn backward_reset_before(
        hidden: usize, gates: &mut [f32], before: &[f32], d_operand: &[f32], d_state: &mut [f32],
    ) {
        let rows = gates.chunks_exact_mut(3 * hidden).zip(before.chunks_exact(hidden));
        let rows = rows.zip(d_operand.chunks_exact(hidden));
        for (((gates, before), d_operand), d_state) in rows.zip(d_state.chunks_exact_mut(hidden)) {
            let r = &mut gates[..hidden];
            for (((r, d_operand), before), ds) in r.iter_mut().zip(d_operand).zip(before).zip(d_state) {
                let rv = *r;
                *r = d_operand * before * rv * (1.0 - rv);
                *ds += d_operand * rv;
            }
        }
    }
}

/// Backward, reset after, second half: turns `r` into the gradient of its sum, and the candidate's recurrent
/// part in `kept` into its own gradient.
fn backward_reset_after(level: Level, hidden: usize, gates: &mut [f32], kept: &mut [f32]) {
    for (gates, kept) in gates.chunks_exact_mut(3 * hidden).zip(kept.chunks_exact_mut(hidden)) {
        let (r, rest) = gates.split_at_mut(hidden);
        backward_reset_after_row(level, r, kept, &rest[hidden..]);
    }
}

compiled_for_each! {
    fn backward_reset_after_row(r: &mut [f32], kept: &mut [f32], d_candidate: &[f32]) {
        for ((r, kept), d_candidate) in r.iter_mut().zip(kept).zip(d_candidate) {
            let rv = *r;
            *r = d_candidate * *kept * rv * (1.0 - rv);
            *kept = d_candidate * rv;
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
            let (mut before, mut operand, mut state) = (of(3, 10), of(1, 11), of(1, 12));
            reset_state(level, hidden, &mut before, &of(1, 13), &mut operand);
            move_state(level, hidden, &mut before, &mut state);
            let mut d_state = of(1, 14);
            backward_candidate(level, hidden, &mut before, &of(1, 15), &mut d_state);
            backward_reset_before(level, hidden, &mut before, &of(1, 15), &of(1, 16), &mut d_state);

            let (mut after, mut kept, mut moved) = (of(3, 17), of(1, 18), of(1, 19));
            reset_after(level, hidden, &mut after, &of(3, 20), &mut kept, &mut moved);
            backward_reset_after(level, hidden, &mut after, &mut kept);
            vec![before, operand, state, d_state, after, kept, moved]
        });
    }
}
