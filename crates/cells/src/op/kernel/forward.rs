//! Walks a sequence forward.
//!
//! Each thread takes its rows of the batch through the whole sequence, step by step, against weights that are
//! packed once. A dense input is multiplied there too, while a step's sums are in the cache. One product for all steps
//! at once was as fast, within what can be measured here.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    Operands, Sizes, Source, gru,
    isa::Isa,
    lstm,
    normalized::{self, Normalized},
    pack::Packed,
    parts, pool,
    product::{Into, Panels, Rows, Target, product},
    rnn, rows,
    stream::{Plain, streamed},
    zones::{self, Zone},
};
use crate::cell::{Cell, Reset};

/// The outcome of a walk.
pub(crate) struct Forward {
    /// The outputs, `[time, batch, hidden]`, and behind them the LSTM's last memory, `[batch, hidden]`.
    pub(crate) bundle: Vec<f32>,
    pub(crate) saved: Saved,
}

/// What the way back needs beside the outputs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Saved {
    /// The activated gates, `[time, batch, gates * hidden]`.
    pub(super) gates: Vec<f32>,
    /// `[time, batch, hidden]`: the LSTM's memory after each step; the GRU's candidate operand
    /// `r * s_{t-1}` (reset before) or recurrent part (reset after); empty for the vanilla cell.
    pub(super) extra: Vec<f32>,
    /// With layer normalisation.
    pub(super) normalized: Normalized,
}

impl Drop for Saved {
    fn drop(&mut self) {
        pool::give(std::mem::take(&mut self.gates));
        pool::give(std::mem::take(&mut self.extra));
    }
}

/// Computes all outputs of a sequence.
///
/// # Panics
/// A slice's length is not that of its shape, or a token is out of range.
pub(crate) fn forward(operands: &Operands<'_>) -> Forward {
    operands.check();
    let Sizes { time, batch, hidden, .. } = operands.sizes;
    let width = operands.width();
    let mut gates = input_sums(operands);
    let mut extra = pool::take(if matches!(operands.cell, Cell::Rnn(_)) { 0 } else { time * batch * hidden });
    let mut normalized = Normalized::new(operands);
    let memory_rows = if operands.cell.has_memory() { batch } else { 0 };
    let mut bundle = vec![0.0; (time * batch + memory_rows) * hidden];
    let weights = Weights::new(Isa::detect(), operands);
    // A single step is shared out by columns, so that each weight is read by one thread.
    let ranges = if is_step(operands) {
        rows::whole(batch)
    } else {
        rows::split(batch, time * batch * hidden * width)
    };
    let (outputs, last_memory) = bundle.split_at_mut(time * batch * hidden);
    let mut shares = Vec::with_capacity(ranges.len());
    let parts = rows::cut_steps(&mut gates, batch, width, &ranges)
        .into_iter()
        .zip(rows::cut_steps(outputs, batch, hidden, &ranges))
        .zip(rows::cut_steps(&mut extra, batch, hidden, &ranges))
        .zip(rows::cut(last_memory, if memory_rows > 0 { hidden } else { 0 }, &ranges))
        .zip(normalized.cut(weights.isa.level, operands, &ranges));
    for (range, ((((gates, outputs), extra), last_memory), normalized)) in ranges.iter().cloned().zip(parts) {
        shares.push(Share { range, gates, outputs, extra, last_memory, normalized });
    }
    rows::run(shares, |share| walk(operands, &weights, share));
    Forward { bundle, saved: Saved { gates, extra, normalized } }
}

/// `U x_t + b` for every step of a token input, `[time, batch, gates * hidden]`, or what is given in its place; for a dense
/// input the walk computes that itself, while a step's sums are in the cache, and what is here has any value.
fn input_sums(operands: &Operands<'_>) -> Vec<f32> {
    let Sizes { time, batch, .. } = operands.sizes;
    let width = operands.width();
    let mut sums = pool::take(time * batch * width);
    if let Source::Sums(given) = operands.source {
        sums.copy_from_slice(given);
    }
    if let Source::Tokens { places, scale } = operands.source {
        sums.par_chunks_mut(rows::PART * width).enumerate().for_each(|(part, sums)| {
            for (step, sums) in (part * rows::PART..).zip(sums.chunks_exact_mut(width)) {
                let row = &operands.kernel[places[step] * width..][..width];
                let scale = scale.map_or(1.0, |scale| scale[step]);
                for ((sum, weight), bias) in sums.iter_mut().zip(row).zip(operands.bias) {
                    *sum = weight * scale + bias;
                }
            }
        });
    }
    sums
}

/// The weights as the walk reads them.
struct Weights<'a> {
    isa: Isa,
    /// The input kernel, for a dense input: the columns of each mask of dropout by themselves.
    input: Vec<Weight<'a>>,
    /// All gates, likewise; the GRU's `r` and `p` alone where it resets before.
    gates: Vec<Weight<'a>>,
    /// The candidate's columns, where the GRU resets before.
    candidate: Option<Weight<'a>>,
}

/// One matrix of weights: packed for many uses, or as it lies for one.
enum Weight<'a> {
    Packed(Packed),
    Plain(Plain<'a>),
}

impl<'a> Weights<'a> {
    fn new(isa: Isa, operands: &Operands<'a>) -> Self {
        let Sizes { input, hidden, .. } = operands.sizes;
        let stride = operands.width();
        let is_step = is_step(operands);
        let weight = |data: &'a [f32], depth: usize, columns: usize| match is_step {
            true => Weight::Plain(Plain { isa, data, depth, columns, stride }),
            false => Weight::Packed(Packed::new(isa, depth, columns, data, stride, 1)),
        };
        let by_parts = |data: &'a [f32], depth: usize, columns: usize, parts: usize| {
            let columns = columns / parts;
            (0..parts).map(|part| weight(&data[part * columns..], depth, columns)).collect()
        };
        let whole = operands.recurrent;
        let resets_before = operands.cell == Cell::Gru(Reset::Before);
        Self {
            isa,
            input: match operands.source {
                Source::Dense(x) => by_parts(operands.kernel, input, stride, parts(x.dropout)),
                Source::Tokens { .. } | Source::Sums(_) => Vec::new(),
            },
            gates: by_parts(
                whole,
                hidden,
                if resets_before { 2 * hidden } else { stride },
                parts(operands.dropout),
            ),
            candidate: resets_before.then(|| weight(&whole[2 * hidden..], hidden, hidden)),
        }
    }
}

impl Weight<'_> {
    /// `out = a * weight (+ out, or + a row)`, for `rows` rows that are `stride` apart in `out`.
    fn product(&self, rows: usize, a: Rows<'_>, out: &mut [f32], stride: usize, into: Into<'_>) {
        match self {
            Self::Packed(packed) => {
                product(a, packed, Target::new(rows, packed.dims()[1], out, stride), into)
            }
            Self::Plain(plain) => streamed(a, *plain, Target::new(rows, plain.columns, out, stride), into),
        }
    }
}

/// Sequences up to which a single step is shared out by the columns of the weights, instead of by rows: with more, the products
/// outweigh the reading of the weights by far, and each thread has rows enough of its own.
const FEW_SEQUENCES: usize = 128;

/// Whether this is a single step of so few sequences, as in generation, that reading the weights is a large part of it.
fn is_step(operands: &Operands<'_>) -> bool {
    operands.sizes.time == 1 && operands.sizes.batch <= FEW_SEQUENCES
}

/// One thread's part of every buffer: its rows at each step.
struct Share<'a> {
    range: Range<usize>,
    gates: Vec<&'a mut [f32]>,
    outputs: Vec<&'a mut [f32]>,
    extra: Vec<&'a mut [f32]>,
    last_memory: &'a mut [f32],
    /// With layer normalisation.
    normalized: Option<normalized::Share<'a>>,
}

fn walk(operands: &Operands<'_>, weights: &Weights<'_>, mut share: Share<'_>) {
    let Sizes { batch, input, hidden, .. } = operands.sizes;
    let (width, level) = (operands.width(), weights.isa.level);
    let count = share.range.len();
    let mut state = rows::of(operands.state, hidden, &share.range).to_vec();
    let mut memory = operands.memory.map_or_else(Vec::new, |it| rows::of(it, hidden, &share.range).to_vec());
    let mut dropped = vec![0.0; if operands.dropout.is_some() { count * hidden } else { 0 }];
    let mut dropped_input = vec![0.0; if operands.source.dropout().is_some() { count * input } else { 0 }];
    let mut before = Before::new(operands, count);
    let mut recurrent = vec![0.0; if operands.recurrent_bias.is_some() { count * width } else { 0 }];

    for step in operands.order() {
        before.remember(&state, &memory);
        let (gates, output) = (&mut *share.gates[step], &mut *share.outputs[step]);
        if let Source::Dense(features) = operands.source {
            let columns = width / weights.input.len();
            for (part, kernel) in weights.input.iter().enumerate() {
                let mut x = features.rows(operands.sizes, step, share.range.start);
                if let Some(dropout) = features.dropout {
                    let mask = rows::of(dropout.mask(part), input, &share.range);
                    rows::copy_dropped(&mut dropped_input, input, x, Some(mask), input);
                    x = Rows { data: &dropped_input, stride: input };
                }
                let bias = &operands.bias[part * columns..][..columns];
                kernel.product(count, x, &mut gates[part * columns..], width, Into::SumWith(bias));
            }
        }
        let times = |operand: &[f32], weight: &Weight<'_>, out: &mut [f32]| {
            weight.product(count, Rows { data: operand, stride: hidden }, out, width, Into::Add);
        };
        let mask = |part: usize| operands.dropout.map(|it| rows::of(it.mask(part), hidden, &share.range));
        match operands.cell {
            Cell::Rnn(activation) => {
                times(dropped_out(&state, mask(0), &mut dropped), &weights.gates[0], gates);
                rnn::forward(level, activation, gates, output);
                state.copy_from_slice(output);
            }
            Cell::Lstm => {
                let products = match &mut share.normalized {
                    None => &mut *gates,
                    Some(normalized) => normalized.products(step),
                };
                let columns = width / weights.gates.len();
                for (part, weight) in weights.gates.iter().enumerate() {
                    let operand = dropped_out(&state, mask(part), &mut dropped);
                    times(operand, weight, &mut products[part * columns..]);
                }
                match &mut share.normalized {
                    None => lstm::forward(level, hidden, gates, &mut memory, &mut state),
                    Some(normalized) => normalized.forward(step, gates, &mut memory, &mut state),
                }
            }
            Cell::Gru(Reset::Before) => {
                let candidate = weights.candidate.as_ref().expect("packed for this cell");
                let extra = &mut *share.extra[step];
                let operand = dropped_out(&state, mask(0), &mut dropped);
                times(operand, &weights.gates[0], gates);
                gru::reset_state(level, hidden, gates, operand, extra);
                times(extra, candidate, &mut gates[2 * hidden..]);
                gru::move_state(level, hidden, gates, &mut state);
            }
            Cell::Gru(Reset::After) => {
                let bias = operands.recurrent_bias.expect("checked at the door");
                let operand = Rows { data: dropped_out(&state, mask(0), &mut dropped), stride: hidden };
                weights.gates[0].product(count, operand, &mut recurrent, width, Into::SumWith(bias));
                gru::reset_after(level, hidden, gates, &recurrent, share.extra[step], &mut state);
            }
        }
        let zone = |kept| Zone::at(kept, step, batch, hidden, &share.range);
        if let Some(kept) = &operands.zoneout.output {
            zones::forward(level, zone(kept), &before.state, &mut state);
        }
        if let Some(kept) = &operands.zoneout.memory {
            zones::forward(level, zone(kept), &before.memory, &mut memory);
        }
        if let Some(mask) = operands.mask {
            before.restore(&mask[step * batch..][share.range.clone()], hidden, &mut state, &mut memory);
        }
        output.copy_from_slice(&state);
        if operands.cell == Cell::Lstm {
            share.extra[step].copy_from_slice(&memory);
        }
    }
    share.last_memory.copy_from_slice(&memory);
}

/// The state as the recurrent products read it.
fn dropped_out<'a>(state: &'a [f32], mask: Option<&[f32]>, dropped: &'a mut [f32]) -> &'a [f32] {
    let Some(mask) = mask else { return state };
    rows::multiply(dropped, state, mask);
    dropped
}

/// The state before a step, which padded rows and units in zoneout go back to; remembered only where there are any.
struct Before {
    state: Vec<f32>,
    memory: Vec<f32>,
}

impl Before {
    fn new(operands: &Operands<'_>, count: usize) -> Self {
        let size = if operands.mask.is_some() || operands.zoneout.is_on() {
            count * operands.sizes.hidden
        } else {
            0
        };
        Self { state: vec![0.0; size], memory: vec![0.0; if operands.cell.has_memory() { size } else { 0 }] }
    }

    fn remember(&mut self, state: &[f32], memory: &[f32]) {
        if !self.state.is_empty() {
            self.state.copy_from_slice(state);
            self.memory.copy_from_slice(memory);
        }
    }

    fn restore(&self, mask: &[bool], hidden: usize, state: &mut [f32], memory: &mut [f32]) {
        for (row, _) in mask.iter().enumerate().filter(|(_, real)| !**real) {
            let row = row * hidden..(row + 1) * hidden;
            state[row.clone()].copy_from_slice(&self.state[row.clone()]);
            if !memory.is_empty() {
                memory[row.clone()].copy_from_slice(&self.memory[row]);
            }
        }
    }
}
