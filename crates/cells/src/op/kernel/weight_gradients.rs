//! Every weight's gradient as one product over time and batch, once the gradients of all sums are known.

use std::{borrow::Cow, ops::Range};

use rayon::prelude::*;

use super::{
    Operands, Sizes, Source,
    matmul::{Matrix, add_product},
    pool, rows,
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
        Source::Tokens { .. } | Source::Sums(_) => {}
    }
    let recurrent =
        if wanted.recurrent { d_recurrent(operands, outputs, d_gates, extra) } else { Vec::new() };
    let bias = if wanted.bias { column_sums(d_bias, width) } else { Vec::new() };
    let mut recurrent_bias = Vec::new();
    if wanted.bias && operands.recurrent_bias.is_some() {
        recurrent_bias.clone_from(&bias);
        recurrent_bias[2 * hidden..].copy_from_slice(&column_sums(extra, hidden));
    }
    WeightGradients { kernel, recurrent, bias, recurrent_bias }
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
            rows::multiply_in_place(first.to_mut(), dropout);
            let mut dropped = pool::take(others.len());
            let steps = dropped.par_chunks_exact_mut(size).zip(others.par_chunks_exact(size));
            steps
                .with_min_len(rows::PART / batch + 1)
                .for_each(|(dropped, step)| rows::multiply(dropped, step, dropout));
            others = Cow::Owned(dropped);
        }
        Self { first, first_step, others, other_steps }
    }

    fn for_each(&self, batch: usize, hidden: usize, mut add: impl FnMut(Matrix<'_>, Range<usize>)) {
        add(Matrix::new(&self.first, batch, hidden, hidden), self.first_step.clone());
        let rows = self.other_steps.len() * batch;
        add(Matrix::new(&self.others, rows, hidden, hidden), self.other_steps.clone());
    }
}

impl Drop for StatesBefore<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(dropped) = std::mem::take(&mut self.others) {
            pool::give(dropped);
        }
    }
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
