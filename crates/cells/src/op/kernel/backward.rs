//! Walks a sequence backward: first the gradients of all gates' sums, step by step against the transposed
//! recurrent weights, packed once; then every weight's gradient as one product over time and batch.

use std::{borrow::Cow, ops::Range};

use rayon::prelude::*;

use super::{
    Operands, Sizes, Source,
    forward::{Saved, multiply},
    gru,
    isa::Isa,
    lstm,
    matmul::{Matrix, add_product},
    pack::Packed,
    product::{Into, Rows, product},
    rnn, rows,
};
use crate::cell::{Cell, Direction, Reset};

/// Which gradients to compute beside those of the states, which the walk yields anyway.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) input: bool,
    pub(crate) kernel: bool,
    pub(crate) recurrent: bool,
    pub(crate) bias: bool,
}

/// The gradients, each in the shape of its operand; empty where not wanted or where there is no such operand.
pub(crate) struct Gradients {
    pub(crate) input: Vec<f32>,
    pub(crate) kernel: Vec<f32>,
    pub(crate) recurrent: Vec<f32>,
    pub(crate) bias: Vec<f32>,
    pub(crate) recurrent_bias: Vec<f32>,
    pub(crate) state: Vec<f32>,
    pub(crate) memory: Vec<f32>,
}

/// Computes the gradients of a sequence from those of its bundle; `bundle` and `saved` are what
/// [`forward`](super::forward()) made of the same operands.
///
/// # Panics
/// A slice's length is not that of its shape.
pub(crate) fn backward(
    operands: &Operands<'_>,
    bundle: &[f32],
    mut saved: Saved,
    d_bundle: &[f32],
    wanted: Wanted,
) -> Gradients {
    operands.check();
    let Sizes { time, batch, input, hidden } = operands.sizes;
    let width = operands.width();
    let Saved { gates: d_gates, extra } = &mut saved;
    let outputs = &bundle[..time * batch * hidden];
    let (d_outputs, d_last_memory) = d_bundle.split_at(time * batch * hidden);

    let weights = Weights::pack(Isa::detect(), operands, wanted);
    let d_width = if weights.input.is_some() { input } else { 0 };
    let mut d_input = vec![0.0; time * batch * d_width];
    let ranges = rows::split(batch, time * batch * hidden * width);
    let mut d_state = vec![0.0; batch * hidden];
    let mut d_memory = d_last_memory.to_vec();
    let mut shares = Vec::with_capacity(ranges.len());
    let parts = rows::cut_steps(d_gates, batch, width, &ranges)
        .into_iter()
        .zip(rows::cut_steps(extra, batch, hidden, &ranges))
        .zip(rows::cut_steps(&mut d_input, batch, d_width, &ranges))
        .zip(rows::cut(&mut d_state, hidden, &ranges))
        .zip(rows::cut(&mut d_memory, if operands.cell.has_memory() { hidden } else { 0 }, &ranges));
    for (range, ((((gates, extra), d_input), d_state), d_memory)) in ranges.iter().cloned().zip(parts) {
        shares.push(Share { range, gates, extra, d_input, d_state, d_memory });
    }
    rows::run(shares, |share| walk(operands, &weights, outputs, d_outputs, share));

    let mut gradients = weight_gradients(operands, outputs, d_gates, extra, wanted);
    gradients.input = d_input;
    gradients.state = d_state;
    gradients.memory = d_memory;
    gradients
}

/// The transposed weights: from gradients of sums to those of the input and of the state.
struct Weights {
    /// The input kernel, where the input's gradient is wanted.
    input: Option<Packed>,
    /// All gates; the GRU's `r` and `p` alone.
    gates: Packed,
    /// The GRU's candidate.
    candidate: Option<Packed>,
}

impl Weights {
    fn pack(isa: Isa, operands: &Operands<'_>, wanted: Wanted) -> Self {
        let (hidden, width) = (operands.sizes.hidden, operands.width());
        let whole = operands.recurrent;
        let is_dense = matches!(operands.source, Source::Dense(_));
        let input = (is_dense && wanted.input)
            .then(|| Packed::new(isa, width, operands.sizes.input, operands.kernel, 1, width));
        if matches!(operands.cell, Cell::Gru(_)) {
            return Self {
                input,
                gates: Packed::new(isa, 2 * hidden, hidden, whole, 1, width),
                candidate: Some(Packed::new(isa, hidden, hidden, &whole[2 * hidden..], 1, width)),
            };
        }
        Self { input, gates: Packed::new(isa, width, hidden, whole, 1, width), candidate: None }
    }
}

/// One thread's part of every buffer. `gates` becomes the gradients of the sums; `extra` that of the
/// candidate's recurrent part, where the GRU resets after.
struct Share<'a> {
    range: Range<usize>,
    gates: Vec<&'a mut [f32]>,
    extra: Vec<&'a mut [f32]>,
    d_input: Vec<&'a mut [f32]>,
    d_state: &'a mut [f32],
    d_memory: &'a mut [f32],
}

fn walk(
    operands: &Operands<'_>,
    weights: &Weights,
    outputs: &[f32],
    d_outputs: &[f32],
    mut share: Share<'_>,
) {
    let Sizes { batch, hidden, .. } = operands.sizes;
    let (width, level) = (operands.width(), weights.gates.isa.level);
    let count = share.range.len();
    let of_step = |buffer: &'_ [f32], step: usize| -> Range<usize> {
        let start = (step * batch + share.range.start) * hidden;
        debug_assert!(start + count * hidden <= buffer.len());
        start..start + count * hidden
    };
    let dropout = operands.dropout.map(|it| rows::of(it, hidden, &share.range));
    // The gradient of s_t: what comes from the step after, and from the output.
    let mut d_output = vec![0.0; count * hidden];
    // What comes back through the recurrent product.
    let mut through = vec![0.0; count * hidden];
    let order = operands.order();

    for (place, &step) in order.iter().enumerate().rev() {
        let previous = place.checked_sub(1).map(|place| order[place]);
        let state_before = match previous {
            Some(previous) => &outputs[of_step(outputs, previous)],
            None => rows::of(operands.state, hidden, &share.range),
        };
        for ((d_output, carried), given) in
            d_output.iter_mut().zip(&*share.d_state).zip(&d_outputs[of_step(d_outputs, step)])
        {
            *d_output = carried + given;
        }
        let mask = operands.mask.map(|mask| &mask[step * batch..][share.range.clone()]);
        let padded = mask.map(|mask| Padded::remember(mask, hidden, &d_output, share.d_memory));
        let gates = &mut *share.gates[step];
        let times = |d_sums: &[f32], stride: usize, weights: &Packed, out: &mut [f32], into: Into| {
            product(count, Rows { data: d_sums, stride }, weights, out, hidden, into);
        };
        match operands.cell {
            Cell::Rnn(activation) => {
                rnn::backward(level, activation, gates, &d_output);
                clear_padded(mask, width, gates);
                times(gates, width, &weights.gates, &mut through, Into::Set);
                drop_and_set(share.d_state, &through, dropout);
            }
            Cell::Lstm => {
                let memory_before = match previous {
                    Some(previous) => &*share.extra[previous],
                    None => rows::of(operands.memory.expect("checked at the door"), hidden, &share.range),
                };
                let memory = &*share.extra[step];
                lstm::backward(level, hidden, gates, memory, memory_before, &d_output, share.d_memory);
                clear_padded(mask, width, gates);
                times(gates, width, &weights.gates, &mut through, Into::Set);
                drop_and_set(share.d_state, &through, dropout);
            }
            Cell::Gru(reset) => {
                let candidate = weights.candidate.as_ref().expect("packed for this cell");
                gru::backward_candidate(level, hidden, gates, state_before, &mut d_output);
                match reset {
                    Reset::Before => {
                        times(&gates[2 * hidden..], width, candidate, &mut through, Into::Set);
                        drop_in_place(&mut through, dropout);
                        gru::backward_reset_before(
                            level,
                            hidden,
                            gates,
                            state_before,
                            &through,
                            &mut d_output,
                        );
                        clear_padded(mask, width, gates);
                        times(gates, width, &weights.gates, &mut through, Into::Set);
                    }
                    Reset::After => {
                        let kept = &mut *share.extra[step];
                        gru::backward_reset_after(level, hidden, gates, kept);
                        clear_padded(mask, width, gates);
                        clear_padded(mask, hidden, kept);
                        times(gates, width, &weights.gates, &mut through, Into::Set);
                        times(kept, hidden, candidate, &mut through, Into::Add);
                    }
                }
                drop_in_place(&mut through, dropout);
                for ((d_state, direct), through) in share.d_state.iter_mut().zip(&d_output).zip(&through) {
                    *d_state = direct + through;
                }
            }
        }
        if let Some(kernel) = &weights.input {
            let d_sums = Rows { data: &*share.gates[step], stride: width };
            product(count, d_sums, kernel, share.d_input[step], operands.sizes.input, Into::Set);
        }
        if let Some(padded) = padded {
            padded.restore(hidden, share.d_state, share.d_memory);
        }
    }
}

/// The gradients of padded rows, which pass a step unchanged: the row, that of the state, that of the memory.
struct Padded(Vec<(usize, Vec<f32>, Vec<f32>)>);

impl Padded {
    fn remember(mask: &[bool], hidden: usize, d_state: &[f32], d_memory: &[f32]) -> Self {
        let row_of =
            |buffer: &[f32], row: usize| buffer.get(row * hidden..(row + 1) * hidden).map(<[f32]>::to_vec);
        let rows = mask.iter().enumerate().filter(|(_, real)| !**real);
        Self(
            rows.map(|(row, _)| {
                (row, row_of(d_state, row).expect("one row each"), row_of(d_memory, row).unwrap_or_default())
            })
            .collect(),
        )
    }

    fn restore(self, hidden: usize, d_state: &mut [f32], d_memory: &mut [f32]) {
        for (row, state, memory) in self.0 {
            d_state[row * hidden..(row + 1) * hidden].copy_from_slice(&state);
            if !memory.is_empty() {
                d_memory[row * hidden..(row + 1) * hidden].copy_from_slice(&memory);
            }
        }
    }
}

/// A padded step contributes no gradient.
fn clear_padded(mask: Option<&[bool]>, width: usize, gates: &mut [f32]) {
    for (row, _) in mask.unwrap_or_default().iter().enumerate().filter(|(_, real)| !**real) {
        gates[row * width..(row + 1) * width].fill(0.0);
    }
}

fn drop_in_place(through: &mut [f32], dropout: Option<&[f32]>) {
    if let Some(dropout) = dropout {
        through.iter_mut().zip(dropout).for_each(|(through, keep)| *through *= keep);
    }
}

fn drop_and_set(d_state: &mut [f32], through: &[f32], dropout: Option<&[f32]>) {
    match dropout {
        Some(dropout) => multiply(d_state, through, dropout),
        None => d_state.copy_from_slice(through),
    }
}

/// Every weight's gradient, and the input's, from those of all sums. For a GRU, `extra` holds the candidate's
/// operand (reset before) or the gradient of its recurrent part (reset after).
fn weight_gradients(
    operands: &Operands<'_>,
    outputs: &[f32],
    d_gates: &[f32],
    extra: &[f32],
    wanted: Wanted,
) -> Gradients {
    let Sizes { time, batch, input, hidden } = operands.sizes;
    let width = operands.width();
    let steps = time * batch;
    let d_sums = Matrix::new(d_gates, steps, width, width);
    let mut kernel = Vec::new();
    match operands.source {
        Source::Dense(x) => {
            if wanted.kernel {
                kernel.resize(input * width, 0.0);
                let x = Matrix::new(x, steps, input, input);
                add_product(x.transposed(), d_sums, &mut kernel, width);
            }
        }
        Source::Tokens { places, scale } if wanted.kernel => {
            kernel = by_columns(width, input, |columns, part| {
                for (step, (place, d_sums)) in places.iter().zip(d_gates.chunks_exact(width)).enumerate() {
                    let scale = scale.map_or(1.0, |scale| scale[step]);
                    let row = &mut part[place * columns.len()..][..columns.len()];
                    row.iter_mut().zip(&d_sums[columns.clone()]).for_each(|(sum, d)| *sum += d * scale);
                }
            });
        }
        Source::Tokens { .. } => {}
    }
    let recurrent =
        if wanted.recurrent { d_recurrent(operands, outputs, d_gates, extra) } else { Vec::new() };
    let bias = if wanted.bias { column_sums(d_gates, width) } else { Vec::new() };
    let mut recurrent_bias = Vec::new();
    if wanted.bias && operands.recurrent_bias.is_some() {
        recurrent_bias.clone_from(&bias);
        recurrent_bias[2 * hidden..].copy_from_slice(&column_sums(extra, hidden));
    }
    Gradients {
        input: Vec::new(),
        kernel,
        recurrent,
        bias,
        recurrent_bias,
        state: Vec::new(),
        memory: Vec::new(),
    }
}

/// The recurrent kernel's gradient: each step's operand, transposed, times the gradients of its sums.
fn d_recurrent(operands: &Operands<'_>, outputs: &[f32], d_gates: &[f32], extra: &[f32]) -> Vec<f32> {
    let Sizes { time, batch, hidden, .. } = operands.sizes;
    let width = operands.width();
    let mut gradient = vec![0.0; hidden * width];
    let states = StatesBefore::new(operands, outputs);
    let columns = if matches!(operands.cell, Cell::Gru(_)) { 2 * hidden } else { width };
    let gates = |range: Range<usize>| &d_gates[range.start * batch * width..range.end * batch * width];
    states.for_each(batch, hidden, |before, steps| {
        let d_sums = Matrix::new(gates(steps.clone()), steps.len() * batch, columns, width);
        add_product(before.transposed(), d_sums, &mut gradient, width);
    });
    match operands.cell {
        Cell::Gru(Reset::Before) => {
            let operand = Matrix::new(extra, time * batch, hidden, hidden);
            let d_sums = Matrix::new(&d_gates[2 * hidden..], time * batch, hidden, width);
            add_product(operand.transposed(), d_sums, &mut gradient[2 * hidden..], width);
        }
        Cell::Gru(Reset::After) => states.for_each(batch, hidden, |before, steps| {
            let d_sums = &extra[steps.start * batch * hidden..steps.end * batch * hidden];
            let d_sums = Matrix::new(d_sums, steps.len() * batch, hidden, hidden);
            add_product(before.transposed(), d_sums, &mut gradient[2 * hidden..], width);
        }),
        Cell::Rnn(_) | Cell::Lstm => {}
    }
    gradient
}

/// The state that each step's recurrent product read, after its dropout: the first step's, and those of all
/// others, which lie together as they are the outputs moved by one step.
struct StatesBefore<'a> {
    first: Cow<'a, [f32]>,
    first_step: Range<usize>,
    others: Cow<'a, [f32]>,
    other_steps: Range<usize>,
}

impl<'a> StatesBefore<'a> {
    fn new(operands: &Operands<'a>, outputs: &'a [f32]) -> Self {
        let Sizes { time, batch, hidden, .. } = operands.sizes;
        let size = batch * hidden;
        let (first_step, other_steps, others) = match operands.direction {
            Direction::Forward => (0..1, 1..time, &outputs[..(time - 1) * size]),
            Direction::Reverse => (time - 1..time, 0..time - 1, &outputs[size..]),
        };
        let mut first = Cow::Borrowed(operands.state);
        let mut others = Cow::Borrowed(others);
        if let Some(dropout) = operands.dropout {
            drop_in_place(first.to_mut(), Some(dropout));
            others.to_mut().chunks_exact_mut(size).for_each(|step| drop_in_place(step, Some(dropout)));
        }
        Self { first, first_step, others, other_steps }
    }

    fn for_each(&self, batch: usize, hidden: usize, mut add: impl FnMut(Matrix<'_>, Range<usize>)) {
        add(Matrix::new(&self.first, batch, hidden, hidden), self.first_step.clone());
        let rows = self.other_steps.len() * batch;
        add(Matrix::new(&self.others, rows, hidden, hidden), self.other_steps.clone());
    }
}

fn column_sums(rows: &[f32], width: usize) -> Vec<f32> {
    by_columns(width, 1, |columns, sums| {
        for row in rows.chunks_exact(width) {
            sums.iter_mut().zip(&row[columns.clone()]).for_each(|(sum, value)| *sum += value);
        }
    })
}

/// Sums into a `[rows, width]` matrix of zeros, a block of columns a thread, so that each number is summed by one
/// thread in one order. `sum` is given its columns and a `[rows, columns]` part of its own.
fn by_columns(width: usize, rows: usize, sum: impl Fn(Range<usize>, &mut [f32]) + Sync) -> Vec<f32> {
    /// Wide enough that a row's part fills a few cache lines.
    const BLOCK: usize = 256;
    let blocks: Vec<_> = (0..width).step_by(BLOCK).map(|start| start..width.min(start + BLOCK)).collect();
    let parts: Vec<_> = blocks
        .into_par_iter()
        .map(|columns| {
            let mut part = vec![0.0; rows * columns.len()];
            sum(columns.clone(), &mut part);
            (columns, part)
        })
        .collect();
    let mut whole = vec![0.0; rows * width];
    for (columns, part) in parts {
        for (row, part) in whole.chunks_exact_mut(width).zip(part.chunks_exact(columns.len())) {
            row[columns.clone()].copy_from_slice(part);
        }
    }
    whole
}
