//! Walks a sequence backward: the gradients of all gates' sums, of the states and of the input, step by step
//! against the transposed weights, packed once. The weights' own gradients follow from all steps together, in
//! `weight_gradients.rs`.

use std::ops::Range;

use super::{
    Operands, Order, Sizes, Source,
    backward_step::BackwardStep,
    before::Before,
    forward::Saved,
    isa::{Isa, Level},
    normalized::{GainRows, GainShare, NormalizedShare},
    pack::Packed,
    product::{Onto, Rows, Target, product},
    rows,
    weight_gradients::{Summed, Wanted, WeightGradients, weight_gradients},
    weights::Weights,
    zoneout::{self, KeptRows},
};
use crate::op::equations::KernelStep;

/// The gradients of a sequence, each in the shape of its operand; empty where not wanted or where there is no such
/// operand.
pub(crate) struct Gradients {
    pub(crate) input: Vec<f32>,
    pub(crate) state: Vec<f32>,
    pub(crate) memory: Vec<f32>,
    pub(crate) weights: WeightGradients,
    /// Of the gains, one after the other.
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
    let Saved { gates: d_gates, stored, memories, normalized } = &mut saved;
    let outputs = &bundle[..time * batch * hidden];
    let (d_outputs, d_last_memory) = d_bundle.split_at(time * batch * hidden);

    let isa = Isa::detect();
    // Transposed: from gradients of sums to those of the input and of the state.
    let weights = Weights::new(operands, wanted.input, |data, depth, gates| {
        Packed::new(isa, gates * hidden, depth, data, 1, width)
    });
    let d_width = if weights.input.is_empty() { 0 } else { input };
    let mut d_input = vec![0.0; time * batch * d_width];
    let ranges = rows::split(batch, time * batch * hidden * width);
    let mut d_state = vec![0.0; batch * hidden];
    let mut d_memory = d_last_memory.to_vec();
    // Summed over time for each row, while a step's gradients are in the cache.
    let bias_width = if wanted.bias { width } else { 0 };
    let mut d_bias = vec![0.0; batch * bias_width];
    let mut d_gains = GainRows::new(operands);
    let walk = BackwardWalk { operands, weights, level: isa.level(), outputs, d_outputs, memories };
    let parts = rows::cut_steps(d_gates, batch, width, &ranges)
        .into_iter()
        .zip(rows::cut_steps(stored, batch, operands.stored_width(), &ranges))
        .zip(DInput::cut(&mut d_input, operands.source, [time, batch, d_width], &ranges))
        .zip(rows::cut(&mut d_state, hidden, &ranges))
        .zip(rows::cut(&mut d_memory, operands.memory_width(), &ranges))
        .zip(rows::cut(&mut d_bias, bias_width, &ranges))
        .zip(normalized.cut(walk.level, operands, &ranges))
        .zip(d_gains.cut(&ranges));
    let shares = ranges.iter().cloned().zip(parts).map(|(range, parts)| {
        let (((((((gates, stored), d_input), d_state), d_memory), d_bias), normalized), d_gains) = parts;
        Share { range, gates, stored, d_input, d_state, d_memory, d_bias, normalized, d_gains }
    });
    rows::run(shares.collect(), |share| walk.take(share));

    // With layer normalisation, what the raw products get is not what the sums get.
    let summed = match operands.gains() {
        None => Summed { inputs: d_gates, products: d_gates, stored },
        Some(_) if operands.shape().normalizes_sum => {
            let sums = normalized.d_products();
            Summed { inputs: sums, products: sums, stored }
        }
        Some(_) => Summed { inputs: normalized.d_inputs(), products: normalized.d_products(), stored },
    };
    let weights = weight_gradients(operands, outputs, summed, &d_bias, wanted);
    Gradients { input: d_input, state: d_state, memory: d_memory, weights, gains: d_gains.sums() }
}

/// What all threads share.
pub(super) struct BackwardWalk<'a> {
    pub(super) operands: &'a Operands<'a>,
    pub(super) weights: Weights<Packed>,
    level: Level,
    outputs: &'a [f32],
    d_outputs: &'a [f32],
    /// The memory after each step, `[time, batch, hidden]`.
    memories: &'a [f32],
}

/// One thread's part of every buffer. `gates` becomes the gradients of the sums.
struct Share<'a> {
    range: Range<usize>,
    gates: Vec<&'a mut [f32]>,
    stored: Vec<&'a mut [f32]>,
    d_input: DInput<'a>,
    d_state: &'a mut [f32],
    d_memory: &'a mut [f32],
    d_bias: &'a mut [f32],
    /// With layer normalisation.
    normalized: Option<NormalizedShare<'a>>,
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
            Source::Dense { order: Order::Sequences, .. } => {
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

impl<'a> BackwardWalk<'a> {
    fn take(&self, mut share: Share<'a>) {
        let Sizes { time, batch, input, hidden, .. } = self.operands.sizes;
        let (options, level) = (self.operands.options, self.level);
        let (range, count) = (share.range.clone(), share.range.len());
        let cell: &dyn KernelStep = options.cell.kernel().expect("the kernel has this cell");
        let of_step = |buffer: &'a [f32], step: usize, width: usize| -> &'a [f32] {
            &buffer[(step * batch + range.start) * width..][..count * width]
        };
        let memory_width = self.operands.memory_width();
        // The gradient of s_t: what comes from the step after, and from the output.
        let mut d_output = vec![0.0; count * hidden];
        let mut through = vec![0.0; count * hidden];
        let drops_input = options.input_dropout.is_some() && !self.weights.input.is_empty();
        let mut through_input = vec![0.0; if drops_input { count * input } else { 0 }];
        let mut passed = PastZoneout::new(self.operands, count);
        // The gradients of padded rows pass a step unchanged.
        let mut before_step = Before::new(self.operands, if options.padding.is_some() { count } else { 0 });
        let order = options.direction.steps(time);
        for (place, &step) in order.iter().enumerate().rev() {
            let previous = place.checked_sub(1).map(|place| order[place]);
            let before = |steps: &'a [f32], first: &'a [f32], width: usize| match previous {
                Some(previous) => of_step(steps, previous, width),
                None => rows::of(first, width, &range),
            };
            for ((d_output, carried), given) in
                d_output.iter_mut().zip(&*share.d_state).zip(of_step(self.d_outputs, step, hidden))
            {
                *d_output = carried + given;
            }
            let real = options.padding.as_ref().map(|real| &real[step * batch..][range.clone()]);
            if let Some(real) = real {
                before_step.remember_padded(real, hidden, &d_output, share.d_memory);
            }
            passed.enter(self.operands, level, step, &range, &mut d_output, share.d_memory);
            cell.backward(&mut BackwardStep {
                level,
                hidden,
                gates: share.gates[step],
                stored: share.stored.get_mut(step).map_or(&mut [][..], |stored| &mut **stored),
                state_before: before(self.outputs, self.operands.state(), hidden),
                memory_before: before(self.memories, self.operands.memory(), memory_width),
                memory: of_step(self.memories, step, memory_width),
                d_output: &mut d_output,
                d_memory: share.d_memory,
                d_state: share.d_state,
                through: &mut through,
                new_memory: options.zoneout.memory.is_some().then_some(&mut passed.new_memory[..]),
                walk: self,
                range: range.clone(),
                real,
                normalized: share.normalized.as_mut(),
                d_gains: &mut share.d_gains,
                step,
            });
            rows::add(level, share.d_bias, share.gates[step]);
            passed.leave(level, share.d_state, share.d_memory);
            self.input_back(step, &mut share, &mut through_input);
            if let Some(real) = real {
                before_step.restore(real, hidden, share.d_state, share.d_memory);
            }
        }
    }

    /// From the gradients of a step's sums to those of its input.
    fn input_back(&self, step: usize, share: &mut Share<'a>, through: &mut [f32]) {
        let Sizes { input, hidden, .. } = self.operands.sizes;
        let (count, width) = (share.range.len(), self.operands.width());
        let d_sums = match &mut share.normalized {
            None => &*share.gates[step],
            Some(normalized) if self.operands.shape().normalizes_sum => &*normalized.products(step),
            Some(normalized) => normalized.inputs_back(step, share.gates[step], &mut share.d_gains),
        };
        for (place, (gates, kernel)) in self.weights.input.iter().enumerate() {
            let d_sums = Rows { data: &d_sums[gates.start * hidden..], stride: width };
            let (d_input, stride) = share.d_input.at(step, self.operands.sizes);
            let Some(dropout) = &self.operands.options.input_dropout else {
                product(d_sums, kernel, Target::new(count, input, d_input, stride), Onto::Set);
                continue;
            };
            product(d_sums, kernel, Target::new(count, input, through, input), Onto::Set);
            let mask = rows::of(dropout.of_gate(gates.start), input, &share.range);
            rows::put_dropped(d_input, stride, Rows { data: through, stride: input }, mask, place == 0);
        }
    }
}

/// The gradients that pass a step unchanged through zoneout; no longer than nothing where there is none.
struct PastZoneout {
    state: Vec<f32>,
    memory: Vec<f32>,
    /// The memory as it was before some of it was kept, which the step's outputs came from.
    new_memory: Vec<f32>,
}

impl PastZoneout {
    fn new(operands: &Operands<'_>, count: usize) -> Self {
        let size = count * operands.sizes.hidden;
        let zeros = |is_on: bool| vec![0.0; if is_on { size } else { 0 }];
        let zoneout = &operands.options.zoneout;
        let has_memory = zoneout.memory.is_some();
        Self {
            state: zeros(zoneout.output.is_some()),
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
        let kept = |kept| KeptRows::at(kept, step, batch, hidden, range);
        if let Some(units) = &operands.options.zoneout.output {
            zoneout::backward(level, kept(units), d_output, &mut self.state);
        }
        if let Some(units) = &operands.options.zoneout.memory {
            zoneout::backward(level, kept(units), d_memory, &mut self.memory);
        }
    }

    fn leave(&self, level: Level, d_state: &mut [f32], d_memory: &mut [f32]) {
        rows::add(level, d_state, &self.state);
        rows::add(level, d_memory, &self.memory);
    }
}
