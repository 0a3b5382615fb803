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

use super::{
    activate::{sigmoid, tanh},
    isa::compiled_for_each,
};

compiled_for_each! {
    /// Turns the sums of one step into gates, in place, and computes the memory and the output.
    /// `gates` is `[rows, 4 * hidden]`, the others `[rows, hidden]`; `memory` holds `c_{t-1}` and becomes `c_t`.
    pub(super) fn forward(hidden: usize, gates: &mut [f32], memory: &mut [f32], output: &mut [f32]) {
        let rows = gates.chunks_exact_mut(4 * hidden).zip(memory.chunks_exact_mut(hidden));
        for ((gates, memory), output) in rows.zip(output.chunks_exact_mut(hidden)) {
            let (i, rest) = gates.split_at_mut(hidden);
            let (f, rest) = rest.split_at_mut(hidden);
            let (candidate, o) = rest.split_at_mut(hidden);
            let (memory, output) = (&mut memory[..hidden], &mut output[..hidden]);
            let o = &mut o[..hidden];
            for k in 0..hidden {
                i[k] = sigmoid(i[k]);
                f[k] = sigmoid(f[k]);
                candidate[k] = tanh(candidate[k]);
                o[k] = sigmoid(o[k]);
                memory[k] = f[k] * memory[k] + i[k] * candidate[k];
                output[k] = o[k] * tanh(memory[k]);
            }
        }
    }
}

compiled_for_each! {
    /// Turns the gates of one step into the gradients of their sums, in place. `d_memory` holds what comes from
    /// the step after and becomes what goes to the step before.
    pub(super) fn backward(
        hidden: usize, gates: &mut [f32], memory: &[f32], memory_before: &[f32], d_output: &[f32], d_memory: &mut [f32],
    ) {
        let rows = gates.chunks_exact_mut(4 * hidden).zip(memory.chunks_exact(hidden));
        let rows = rows.zip(memory_before.chunks_exact(hidden)).zip(d_output.chunks_exact(hidden));
        for ((((gates, memory), before), d_output), d_memory) in rows.zip(d_memory.chunks_exact_mut(hidden)) {
            let (i, rest) = gates.split_at_mut(hidden);
            let (f, rest) = rest.split_at_mut(hidden);
            let (candidate, o) = rest.split_at_mut(hidden);
            let o = &mut o[..hidden];
            let (memory, before) = (&memory[..hidden], &before[..hidden]);
            let (d_output, d_memory) = (&d_output[..hidden], &mut d_memory[..hidden]);
            for k in 0..hidden {
                let squashed = tanh(memory[k]);
                let dc = d_memory[k] + d_output[k] * o[k] * (1.0 - squashed * squashed);
                let (iv, fv, cv, ov) = (i[k], f[k], candidate[k], o[k]);
                i[k] = dc * cv * iv * (1.0 - iv);
                f[k] = dc * before[k] * fv * (1.0 - fv);
                candidate[k] = dc * iv * (1.0 - cv * cv);
                o[k] = d_output[k] * squashed * ov * (1.0 - ov);
                d_memory[k] = dc * fv;
            }
        }
    }
}
