//! Every weight's gradient as one product over time and batch, once the gradients of all sums are known.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    Operands, Order, Sizes, Source,
    matmul::{Matrix, add_product},
    pool,
    product::Rows,
    rows,
    weights::parts,
};
use crate::{direction::Direction, op::options::DropoutMasks};

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

/// The gradients of what the weights' products were, of all steps, `[time, batch, ...]`.
#[derive(Clone, Copy)]
pub(super) struct Summed<'a> {
    /// Of the input's products, `gates * hidden` wide.
    pub(super) inputs: &'a [f32],
    /// Of the recurrent products, `gates * hidden` wide.
    pub(super) products: &'a [f32],
    /// What the cell stored, or the gradients that it left there, `hidden` wide.
    pub(super) stored: &'a [f32],
}

/// Computes every weight's gradient. `d_bias` is each row's part of the bias's gradient, `[batch, gates * hidden]`.
pub(super) fn weight_gradients(
    operands: &Operands<'_>,
    outputs: &[f32],
    summed: Summed<'_>,
    d_bias: &[f32],
    wanted: Wanted,
) -> WeightGradients {
    let (hidden, width) = (operands.sizes.hidden, operands.width());
    let (kernel, recurrent) = d_kernels(operands, outputs, summed, wanted);
    let bias = if wanted.bias { column_sums(d_bias, width) } else { Vec::new() };
    let mut recurrent_bias = Vec::new();
    if wanted.bias && operands.recurrent_bias().is_some() {
        recurrent_bias.clone_from(&bias);
        for product in operands.shape().products.iter().filter(|product| product.leaves_stored) {
            let columns = product.gates.start * hidden..product.gates.end * hidden;
            recurrent_bias[columns].copy_from_slice(&column_sums(summed.stored, hidden));
        }
    }
    WeightGradients { kernel, recurrent, bias, recurrent_bias }
}

/// The gradients of the input kernel and of the recurrent kernel.
fn d_kernels(
    operands: &Operands<'_>,
    outputs: &[f32],
    summed: Summed<'_>,
    wanted: Wanted,
) -> (Vec<f32>, Vec<f32>) {
    let Sizes { time, batch, input, hidden } = operands.sizes;
    let width = operands.width();
    let copies = Copies::new(operands, wanted);
    let each = parts(&(0..operands.shape().gates.len()), copies.untied).into_iter();
    let each = each.map(|gates| (Copied::new(operands, outputs, copies, gates.start), gates));
    if copies.are_one_operand(operands) {
        let mut both = vec![0.0; (hidden + input) * width];
        for (copied, gates) in each {
            let columns = gates.start * hidden..gates.end * hidden;
            let d_sums = Matrix::new(&summed.products[columns.start..], time * batch, columns.len(), width);
            add_product(copied.rows().transposed(), d_sums, &mut both[columns.start..], width);
        }
        let kernel = both.split_off(hidden * width);
        return (kernel, both);
    }
    let mut recurrent = vec![0.0; if wanted.recurrent { hidden * width } else { 0 }];
    let mut kernel = match operands.source {
        Source::Tokens(places) if wanted.kernel => d_kernel_of_tokens(operands, places, summed.inputs),
        Source::Dense { .. } if wanted.kernel => vec![0.0; input * width],
        _ => Vec::new(),
    };
    for (copied, gates) in each {
        if wanted.recurrent {
            add_d_recurrent(operands, outputs, &copied, summed, &gates, &mut recurrent);
        }
        if let Source::Dense { data, .. } = operands.source
            && wanted.kernel
        {
            let columns = gates.start * hidden..gates.end * hidden;
            let x = copied.input().unwrap_or_else(|| Matrix::new(data, time * batch, input, input));
            let d_sums = Matrix::new(&summed.inputs[columns.start..], time * batch, columns.len(), width);
            add_product(x.transposed(), d_sums, &mut kernel[columns.start..], width);
        }
    }
    (kernel, recurrent)
}

/// The input kernel's gradient where the input is tokens: sums of rows.
fn d_kernel_of_tokens(operands: &Operands<'_>, places: &[usize], d_inputs: &[f32]) -> Vec<f32> {
    let (hidden, width) = (operands.sizes.hidden, operands.width());
    let dropout = operands.options.input_dropout.as_ref();
    by_columns(width, operands.sizes.input, |columns, part| {
        for (step, (place, d_sums)) in places.iter().zip(d_inputs.chunks_exact(width)).enumerate() {
            let row = &mut part[place * columns.len()..][..columns.len()];
            let d_sums = &d_sums[columns.clone()];
            match dropout {
                None => row.iter_mut().zip(d_sums).for_each(|(sum, d)| *sum += d),
                Some(dropout) => {
                    for ((column, sum), d) in columns.clone().zip(row).zip(d_sums) {
                        *sum += d * dropout.of_gate(column / hidden)[step];
                    }
                }
            }
        }
    })
}

/// Adds to the columns of some gates of the recurrent kernel's gradient: each step's operand, transposed, times the gradients of its
/// products.
fn add_d_recurrent(
    operands: &Operands<'_>,
    outputs: &[f32],
    copied: &Copied<'_>,
    summed: Summed<'_>,
    gates: &Range<usize>,
    gradient: &mut [f32],
) {
    let Sizes { time, batch, hidden, .. } = operands.sizes;
    let width = operands.width();
    for product in operands.shape().products {
        let gates = product.gates.start.max(gates.start)..product.gates.end.min(gates.end);
        if gates.is_empty() {
            continue;
        }
        let columns = gates.start * hidden..gates.end * hidden;
        let read = match copied.states() {
            _ if product.reads_stored => {
                vec![(Matrix::new(summed.stored, time * batch, hidden, hidden), 0..time)]
            }
            Some(states) => vec![(states, 0..time)],
            None => states_before(operands, outputs),
        };
        // What normalisation sends back stands with the other products.
        let leaves_stored = product.leaves_stored && operands.gains().is_none();
        let (d_sums, stride) = match leaves_stored {
            true => (&summed.stored[(gates.start - product.gates.start) * hidden..], hidden),
            false => (&summed.products[columns.start..], width),
        };
        for (operand, steps) in read {
            if operand.rows > 0 {
                let d_sums =
                    Matrix::new(&d_sums[steps.start * batch * stride..], operand.rows, columns.len(), stride);
                add_product(operand.transposed(), d_sums, &mut gradient[columns.start..], width);
            }
        }
    }
}

/// The states that the recurrent products read where nothing was dropped, and the steps that read them: the first step's,
/// and those of all others, which lie together as they are the outputs moved by one step.
fn states_before<'a>(operands: &Operands<'a>, outputs: &'a [f32]) -> Vec<(Matrix<'a>, Range<usize>)> {
    let Sizes { time, batch, hidden, .. } = operands.sizes;
    let size = batch * hidden;
    let (first_step, other_steps, others) = match operands.options.direction {
        Direction::Forward => (0..1, 1..time, &outputs[..(time - 1) * size]),
        Direction::Reverse => (time - 1..time, 0..time - 1, &outputs[size..]),
    };
    vec![
        (Matrix::new(operands.state(), batch, hidden, hidden), first_step),
        (Matrix::new(others, (time - 1) * batch, hidden, hidden), other_steps),
    ]
}

/// Which operands have to be copied: what was dropped out, or lies in another order than the gradients of the sums.
#[derive(Clone, Copy)]
struct Copies<'a> {
    input: bool,
    states: bool,
    /// Masks of each gate, where what is copied has some: then everything is done gate by gate.
    untied: Option<&'a DropoutMasks>,
}

impl<'a> Copies<'a> {
    fn new(operands: &Operands<'a>, wanted: Wanted) -> Self {
        let of_states = operands.options.state_dropout.as_ref().filter(|_| wanted.recurrent);
        let (input, of_input) = match operands.source {
            Source::Dense { order, .. } if wanted.kernel => {
                let dropout = operands.options.input_dropout.as_ref();
                (dropout.is_some() || order == Order::Sequences, dropout)
            }
            _ => (false, None),
        };
        let untied = of_states.into_iter().chain(of_input).find(|masks| masks.is_untied());
        Self { input, states: of_states.is_some(), untied }
    }

    /// Whether what is copied is the operand of both kernels' one product.
    fn are_one_operand(&self, operands: &Operands<'_>) -> bool {
        let [product] = operands.shape().products else { return false };
        let has_own_gradients = operands.gains().is_some() && !operands.shape().normalizes_sum;
        self.input && self.states && !product.reads_stored && !product.leaves_stored && !has_own_gradients
    }
}

/// What a part of the weights' columns was multiplied with, as far as it has to be copied. States and features stand side by side,
/// so that one product can serve both kernels.
struct Copied<'a> {
    /// `[time, batch, columns]`.
    data: Vec<f32>,
    sizes: Sizes,
    copies: Copies<'a>,
}

impl<'a> Copied<'a> {
    /// What the columns of a gate were multiplied with.
    fn new(operands: &Operands<'_>, outputs: &[f32], copies: Copies<'a>, gate: usize) -> Self {
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
                let mask = mask(&operands.options.state_dropout, gate);
                rows::copy_dropped(out, columns, before, mask, sizes.hidden);
            }
            if let Source::Dense { data, order } = operands.source
                && copies.input
            {
                let out = &mut out[columns - sizes.input..];
                let x = order.rows(data, sizes, step, 0);
                let mask = mask(&operands.options.input_dropout, gate);
                rows::copy_dropped(out, columns, x, mask, sizes.input);
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

impl Drop for Copied<'_> {
    fn drop(&mut self) {
        pool::give(std::mem::take(&mut self.data));
    }
}

fn mask(dropout: &Option<DropoutMasks>, gate: usize) -> Option<&[f32]> {
    dropout.as_ref().map(|it| it.of_gate(gate))
}

/// The state that a step's recurrent product read, before dropout.
fn state_before<'a>(operands: &Operands<'a>, outputs: &'a [f32], step: usize) -> &'a [f32] {
    let Sizes { time, batch, hidden, .. } = operands.sizes;
    let before = match operands.options.direction {
        Direction::Forward => step.checked_sub(1),
        Direction::Reverse => Some(step + 1).filter(|before| *before < time),
    };
    before.map_or(operands.state(), |before| &outputs[before * batch * hidden..][..batch * hidden])
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
