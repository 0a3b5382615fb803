//! Walks a sequence backward: the gradients of all gates' sums, of the states and of the input, step by step
//! against the transposed weights, packed once. The weights' own gradients follow from all steps together, in
//! `weight_gradients.rs`.

use std::ops::Range;

use super::{
    Features, Operands, Order, Sizes, Source,
    forward::Saved,
    gru,
    isa::{Isa, Level},
    lstm,
    normalized::{self, GainRows, GainShare},
    pack::Packed,
    parts,
    product::{Into, Rows, Target, product},
    rnn, rows,
    weight_gradients::{Wanted, WeightGradients, weight_gradients},
    zones::{self, Zone},
};
use crate::cell::{Cell, Reset};

/// The gradients of a sequence, each in the shape of its operand; empty where not wanted or where there is no such
/// operand.
pub(crate) struct Gradients {
    pub(crate) input: Vec<f32>,
    pub(crate) state: Vec<f32>,
    pub(crate) memory: Vec<f32>,
    pub(crate) weights: WeightGradients,
    /// Of the gains, as they stand in [`Gains`](super::Gains).
    pub(crate) gains: Vec<f32>,
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
    let Saved { gates: d_gates, extra, normalized } = &mut saved;
    let outputs = &bundle[..time * batch * hidden];
    let (d_outputs, d_last_memory) = d_bundle.split_at(time * batch * hidden);

    let weights = Weights::pack(Isa::detect(), operands, wanted);
    let d_width = if weights.input.is_empty() { 0 } else { input };
    let mut d_input = vec![0.0; time * batch * d_width];
    let ranges = rows::split(batch, time * batch * hidden * width);
    let mut d_state = vec![0.0; batch * hidden];
    let mut d_memory = d_last_memory.to_vec();
    // Summed over time for each row, while a step's gradients are in the cache.
    let mut d_bias = vec![0.0; if wanted.bias { batch * width } else { 0 }];
    let mut d_gains = GainRows::new(operands);
    let mut shares = Vec::with_capacity(ranges.len());
    let parts = rows::cut_steps(d_gates, batch, width, &ranges)
        .into_iter()
        .zip(rows::cut_steps(extra, batch, hidden, &ranges))
        .zip(DInput::cut(&mut d_input, operands.source, [time, batch, d_width], &ranges))
        .zip(rows::cut(&mut d_state, hidden, &ranges))
        .zip(rows::cut(&mut d_memory, if operands.cell.has_memory() { hidden } else { 0 }, &ranges))
        .zip(rows::cut(&mut d_bias, if wanted.bias { width } else { 0 }, &ranges))
        .zip(normalized.cut(weights.isa.level, operands, &ranges))
        .zip(d_gains.cut(&ranges));
    for (range, parts) in ranges.iter().cloned().zip(parts) {
        let (((((((gates, extra), d_input), d_state), d_memory), d_bias), normalized), d_gains) = parts;
        shares.push(Share { range, gates, extra, d_input, d_state, d_memory, d_bias, normalized, d_gains });
    }
    rows::run(shares, |share| walk(operands, &weights, outputs, d_outputs, share));

    // With layer normalisation, what the recurrent products get is not what the sums get.
    let d_products = if operands.gains.is_some() { &normalized.products } else { &*d_gates };
    let weights = weight_gradients(operands, outputs, d_products, extra, &d_bias, wanted);
    if matches!(operands.source, Source::Sums(_)) && wanted.input {
        d_input.clone_from(d_gates);
    }
    Gradients { input: d_input, state: d_state, memory: d_memory, weights, gains: d_gains.sums() }
}

/// The transposed weights: from gradients of sums to those of the input and of the state.
struct Weights {
    isa: Isa,
    /// The input kernel, where the input's gradient is wanted: the columns of each mask of dropout by themselves.
    input: Vec<Packed>,
    /// All gates, likewise; the GRU's `r` and `p` alone.
    gates: Vec<Packed>,
    /// The GRU's candidate.
    candidate: Option<Packed>,
}

impl Weights {
    fn pack(isa: Isa, operands: &Operands<'_>, wanted: Wanted) -> Self {
        let (hidden, width) = (operands.sizes.hidden, operands.width());
        let whole = operands.recurrent;
        let by_parts = |weights: &[f32], columns: usize, to: usize, parts: usize| {
            let columns = columns / parts;
            let part = |part: usize| Packed::new(isa, columns, to, &weights[part * columns..], 1, width);
            (0..parts).map(part).collect()
        };
        let is_gru = matches!(operands.cell, Cell::Gru(_));
        Self {
            isa,
            input: match operands.source {
                Source::Dense(x) if wanted.input => {
                    by_parts(operands.kernel, width, operands.sizes.input, parts(x.dropout))
                }
                _ => Vec::new(),
            },
            gates: by_parts(whole, if is_gru { 2 * hidden } else { width }, hidden, parts(operands.dropout)),
            candidate: is_gru.then(|| Packed::new(isa, hidden, hidden, &whole[2 * hidden..], 1, width)),
        }
    }
}

/// One thread's part of every buffer. `gates` becomes the gradients of the sums; `extra` that of the
/// candidate's recurrent part, where the GRU resets after.
struct Share<'a> {
    range: Range<usize>,
    gates: Vec<&'a mut [f32]>,
    extra: Vec<&'a mut [f32]>,
    d_input: DInput<'a>,
    d_state: &'a mut [f32],
    d_memory: &'a mut [f32],
    d_bias: &'a mut [f32],
    /// With layer normalisation.
    normalized: Option<normalized::Share<'a>>,
    d_gains: GainShare<'a>,
}

/// One thread's part of the input's gradient, in the order of the input.
enum DInput<'a> {
    /// Its rows at every step.
    Steps(Vec<&'a mut [f32]>),
    /// All steps of its sequences.
    Sequences(&'a mut [f32]),
}

impl<'a> DInput<'a> {
    /// Cuts the gradient for each range of sequences; `width` is 0 where none is wanted.
    fn cut(
        d_input: &'a mut [f32],
        source: Source<'_>,
        [time, batch, width]: [usize; 3],
        ranges: &[Range<usize>],
    ) -> Vec<Self> {
        match source {
            Source::Dense(Features { order: Order::Sequences, .. }) => {
                rows::cut(d_input, time * width, ranges).into_iter().map(Self::Sequences).collect()
            }
            _ => rows::cut_steps(d_input, batch, width, ranges).into_iter().map(Self::Steps).collect(),
        }
    }

    /// The part of a step, and the numbers from one sequence to the next.
    fn at(&mut self, step: usize, Sizes { time, input, .. }: Sizes) -> (&mut [f32], usize) {
        match self {
            Self::Steps(steps) => (&mut *steps[step], input),
            Self::Sequences(rows) => (&mut rows[step * input..], time * input),
        }
    }
}

fn walk(
    operands: &Operands<'_>,
    weights: &Weights,
    outputs: &[f32],
    d_outputs: &[f32],
    mut share: Share<'_>,
) {
    let Sizes { batch, input, hidden, .. } = operands.sizes;
    let (width, level) = (operands.width(), weights.isa.level);
    let count = share.range.len();
    let of_step = |buffer: &'_ [f32], step: usize| -> Range<usize> {
        let start = (step * batch + share.range.start) * hidden;
        debug_assert!(start + count * hidden <= buffer.len());
        start..start + count * hidden
    };
    let dropout_of = |part: usize| operands.dropout.map(|it| rows::of(it.mask(part), hidden, &share.range));
    // The gradient of s_t: what comes from the step after, and from the output.
    let mut d_output = vec![0.0; count * hidden];
    // What comes back through the recurrent product.
    let mut through = vec![0.0; count * hidden];
    let input_dropout = operands.source.dropout().filter(|_| !weights.input.is_empty());
    let mut through_input = vec![0.0; if input_dropout.is_some() { count * input } else { 0 }];
    let mut zoned = Zoned::new(operands, count);
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
        zoned.enter(operands, level, step, &share.range, &mut d_output, share.d_memory);
        let gates = &mut *share.gates[step];
        let times = |d_sums: &[f32], stride: usize, weights: &Packed, out: &mut [f32], into: Into<'_>| {
            product(Rows { data: d_sums, stride }, weights, Target::new(count, hidden, out, hidden), into);
        };
        match operands.cell {
            Cell::Rnn(activation) => {
                rnn::backward(level, activation, gates, &d_output);
                clear_padded(mask, width, gates);
                times(gates, width, &weights.gates[0], &mut through, Into::Set);
                add_part(share.d_state, hidden, 0, &through, dropout_of(0), hidden);
            }
            Cell::Lstm => {
                let memory_before = match previous {
                    Some(previous) => &*share.extra[previous],
                    None => rows::of(operands.memory.expect("checked at the door"), hidden, &share.range),
                };
                let d_memory = &mut *share.d_memory;
                let d_products = if let Some(normalized) = &mut share.normalized {
                    let d_gains = &mut share.d_gains;
                    // Padded rows would add to the gradients of the gains; their own are remembered above.
                    clear_padded(mask, hidden, &mut d_output);
                    normalized.backward(step, gates, memory_before, &d_output, d_memory, d_gains);
                    clear_padded(mask, width, gates);
                    normalized.d_products(step, gates, d_gains)
                } else {
                    let mut memory = &*share.extra[step];
                    if operands.zoneout.memory.is_some() {
                        lstm::new_memory(level, hidden, gates, memory_before, &mut zoned.new_memory);
                        memory = &zoned.new_memory;
                    }
                    lstm::backward(level, hidden, gates, memory, memory_before, &d_output, d_memory);
                    clear_padded(mask, width, gates);
                    gates
                };
                let columns = width / weights.gates.len();
                for (part, weights) in weights.gates.iter().enumerate() {
                    times(&d_products[part * columns..], width, weights, &mut through, Into::Set);
                    add_part(share.d_state, hidden, part, &through, dropout_of(part), hidden);
                }
            }
            Cell::Gru(reset) => {
                let candidate = weights.candidate.as_ref().expect("packed for this cell");
                gru::backward_candidate(level, hidden, gates, state_before, &mut d_output);
                match reset {
                    Reset::Before => {
                        times(&gates[2 * hidden..], width, candidate, &mut through, Into::Set);
                        drop_in_place(&mut through, dropout_of(0));
                        gru::backward_reset_before(
                            level,
                            hidden,
                            gates,
                            state_before,
                            &through,
                            &mut d_output,
                        );
                        clear_padded(mask, width, gates);
                        times(gates, width, &weights.gates[0], &mut through, Into::Set);
                    }
                    Reset::After => {
                        let kept = &mut *share.extra[step];
                        gru::backward_reset_after(level, hidden, gates, kept);
                        clear_padded(mask, width, gates);
                        clear_padded(mask, hidden, kept);
                        times(gates, width, &weights.gates[0], &mut through, Into::Set);
                        times(kept, hidden, candidate, &mut through, Into::Add);
                    }
                }
                drop_in_place(&mut through, dropout_of(0));
                for ((d_state, direct), through) in share.d_state.iter_mut().zip(&d_output).zip(&through) {
                    *d_state = direct + through;
                }
            }
        }
        rows::add(level, share.d_bias, share.gates[step]);
        zoned.leave(level, share.d_state, share.d_memory);
        for (part, kernel) in weights.input.iter().enumerate() {
            let columns = width / weights.input.len();
            let d_sums = Rows { data: &share.gates[step][part * columns..], stride: width };
            let (d_input, stride) = share.d_input.at(step, operands.sizes);
            let Some(dropout) = input_dropout else {
                product(d_sums, kernel, Target::new(count, input, d_input, stride), Into::Set);
                continue;
            };
            product(d_sums, kernel, Target::new(count, input, &mut through_input, input), Into::Set);
            let mask = rows::of(dropout.mask(part), input, &share.range);
            add_part(d_input, stride, part, &through_input, Some(mask), input);
        }
        if let Some(padded) = padded {
            padded.restore(hidden, share.d_state, share.d_memory);
        }
    }
}

/// Puts what comes back through a part of the columns into a gradient whose rows are `stride` apart: the first part is set, the
/// others, which there are with masks alone, are added.
fn add_part(
    gradient: &mut [f32],
    stride: usize,
    part: usize,
    through: &[f32],
    mask: Option<&[f32]>,
    width: usize,
) {
    match mask {
        Some(mask) if part > 0 => rows::add_dropped(gradient, stride, through, mask, width),
        _ => rows::copy_dropped(gradient, stride, Rows { data: through, stride: width }, mask, width),
    }
}

/// The gradients that pass a step unchanged through zoneout; no longer than nothing where there is none.
struct Zoned {
    state: Vec<f32>,
    memory: Vec<f32>,
    /// The LSTM's memory as it was before some of it was kept, which the step's outputs came from.
    new_memory: Vec<f32>,
}

impl Zoned {
    fn new(operands: &Operands<'_>, count: usize) -> Self {
        let size = count * operands.sizes.hidden;
        let zeros = |is_on: bool| vec![0.0; if is_on { size } else { 0 }];
        let has_memory = operands.zoneout.memory.is_some();
        Self {
            state: zeros(operands.zoneout.output.is_some()),
            memory: zeros(has_memory),
            new_memory: zeros(has_memory),
        }
    }

    fn enter(
        &mut self,
        operands: &Operands<'_>,
        level: Level,
        step: usize,
        range: &Range<usize>,
        d_output: &mut [f32],
        d_memory: &mut [f32],
    ) {
        let Sizes { batch, hidden, .. } = operands.sizes;
        let zone = |kept| Zone::at(kept, step, batch, hidden, range);
        if let Some(kept) = &operands.zoneout.output {
            zones::backward(level, zone(kept), d_output, &mut self.state);
        }
        if let Some(kept) = &operands.zoneout.memory {
            zones::backward(level, zone(kept), d_memory, &mut self.memory);
        }
    }

    fn leave(&self, level: Level, d_state: &mut [f32], d_memory: &mut [f32]) {
        rows::add(level, d_state, &self.state);
        rows::add(level, d_memory, &self.memory);
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
        rows::multiply_in_place(through, dropout);
    }
}
