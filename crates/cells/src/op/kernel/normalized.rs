//! Layer normalisation within the walks, forward and backward, for every cell: of the input's part of the sums and of each recurrent
//! product, or of the whole sum, and of the memory before its activation.
//!
//! ```text
//! z = g_U * LN(U x_t) + b + g_W * LN(W s_{t-1})        or        z = g * LN(U x_t + W s_{t-1}) + b
//! ```
//!
//! Each product of the cell is normalised by itself, over the columns of its gates.

use std::ops::Range;

use super::{
    Operands, forward_step::NormalizedMemory, isa::Level, layer_norm, operands::Gains, pool, rows,
    weight_gradients::column_sums,
};
use crate::op::equations::Shape;

/// Rows that were normalised, and what each was multiplied with.
#[derive(Clone, Debug, Default)]
struct Lines {
    /// `[steps, batch, width]`; on the way back they become the gradients of what was normalised.
    numbers: Vec<f32>,
    /// `[steps, batch, groups]`.
    scales: Vec<f32>,
}

/// What the way back needs; empty without normalisation.
#[derive(Clone, Debug, Default)]
pub(super) struct Normalized {
    products: Lines,
    inputs: Lines,
    memories: Lines,
}

/// One thread's rows at every step.
struct LinesShare<'a> {
    width: usize,
    numbers: Vec<&'a mut [f32]>,
    scales: Vec<&'a mut [f32]>,
}

/// Columns that are normalised together.
#[derive(Clone)]
struct Group<'a> {
    /// Its place among the groups of a row.
    index: usize,
    columns: Range<usize>,
    gain: &'a [f32],
}

/// One thread's part of it.
pub(super) struct NormalizedShare<'a> {
    level: Level,
    hidden: usize,
    shape: &'static Shape,
    gains: Gains<'a>,
    products: LinesShare<'a>,
    inputs: LinesShare<'a>,
    memories: LinesShare<'a>,
}

impl Drop for Normalized {
    fn drop(&mut self) {
        for lines in [&mut self.products, &mut self.inputs, &mut self.memories] {
            pool::give(std::mem::take(&mut lines.numbers));
        }
    }
}

impl Lines {
    fn new(rows: usize, width: usize, groups: usize) -> Self {
        Self { numbers: pool::take(rows * width), scales: vec![0.0; rows * groups] }
    }

    fn cut(
        &mut self,
        batch: usize,
        width: usize,
        groups: usize,
        ranges: &[Range<usize>],
    ) -> Vec<LinesShare<'_>> {
        let numbers = rows::cut_steps(&mut self.numbers, batch, width, ranges).into_iter();
        let parts = numbers.zip(rows::cut_steps(&mut self.scales, batch, groups, ranges));
        parts.map(|(numbers, scales)| LinesShare { width, numbers, scales }).collect()
    }
}

impl Normalized {
    /// For so many steps.
    pub(super) fn new(operands: &Operands<'_>, steps: usize) -> Self {
        let Some(gains) = operands.gains() else { return Self::default() };
        let (rows, groups) = (steps * operands.sizes.batch, operands.shape().products.len());
        Self {
            products: Lines::new(rows, gains.recurrent.len(), groups),
            inputs: Lines::new(rows, gains.input.len(), groups),
            memories: Lines::new(rows, gains.memory.len(), 1),
        }
    }

    /// Cuts it by rows, one part a range; nothing without normalisation.
    pub(super) fn cut<'a>(
        &'a mut self,
        level: Level,
        operands: &Operands<'a>,
        ranges: &[Range<usize>],
    ) -> Vec<Option<NormalizedShare<'a>>> {
        let Some(gains) = operands.gains() else { return ranges.iter().map(|_| None).collect() };
        let (batch, hidden, shape) = (operands.sizes.batch, operands.sizes.hidden, operands.shape());
        let groups = shape.products.len();
        let Self { products, inputs, memories } = self;
        let parts = products
            .cut(batch, gains.recurrent.len(), groups, ranges)
            .into_iter()
            .zip(inputs.cut(batch, gains.input.len(), groups, ranges))
            .zip(memories.cut(batch, gains.memory.len(), 1, ranges));
        parts
            .map(|((products, inputs), memories)| {
                Some(NormalizedShare { level, hidden, shape, gains, products, inputs, memories })
            })
            .collect()
    }

    /// The gradients of the raw recurrent products, or of the raw sum, once the walk back is done.
    pub(super) fn d_products(&self) -> &[f32] {
        &self.products.numbers
    }

    /// The gradients of the raw input products; empty where the sum is normalised.
    pub(super) fn d_inputs(&self) -> &[f32] {
        &self.inputs.numbers
    }
}

impl LinesShare<'_> {
    /// Normalises the columns of a group, in place.
    fn normalize(&mut self, level: Level, place: usize, group: &Group<'_>) {
        let rows = self.numbers[place].chunks_exact_mut(self.width);
        let groups = self.scales[place].len() / rows.len().max(1);
        for (row, scales) in rows.zip(self.scales[place].chunks_exact_mut(groups)) {
            layer_norm::forward(level, &mut row[group.columns.clone()], &mut scales[group.index]);
        }
    }

    /// Puts the gradients of what was normalised in its place.
    fn back(&mut self, level: Level, place: usize, group: &Group<'_>, given: Given<'_>, d_gain: &mut [f32]) {
        let Group { index, ref columns, gain } = *group;
        let rows = self.numbers[place].chunks_exact_mut(self.width);
        let groups = self.scales[place].len() / rows.len().max(1);
        let rows = rows.zip(self.scales[place].chunks_exact(groups));
        let rows = rows.zip(given.d.chunks_exact(given.stride)).zip(d_gain.chunks_exact_mut(self.width));
        for (((numbers, scales), d), d_gain) in rows {
            let (numbers, d_gain) = (&mut numbers[columns.clone()], &mut d_gain[columns.clone()]);
            let d = &d[given.first..][..columns.len()];
            layer_norm::backward(level, numbers, scales[index], gain, d, d_gain);
        }
    }
}

impl NormalizedShare<'_> {
    /// Where the recurrent products of a step are to go, `[rows, gates * hidden]`.
    pub(super) fn products(&mut self, place: usize) -> &mut [f32] {
        self.products.numbers[place]
    }

    /// Where the input's products are to go.
    pub(super) fn inputs(&mut self, place: usize) -> &mut [f32] {
        self.inputs.numbers[place]
    }

    fn columns(&self, product: usize) -> Range<usize> {
        Shape::columns(&self.shape.products[product].gates, self.hidden)
    }

    /// The group of a recurrent product, with the gains of that or of the input's part.
    fn group<'g>(&self, index: usize, gains: &'g [f32]) -> Group<'g> {
        let columns = self.columns(index);
        Group { index, gain: &gains[columns.clone()], columns }
    }

    /// Sums from the input's products.
    pub(super) fn input_sums(&mut self, place: usize, sums: &mut [f32], bias: &[f32]) {
        let gains = self.gains.input;
        for product in 0..self.shape.products.len() {
            let group = self.group(product, gains);
            self.inputs.normalize(self.level, place, &group);
        }
        rows::scale_and_shift(sums, self.inputs.numbers[place], gains, bias);
    }

    /// Adds a recurrent product to the sums; or, with a bias of its own, sets them to it.
    pub(super) fn add_product(
        &mut self,
        place: usize,
        product: usize,
        sums: &mut [f32],
        bias: Option<&[f32]>,
    ) {
        let group = self.group(product, self.gains.recurrent);
        self.products.normalize(self.level, place, &group);
        let (width, Group { columns, gain, .. }) = (self.products.width, group);
        for (sums, n) in sums.chunks_exact_mut(width).zip(self.products.numbers[place].chunks_exact(width)) {
            let (sums, n) = (&mut sums[columns.clone()], &n[columns.clone()]);
            match bias {
                Some(bias) => rows::scale_and_shift(sums, n, gain, &bias[columns.clone()]),
                None => rows::add_multiplied(sums, n, gain),
            }
        }
    }

    /// Normalises the whole sums.
    pub(super) fn sums(&mut self, place: usize, sums: &mut [f32], bias: &[f32]) {
        let group = self.group(0, self.gains.recurrent);
        self.products.numbers[place].copy_from_slice(sums);
        self.products.normalize(self.level, place, &group);
        rows::scale_and_shift(sums, self.products.numbers[place], group.gain, bias);
    }

    /// The memory, normalised.
    pub(super) fn memory(&mut self, place: usize, memory: &[f32]) -> NormalizedMemory<'_> {
        let group = Group { index: 0, columns: 0..self.hidden, gain: self.gains.memory };
        self.memories.numbers[place].copy_from_slice(memory);
        self.memories.normalize(self.level, place, &group);
        self.normalized_memory(place)
    }

    /// What [`memory`](Self::memory) made.
    pub(super) fn normalized_memory(&self, place: usize) -> NormalizedMemory<'_> {
        let Gains { memory: gain, memory_bias: bias, .. } = self.gains;
        NormalizedMemory { numbers: self.memories.numbers[place], gain, bias }
    }
}

/// The way back.
impl NormalizedShare<'_> {
    /// From the gradient of the operand of the memory's activation to that of the memory, `[rows, hidden]`.
    pub(super) fn memory_back(&mut self, place: usize, d: &[f32], d_gains: &mut GainShare<'_>) -> &[f32] {
        let group = Group { index: 0, columns: 0..self.hidden, gain: self.gains.memory };
        rows::add(self.level, d_gains.memory_bias, d);
        let given = Given { d, stride: self.hidden, first: 0 };
        self.memories.back(self.level, place, &group, given, d_gains.memory);
        self.memories.numbers[place]
    }

    /// From the gradient of the sums that a product joined, or of the whole sums, to that of the raw product, which takes its place.
    /// The gradient's rows are `stride` apart: those of all gates, or of the product's alone.
    pub(super) fn product_back(
        &mut self,
        place: usize,
        product: usize,
        d: &[f32],
        stride: usize,
        d_gains: &mut GainShare<'_>,
    ) -> &[f32] {
        let group = self.group(product, self.gains.recurrent);
        let first = if stride == self.products.width { group.columns.start } else { 0 };
        let given = Given { d, stride, first };
        self.products.back(self.level, place, &group, given, d_gains.recurrent);
        self.products.numbers[place]
    }

    /// From the gradients of a step's sums to those of the input's raw products, which take their place.
    pub(super) fn inputs_back(&mut self, place: usize, d: &[f32], d_gains: &mut GainShare<'_>) -> &[f32] {
        let stride = self.inputs.width;
        for product in 0..self.shape.products.len() {
            let group = self.group(product, self.gains.input);
            let given = Given { d, stride, first: group.columns.start };
            self.inputs.back(self.level, place, &group, given, d_gains.input);
        }
        self.inputs.numbers[place]
    }
}

/// Gradients that come in: some columns of rows that are `stride` apart.
#[derive(Clone, Copy)]
struct Given<'a> {
    d: &'a [f32],
    stride: usize,
    first: usize,
}

/// The gains' gradients, row by row. Each row is summed over the steps by the thread that has it, and the rows at the end:
/// so no sum depends on the number of threads.
pub(super) struct GainRows {
    /// Of the recurrent products, the input's, the memory, and the memory's bias, `[batch, width]` each.
    rows: [Vec<f32>; 4],
    widths: [usize; 4],
}

/// One thread's rows.
pub(super) struct GainShare<'a> {
    recurrent: &'a mut [f32],
    input: &'a mut [f32],
    memory: &'a mut [f32],
    memory_bias: &'a mut [f32],
}

impl GainRows {
    pub(super) fn new(operands: &Operands<'_>) -> Self {
        let widths = operands.gains().map_or([0; 4], |gains| {
            [gains.recurrent, gains.input, gains.memory, gains.memory_bias].map(<[f32]>::len)
        });
        Self { rows: widths.map(|width| vec![0.0; operands.sizes.batch * width]), widths }
    }

    pub(super) fn cut(&mut self, ranges: &[Range<usize>]) -> Vec<GainShare<'_>> {
        let mut rest = self.rows.each_mut().map(|rows| &mut rows[..]);
        let share = |range: &Range<usize>| {
            let mut widths = self.widths.into_iter();
            let [recurrent, input, memory, memory_bias] = rest.each_mut().map(|rest| {
                let width = widths.next().expect("one each");
                rest.split_off_mut(..range.len() * width).expect("the rows of every range")
            });
            GainShare { recurrent, input, memory, memory_bias }
        };
        ranges.iter().map(share).collect()
    }

    /// The gradients, one after the other as the gains are.
    pub(super) fn sums(&self) -> Vec<f32> {
        let rows = self.rows.iter().zip(self.widths).filter(|(_, width)| *width > 0);
        rows.flat_map(|(rows, width)| column_sums(rows, width)).collect()
    }
}
