//! Walks a sequence forward.
//!
//! Each thread takes its rows of the batch through the whole sequence, step by step, against weights that are packed once. The
//! input is multiplied there too, while a step's sums are in the cache. One product for all steps at once was as fast, within what
//! can be measured here.

use std::ops::Range;

use super::{
    Operands, Sizes, Source,
    before::Before,
    forward_step::ForwardStep,
    isa::{Isa, Level},
    normalized::{Normalized, NormalizedShare},
    pool,
    product::{Onto, Rows},
    rows,
    weights::{Weight, Weights},
    zoneout::{self, KeptRows},
};
use crate::op::equations::KernelStep;

/// The outcome of a walk.
pub(crate) struct Forward {
    /// The outputs, `[time, batch, hidden]`, and behind them the LSTM's last memory, `[batch, hidden]`.
    pub(crate) bundle: Vec<f32>,
    /// Where it was asked for.
    pub(crate) saved: Option<Saved>,
}

/// What the way back needs beside the outputs: of every step, or, where nothing is to be saved, of the step that is computed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Saved {
    /// The activated gates, `[time, batch, gates * hidden]`.
    pub(super) gates: Vec<f32>,
    /// What the cell stores, `[time, batch, hidden]`.
    pub(super) stored: Vec<f32>,
    /// The memory after each step, `[time, batch, hidden]`.
    pub(super) memories: Vec<f32>,
    /// With layer normalisation.
    pub(super) normalized: Normalized,
}

impl Drop for Saved {
    fn drop(&mut self) {
        pool::give(std::mem::take(&mut self.gates));
        pool::give(std::mem::take(&mut self.stored));
        pool::give(std::mem::take(&mut self.memories));
    }
}

impl Saved {
    fn new(operands: &Operands<'_>, steps: usize) -> Self {
        let rows = steps * operands.sizes.batch;
        Self {
            gates: pool::take(rows * operands.width()),
            stored: pool::take(rows * operands.stored_width()),
            memories: pool::take(rows * operands.memory_width()),
            normalized: Normalized::new(operands, steps),
        }
    }
}

/// Computes all outputs of a sequence; with `keep`, also what the way back needs.
///
/// # Panics
/// A slice's length is not that of its shape, or a token is out of range.
pub(crate) fn forward(operands: &Operands<'_>, keep: bool) -> Forward {
    operands.check();
    let Sizes { time, batch, hidden, .. } = operands.sizes;
    let mut saved = Saved::new(operands, if keep { time } else { 1 });
    let mut bundle = vec![0.0; (time * hidden + operands.memory_width()) * batch];
    let isa = Isa::detect();
    let weights = Weights::new(operands, true, |data, depth, gates| {
        Weight::new(isa, is_step(operands), data, [depth, gates * hidden], operands.width())
    });
    let walk = ForwardWalk { operands, weights, level: isa.level(), keep };
    // A single step is shared out by columns, so that each weight is read by one thread.
    let ranges = if is_step(operands) {
        rows::whole(batch)
    } else {
        rows::split(batch, time * batch * hidden * operands.width())
    };
    let (outputs, last_memory) = bundle.split_at_mut(time * batch * hidden);
    let Saved { gates, stored, memories, normalized } = &mut saved;
    let parts = rows::cut_steps(gates, batch, operands.width(), &ranges)
        .into_iter()
        .zip(rows::cut_steps(outputs, batch, hidden, &ranges))
        .zip(rows::cut_steps(stored, batch, operands.stored_width(), &ranges))
        .zip(rows::cut_steps(memories, batch, operands.memory_width(), &ranges))
        .zip(rows::cut(last_memory, operands.memory_width(), &ranges))
        .zip(normalized.cut(walk.level, operands, &ranges));
    let shares = ranges.iter().cloned().zip(parts).map(|(range, parts)| {
        let (((((gates, outputs), stored), memories), last_memory), normalized) = parts;
        Share { range, gates, outputs, stored, memories, last_memory, normalized }
    });
    rows::run(shares.collect(), |share| walk.take(share));
    Forward { bundle, saved: keep.then_some(saved) }
}

/// What all threads share.
pub(super) struct ForwardWalk<'a> {
    pub(super) operands: &'a Operands<'a>,
    pub(super) weights: Weights<Weight<'a>>,
    level: Level,
    keep: bool,
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
    stored: Vec<&'a mut [f32]>,
    memories: Vec<&'a mut [f32]>,
    last_memory: &'a mut [f32],
    /// With layer normalisation.
    normalized: Option<NormalizedShare<'a>>,
}

/// What a thread writes anew at every step.
pub(super) struct Scratch {
    /// The state after its dropout, `[rows, hidden]`.
    pub(super) dropped: Vec<f32>,
    /// The input after its dropout, `[rows, input]`.
    dropped_input: Vec<f32>,
    /// The recurrent products, where they stay apart, `[rows, gates * hidden]`.
    pub(super) recurrent: Vec<f32>,
}

impl Scratch {
    fn new(operands: &Operands<'_>, rows: usize) -> Self {
        let Sizes { input, hidden, .. } = operands.sizes;
        let zeros = |is_used: bool, width: usize| vec![0.0; if is_used { rows * width } else { 0 }];
        let options = operands.options;
        let is_dense = matches!(operands.source, Source::Dense { .. });
        Self {
            dropped: zeros(options.state_dropout.is_some(), hidden),
            dropped_input: zeros(options.input_dropout.is_some() && is_dense, input),
            recurrent: zeros(operands.shape().has_recurrent_bias, operands.width()),
        }
    }
}

impl<'a> ForwardWalk<'a> {
    fn take(&self, mut share: Share<'a>) {
        let Sizes { time, batch, hidden, .. } = self.operands.sizes;
        let (options, range) = (self.operands.options, share.range.clone());
        let cell: &dyn KernelStep = options.cell.kernel().expect("the kernel has this cell");
        let mut state = rows::of(self.operands.state(), hidden, &range).to_vec();
        let mut memory = rows::of(self.operands.memory(), self.operands.memory_width(), &range).to_vec();
        let mut scratch = Scratch::new(self.operands, range.len());
        let is_kept = options.padding.is_some() || options.zoneout.is_on();
        let mut before = Before::new(self.operands, if is_kept { range.len() } else { 0 });
        for step in options.direction.steps(time) {
            let place = if self.keep { step } else { 0 };
            before.remember(&state, &memory);
            self.input_sums(step, place, &mut share, &mut scratch);
            cell.forward(&mut ForwardStep {
                level: self.level,
                hidden,
                gates: share.gates[place],
                state: &mut state,
                memory: &mut memory,
                stored: share.stored.get_mut(place).map_or(&mut [][..], |stored| &mut **stored),
                scratch: &mut scratch,
                walk: self,
                range: range.clone(),
                normalized: share.normalized.as_mut(),
                place,
            });
            let kept = |kept| KeptRows::at(kept, step, batch, hidden, &range);
            if let Some(units) = &options.zoneout.output {
                zoneout::forward(self.level, kept(units), &before.state, &mut state);
            }
            if let Some(units) = &options.zoneout.memory {
                zoneout::forward(self.level, kept(units), &before.memory, &mut memory);
            }
            if let Some(real) = &options.padding {
                before.restore(&real[step * batch..][range.clone()], hidden, &mut state, &mut memory);
            }
            share.outputs[step].copy_from_slice(&state);
            if let Some(memories) = share.memories.get_mut(place) {
                memories.copy_from_slice(&memory);
            }
        }
        share.last_memory.copy_from_slice(&memory);
    }

    /// The input's part of a step's sums, `[rows, gates * hidden]`: `U x_t + b`, or what normalisation makes of it.
    fn input_sums(&self, step: usize, place: usize, share: &mut Share<'a>, scratch: &mut Scratch) {
        let (operands, range) = (self.operands, &share.range);
        let (width, hidden) = (operands.width(), operands.sizes.hidden);
        let dropout = operands.options.input_dropout.as_ref();
        let bias = share.normalized.is_none().then(|| operands.bias());
        let sums = match &mut share.normalized {
            Some(normalized) if !operands.shape().normalizes_sum => normalized.inputs(place),
            _ => &mut *share.gates[place],
        };
        match operands.source {
            Source::Dense { data, order } => {
                let input = operands.sizes.input;
                for (gates, kernel) in &self.weights.input {
                    let mut x = order.rows(data, operands.sizes, step, range.start);
                    if let Some(dropout) = dropout {
                        let mask = rows::of(dropout.of_gate(gates.start), input, range);
                        rows::copy_dropped(&mut scratch.dropped_input, input, x, Some(mask), input);
                        x = Rows { data: &scratch.dropped_input, stride: input };
                    }
                    let columns = gates.start * hidden..gates.end * hidden;
                    let into = bias.map_or(Onto::Set, |bias| Onto::SumWith(&bias[columns.clone()]));
                    kernel.product(range.len(), x, &mut sums[columns.start..], width, into);
                }
            }
            Source::Tokens(places) => {
                let steps =
                    step * operands.sizes.batch + range.start..step * operands.sizes.batch + range.end;
                for (sums, step) in sums.chunks_exact_mut(width).zip(steps) {
                    let row = &operands.kernel[places[step] * width..][..width];
                    self.choose_row(sums, row, step, bias);
                }
            }
        }
        if let Some(normalized) = share.normalized.as_mut().filter(|_| !operands.shape().normalizes_sum) {
            normalized.input_sums(place, share.gates[place], operands.bias());
        }
    }

    /// A row of the kernel in place of a product, scaled by the dropout of each gate.
    fn choose_row(&self, sums: &mut [f32], row: &[f32], step: usize, bias: Option<&[f32]>) {
        let hidden = self.operands.sizes.hidden;
        let dropout = self.operands.options.input_dropout.as_ref();
        for (gates, sums) in (0..).zip(sums.chunks_exact_mut(hidden)) {
            let scale = dropout.map_or(1.0, |dropout| dropout.of_gate(gates)[step]);
            let row = &row[gates * hidden..][..hidden];
            match bias {
                Some(bias) => {
                    let bias = &bias[gates * hidden..][..hidden];
                    for ((sum, weight), bias) in sums.iter_mut().zip(row).zip(bias) {
                        *sum = weight * scale + bias;
                    }
                }
                None => sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum = weight * scale),
            }
        }
    }
}
