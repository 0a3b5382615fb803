//! Every weight's gradient as one product over time and batch, once the gradients of all sums are known.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    Dropout, Operands, Order, Sizes, Source,
    matmul::{Matrix, add_product},
    parts, pool,
    product::Rows,
    rows,
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

/// The weights' gradients, each in the shape of its operand; empty where not wanted or where there is no such
/// operand.
pub(crate) struct WeightGradients {
    pub(crate) kernel: Vec<f32>,
    pub(crate) recurrent: Vec<f32>,
    pub(crate) bias: Vec<f32>,
    pub(crate) recurrent_bias: Vec<f32>,
}

/// Computes every weight's gradient from those of all sums. For a GRU, `extra` holds the candidate's
/// operand (reset before) or the gradient of its recurrent part (reset after). `d_bias` is each row's part of the
/// bias's gradient, `[batch, gates * hidden]`.
pub(super) fn weight_gradients(
    operands: &Operands<'_>,
    outputs: &[f32],
    d_gates: &[f32],
    extra: &[f32],
    d_bias: &[f32],
    wanted: Wanted,
) -> WeightGradients {
    let (hidden, width) = (operands.sizes.hidden, operands.width());
    let (kernel, recurrent) = d_kernels(operands, outputs, d_gates, extra, wanted);
    let bias = if wanted.bias { column_sums(d_bias, width) } else { Vec::new() };
    let mut recurrent_bias = Vec::new();
    if wanted.bias && operands.recurrent_bias.is_some() {
        recurrent_bias.clone_from(&bias);
        recurrent_bias[2 * hidden..].copy_from_slice(&column_sums(extra, hidden));
    }
    WeightGradients { kernel, recurrent, bias, recurrent_bias }
}

/// The gradients of the input kernel and of the recurrent kernel.
fn d_kernels(
    operands: &Operands<'_>,
    outputs: &[f32],
    d_gates: &[f32],
    extra: &[f32],
    wanted: Wanted,
) -> (Vec<f32>, Vec<f32>) {
    let Sizes { time, batch, input, hidden } = operands.sizes;
    let width = operands.width();
    let copies = Copies::new(operands, wanted);
    let columns = |part: usize| part * width / copies.parts..(part + 1) * width / copies.parts;
    let each = (0..copies.parts).map(|part| (columns(part), Copied::new(operands, outputs, copies, part)));
    if copies.input && copies.states && !matches!(operands.cell, Cell::Gru(_)) {
        let mut both = vec![0.0; (hidden + input) * width];
        for (columns, copied) in each {
            let d_sums = Matrix::new(&d_gates[columns.start..], time * batch, columns.len(), width);
            add_product(copied.rows().transposed(), d_sums, &mut both[columns.start..], width);
        }
        let kernel = both.split_off(hidden * width);
        return (kernel, both);
    }
    let mut recurrent = vec![0.0; if wanted.recurrent { hidden * width } else { 0 }];
    let mut kernel = match operands.source {
        Source::Tokens { places, scale } if wanted.kernel => {
            d_kernel_of_tokens(operands, places, scale, d_gates)
        }
        Source::Dense(_) if wanted.kernel => vec![0.0; input * width],
        _ => Vec::new(),
    };
    for (columns, copied) in each {
        if wanted.recurrent {
            add_d_recurrent(operands, outputs, &copied, d_gates, extra, columns.clone(), &mut recurrent);
        }
        if let Source::Dense(x) = operands.source
            && wanted.kernel
        {
            let x = copied.input().unwrap_or_else(|| Matrix::new(x.data, time * batch, input, input));
            let d_sums = Matrix::new(&d_gates[columns.start..], time * batch, columns.len(), width);
            add_product(x.transposed(), d_sums, &mut kernel[columns.start..], width);
        }
    }
    (kernel, recurrent)
}

/// The input kernel's gradient where the input is tokens: sums of rows.
fn d_kernel_of_tokens(
    operands: &Operands<'_>,
    places: &[usize],
    scale: Option<&[f32]>,
    d_gates: &[f32],
) -> Vec<f32> {
    let width = operands.width();
    by_columns(width, operands.sizes.input, |columns, part| {
        for (step, (place, d_sums)) in places.iter().zip(d_gates.chunks_exact(width)).enumerate() {
            let scale = scale.map_or(1.0, |scale| scale[step]);
            let row = &mut part[place * columns.len()..][..columns.len()];
            row.iter_mut().zip(&d_sums[columns.clone()]).for_each(|(sum, d)| *sum += d * scale);
        }
    })
}

/// Adds to some columns of the recurrent kernel's gradient: each step's operand, transposed, times the gradients of its sums.
/// The GRU has all columns together.
fn add_d_recurrent(
    operands: &Operands<'_>,
    outputs: &[f32],
    copied: &Copied,
    d_gates: &[f32],
    extra: &[f32],
    columns: Range<usize>,
    gradient: &mut [f32],
) {
    let Sizes { time, batch, hidden, .. } = operands.sizes;
    let width = operands.width();
    let states = match copied.states() {
        Some(states) => vec![(states, 0..time)],
        None => states_before(operands, outputs),
    };
    let count = if matches!(operands.cell, Cell::Gru(_)) { 2 * hidden } else { columns.len() };
    debug_assert!(columns.start + count <= width);
    for (before, steps) in &states {
        let d_sums = &d_gates[steps.start * batch * width..steps.end * batch * width];
        if !d_sums.is_empty() {
            let d_sums = Matrix::new(&d_sums[columns.start..], before.rows, count, width);
            add_product(before.transposed(), d_sums, &mut gradient[columns.start..], width);
        }
    }
    match operands.cell {
        Cell::Gru(Reset::Before) => {
            let operand = Matrix::new(extra, time * batch, hidden, hidden);
            let d_sums = Matrix::new(&d_gates[2 * hidden..], time * batch, hidden, width);
            add_product(operand.transposed(), d_sums, &mut gradient[2 * hidden..], width);
        }
        Cell::Gru(Reset::After) => {
            for (before, steps) in &states {
                let d_sums = &extra[steps.start * batch * hidden..steps.end * batch * hidden];
                let d_sums = Matrix::new(d_sums, before.rows, hidden, hidden);
                add_product(before.transposed(), d_sums, &mut gradient[2 * hidden..], width);
            }
        }
        Cell::Rnn(_) | Cell::Lstm => {}
    }
}

/// The states that the recurrent products read where nothing was dropped, and the steps that read them: the first step's,
/// and those of all others, which lie together as they are the outputs moved by one step.
fn states_before<'a>(operands: &Operands<'a>, outputs: &'a [f32]) -> Vec<(Matrix<'a>, Range<usize>)> {
    let Sizes { time, batch, hidden, .. } = operands.sizes;
    let size = batch * hidden;
    let (first_step, other_steps, others) = match operands.direction {
        Direction::Forward => (0..1, 1..time, &outputs[..(time - 1) * size]),
        Direction::Reverse => (time - 1..time, 0..time - 1, &outputs[size..]),
    };
    vec![
        (Matrix::new(operands.state, batch, hidden, hidden), first_step),
        (Matrix::new(others, (time - 1) * batch, hidden, hidden), other_steps),
    ]
}

/// Which operands have to be copied: what was dropped out, or lies in another order than the gradients of the sums.
#[derive(Clone, Copy)]
struct Copies {
    input: bool,
    states: bool,
    /// The parts of the columns that have masks of their own. Where only one of the two has, the other is copied for each part, too.
    parts: usize,
}

impl Copies {
    fn new(operands: &Operands<'_>, wanted: Wanted) -> Self {
        let states = wanted.recurrent && operands.dropout.is_some();
        let of_states = if states { parts(operands.dropout) } else { 1 };
        match operands.source {
            Source::Dense(x) if wanted.kernel => Self {
                input: x.dropout.is_some() || x.order == Order::Sequences,
                states,
                parts: of_states.max(parts(x.dropout)),
            },
            _ => Self { input: false, states, parts: of_states },
        }
    }
}

/// What a part of the weights' columns was multiplied with, as far as it has to be copied. States and features stand side by side,
/// so that one product can serve both kernels.
struct Copied {
    /// `[time, batch, columns]`.
    data: Vec<f32>,
    sizes: Sizes,
    copies: Copies,
}

impl Copied {
    fn new(operands: &Operands<'_>, outputs: &[f32], copies: Copies, part: usize) -> Self {
        let sizes = operands.sizes;
        let mut copied = Self { data: Vec::new(), sizes, copies };
        let columns = copied.columns();
        if columns == 0 {
            return copied;
        }
        copied.data = pool::take(sizes.time * sizes.batch * columns);
        let steps = copied.data.par_chunks_exact_mut(sizes.batch * columns).enumerate();
        steps.with_min_len(rows::PART / sizes.batch + 1).for_each(|(step, out)| {
            if copies.states {
                let before = Rows { data: state_before(operands, outputs, step), stride: sizes.hidden };
                rows::copy_dropped(out, columns, before, mask(operands.dropout, part), sizes.hidden);
            }
            if let Source::Dense(features) = operands.source
                && copies.input
            {
                let out = &mut out[columns - sizes.input..];
                let x = features.rows(sizes, step, 0);
                rows::copy_dropped(out, columns, x, mask(features.dropout, part), sizes.input);
            }
        });
        copied
    }

    fn columns(&self) -> usize {
        let width = |is_there: bool, width: usize| if is_there { width } else { 0 };
        width(self.copies.states, self.sizes.hidden) + width(self.copies.input, self.sizes.input)
    }

    fn rows(&self) -> Matrix<'_> {
        Matrix::new(&self.data, self.sizes.time * self.sizes.batch, self.columns(), self.columns())
    }

    fn states(&self) -> Option<Matrix<'_>> {
        self.copies.states.then(|| Matrix { columns: self.sizes.hidden, ..self.rows() })
    }

    fn input(&self) -> Option<Matrix<'_>> {
        let input = self.sizes.input;
        self.copies.input.then(|| Matrix {
            data: &self.data[self.columns() - input..],
            columns: input,
            ..self.rows()
        })
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        pool::give(std::mem::take(&mut self.data));
    }
}

fn mask(dropout: Option<Dropout<'_>>, part: usize) -> Option<&[f32]> {
    dropout.map(|it| it.mask(part))
}

/// The state that a step's recurrent product read, before dropout.
fn state_before<'a>(operands: &Operands<'a>, outputs: &'a [f32], step: usize) -> &'a [f32] {
    let Sizes { time, batch, hidden, .. } = operands.sizes;
    let before = match operands.direction {
        Direction::Forward => step.checked_sub(1),
        Direction::Reverse => Some(step + 1).filter(|before| *before < time),
    };
    before.map_or(operands.state, |before| &outputs[before * batch * hidden..][..batch * hidden])
}

pub(super) fn column_sums(rows: &[f32], width: usize) -> Vec<f32> {
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
