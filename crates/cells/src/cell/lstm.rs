//! The LSTM cell (Hochreiter and Schmidhuber 1997), gates in the order `i, f, c', o`:
//!
//! ```text
//! i, f, o = sigmoid(z)    c' = tanh(z)    with z = U x_t + W s_{t-1} + b
//! c_t = f * c_{t-1} + i * c'              s_t = o * tanh(c_t)
//! ```
//!
//! Backward, with `dc` gathering what comes from `s_t` and from the step after:
//!
//! ```text
//! do = ds * tanh(c_t)         dc = dc_{t+1} + ds * o * (1 - tanh(c_t)^2)
//! di = dc * c'    df = dc * c_{t-1}    dc' = dc * i    dc_{t-1} = dc * f
//! ```
//!
//! and each gate's gradient times the derivative of its activation is that of its sum.

use crate::op::{
    composed::{State, Step},
    equations::{Equations, Gate, KernelStep, Product, Shape},
    kernel::{
        BackwardStep, ForwardStep, MemoryBack, NormalizedMemory,
        activate::{sigmoid, tanh},
        isa::{Level, compiled_for_each},
    },
};

#[derive(Debug)]
pub(super) struct Lstm;

static SHAPE: Shape = Shape {
    gates: &[
        Gate { name: "i", pytorch: Some(0), keras: Some(0), bias: 0.0 },
        // Jozefowicz et al. 2015.
        Gate { name: "f", pytorch: Some(1), keras: Some(1), bias: 1.0 },
        Gate { name: "c'", pytorch: Some(2), keras: Some(2), bias: 0.0 },
        Gate { name: "o", pytorch: Some(3), keras: Some(3), bias: 0.0 },
    ],
    has_memory: true,
    has_recurrent_bias: false,
    normalizes_sum: false,
    names_activation: false,
    stores: false,
    products: &[Product::of_state(0..4)],
};

impl Equations for Lstm {
    fn shape(&self) -> &'static Shape {
        &SHAPE
    }

    fn compose(&self, step: &Step<'_>) -> State {
        let extras = step.extras();
        let [gate, candidate, output] = extras.activations;
        let sums = step.all_sums();
        let sum = |place: usize| step.gate_of(&sums, place);
        let seen = |sum, place: usize, memory: &_| extras.seen(sum, place, memory);
        let before = step.memory();
        let i = gate.forward(seen(sum(0), 0, &before));
        let f = if extras.coupled { -i.clone() + 1.0 } else { gate.forward(seen(sum(1), 1, &before)) };
        let memory = extras.clipped(f * before + i * candidate.forward(sum(2)));
        let o = gate.forward(seen(sum(3), 2, &memory));
        let outputs = o * output.forward(step.normalized_memory(memory.clone()));
        State { output: extras.projected(outputs), memory: Some(memory) }
    }

    fn kernel(&self) -> Option<&dyn KernelStep> {
        Some(self)
    }
}

impl KernelStep for Lstm {
    fn forward(&self, step: &mut ForwardStep<'_, '_>) {
        step.add_product(0);
        let (level, hidden) = (step.level, step.hidden);
        if !step.normalizes_memory() {
            return forward(level, hidden, step.gates, step.memory, step.state);
        }
        forward_memory(level, hidden, step.gates, step.memory);
        let (memory, gates, output) = step.normalized_memory();
        normalized_output(level, hidden, gates, memory, output);
    }

    fn backward(&self, step: &mut BackwardStep<'_, '_>) {
        let (level, hidden) = (step.level, step.hidden);
        if let Some(MemoryBack { memory, gates, d_output, d }) = step.normalized_memory() {
            backward_normalized_output(level, hidden, gates, memory, d_output, d);
            step.add_memory_back();
            backward_memory(level, hidden, step.gates, step.memory_before, step.d_memory);
        } else {
            step.made_memory(|gates, before, memory| new_memory(level, hidden, gates, before, memory));
            let BackwardStep { gates, memory, memory_before, d_output, d_memory, .. } = step;
            backward(level, hidden, gates, memory, memory_before, d_output, d_memory);
        }
        step.state_back();
    }
}

compiled_for_each! {
    /// Turns the sums of one step into gates, in place, and computes the memory and the output.
    /// `gates` is `[rows, 4 * hidden]`, the others `[rows, hidden]`; `memory` holds `c_{t-1}` and becomes `c_t`.
    fn forward(hidden: usize, gates: &mut [f32], memory: &mut [f32], output: &mut [f32]) {
        let rows = gates.chunks_exact_mut(4 * hidden).zip(memory.chunks_exact_mut(hidden));
        for ((gates, memory), output) in rows.zip(output.chunks_exact_mut(hidden)) {
            remember(hidden, gates, memory);
            for ((output, o), memory) in output.iter_mut().zip(&gates[3 * hidden..]).zip(&*memory) {
                *output = o * tanh(*memory);
            }
        }
    }
}

compiled_for_each! {
    /// The same without the output.
    fn forward_memory(hidden: usize, gates: &mut [f32], memory: &mut [f32]) {
        for (gates, memory) in gates.chunks_exact_mut(4 * hidden).zip(memory.chunks_exact_mut(hidden)) {
            remember(hidden, gates, memory);
        }
    }
}

compiled_for_each! {
    /// The output where the memory is normalised, `[rows, hidden]`: `o * tanh(gain * n + bias)`.
    fn normalized_output(
        hidden: usize, gates: &[f32], memory: NormalizedMemory<'_>, output: &mut [f32],
    ) {
        let rows = gates.chunks_exact(4 * hidden).zip(memory.numbers.chunks_exact(hidden));
        for ((gates, normalized), output) in rows.zip(output.chunks_exact_mut(hidden)) {
            let memory = normalized.iter().zip(memory.gain).zip(memory.bias);
            let memory = memory.map(|((n, gain), bias)| gain * n + bias);
            for ((output, o), memory) in output.iter_mut().zip(&gates[3 * hidden..]).zip(memory) {
                *output = o * tanh(memory);
            }
        }
    }
}

/// Activates one row's gates and moves its memory on. Several short loops rather than one: each touches few enough slices
/// that the compiler can rule out that they overlap and uses vectors, and a row stays in the first-level cache between
/// them.
#[inline(always)]
fn remember(hidden: usize, gates: &mut [f32], memory: &mut [f32]) {
    let (i_and_f, rest) = gates.split_at_mut(2 * hidden);
    let (candidate, o) = rest.split_at_mut(hidden);
    i_and_f.iter_mut().for_each(|z| *z = sigmoid(*z));
    candidate.iter_mut().for_each(|z| *z = tanh(*z));
    o.iter_mut().for_each(|z| *z = sigmoid(*z));
    let (i, f) = i_and_f.split_at(hidden);
    for ((memory, f), (i, candidate)) in memory.iter_mut().zip(f).zip(i.iter().zip(&*candidate)) {
        *memory = f * *memory + i * candidate;
    }
}

compiled_for_each! {
    /// Computes `f * c_{t-1} + i * c'` anew from the gates: with zoneout `c_t` is not that.
    fn new_memory(hidden: usize, gates: &[f32], memory_before: &[f32], memory: &mut [f32]) {
        let rows = gates.chunks_exact(4 * hidden).zip(memory_before.chunks_exact(hidden));
        for ((gates, before), memory) in rows.zip(memory.chunks_exact_mut(hidden)) {
            let (i, rest) = gates.split_at(hidden);
            let (f, candidate) = rest.split_at(hidden);
            for (((memory, before), f), (i, candidate)) in memory.iter_mut().zip(before).zip(f).zip(i.iter().zip(candidate)) {
                *memory = f * before + i * candidate;
            }
        }
    }
}

/// Turns the gates of one step into the gradients of their sums, in place. `d_memory` holds what comes from
/// the step after and becomes what goes to the step before.
fn backward(
    level: Level,
    hidden: usize,
    gates: &mut [f32],
    memory: &[f32],
    memory_before: &[f32],
    d_output: &[f32],
    d_memory: &mut [f32],
) {
    let rows = gates.chunks_exact_mut(4 * hidden).zip(memory.chunks_exact(hidden));
    let rows = rows.zip(memory_before.chunks_exact(hidden)).zip(d_output.chunks_exact(hidden));
    for ((((gates, memory), before), d_output), dc) in rows.zip(d_memory.chunks_exact_mut(hidden)) {
        let (others, o) = gates.split_at_mut(3 * hidden);
        backward_output_row(level, o, memory, d_output, dc);
        through_memory(level, others, before, dc);
    }
}

compiled_for_each! {
    fn backward_output_row(o: &mut [f32], memory: &[f32], d_output: &[f32], dc: &mut [f32]) {
        for (((dc, o), memory), ds) in dc.iter_mut().zip(o).zip(memory).zip(d_output) {
            let squashed = tanh(*memory);
            *dc += ds * *o * (1.0 - squashed * squashed);
            *o = ds * squashed * *o * (1.0 - *o);
        }
    }
}

compiled_for_each! {
    /// Where the memory is normalised, first part: turns `o` into the gradient of its sum, and computes that of
    /// `gain * n + bias` into `d`.
    fn backward_normalized_output(
        hidden: usize, gates: &mut [f32], memory: NormalizedMemory<'_>, d_output: &[f32], d: &mut [f32],
    ) {
        let rows = gates.chunks_exact_mut(4 * hidden).zip(memory.numbers.chunks_exact(hidden));
        let rows = rows.zip(d_output.chunks_exact(hidden)).zip(d.chunks_exact_mut(hidden));
        for (((gates, normalized), d_output), d) in rows {
            let memory = normalized.iter().zip(memory.gain).zip(memory.bias);
            let memory = memory.map(|((n, gain), bias)| gain * n + bias);
            for (((o, memory), ds), d) in gates[3 * hidden..].iter_mut().zip(memory).zip(d_output).zip(d) {
                let squashed = tanh(memory);
                *d = ds * *o * (1.0 - squashed * squashed);
                *o = ds * squashed * *o * (1.0 - *o);
            }
        }
    }
}

/// Second part: `d_memory` is the gradient of `c_t`, and becomes that of `c_{t-1}`.
fn backward_memory(
    level: Level,
    hidden: usize,
    gates: &mut [f32],
    memory_before: &[f32],
    d_memory: &mut [f32],
) {
    let rows = gates.chunks_exact_mut(4 * hidden).zip(memory_before.chunks_exact(hidden));
    for ((gates, before), dc) in rows.zip(d_memory.chunks_exact_mut(hidden)) {
        through_memory(level, &mut gates[..3 * hidden], before, dc);
    }
}

compiled_for_each! {
    /// From the gradient of one row's `c_t` to those of the sums of `i`, `f` and `c'`, and of `c_{t-1}`; short loops, as in the
    /// forward pass.
    fn through_memory(gates: &mut [f32], before: &[f32], dc: &mut [f32]) {
        let (i, rest) = gates.split_at_mut(dc.len());
        let (f, candidate) = rest.split_at_mut(dc.len());
        for ((i, candidate), dc) in i.iter_mut().zip(candidate).zip(&*dc) {
            let (iv, cv) = (*i, *candidate);
            *i = dc * cv * iv * (1.0 - iv);
            *candidate = dc * iv * (1.0 - cv * cv);
        }
        for ((f, before), dc) in f.iter_mut().zip(before).zip(dc) {
            let (fv, dcv) = (*f, *dc);
            *f = dcv * before * fv * (1.0 - fv);
            *dc = dcv * fv;
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
            let (mut gates, mut memory, mut output) = (of(4, 4), of(1, 5), of(1, 6));
            forward(level, hidden, &mut gates, &mut memory, &mut output);
            let (mut d_memory, mut anew) = (of(1, 7), of(1, 10));
            new_memory(level, hidden, &gates, &of(1, 11), &mut anew);
            backward(level, hidden, &mut gates, &memory, &of(1, 8), &of(1, 9), &mut d_memory);
            vec![gates, memory, output, d_memory, anew]
        });
    }

    #[test]
    fn every_instruction_set_normalizes_to_the_same_bits() {
        check_bits(|level, rows, hidden| {
            let of = |gates: usize, seed: u64| numbers(rows * gates * hidden, seed);
            let (gain, bias, memories) = (numbers(hidden, 24), numbers(hidden, 25), of(1, 30));
            let normalized = NormalizedMemory { numbers: &memories, gain: &gain, bias: &bias };
            let (mut gates, mut memory, mut output, mut d) = (of(4, 26), of(1, 27), of(1, 28), of(1, 29));
            forward_memory(level, hidden, &mut gates, &mut memory);
            normalized_output(level, hidden, &gates, normalized, &mut output);
            let d_output = of(1, 31);
            backward_normalized_output(level, hidden, &mut gates, normalized, &d_output, &mut d);
            backward_memory(level, hidden, &mut gates, &of(1, 32), &mut d);
            vec![gates, memory, output, d]
        });
    }
}
