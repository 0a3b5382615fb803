//! The sequence op composed of tensor operations: slow, plain, and differentiated by Burn. It serves the
//! backends without a kernel, and the layer normalisation and the masks for each gate of other cells than the LSTM, and is the
//! definition that the kernel is compared with. For the LSTM with either it makes the input's part of the sums.

use std::ops::Range;

use burn::tensor::{
    Bool, Device, Tensor, TensorData,
    activation::{relu, sigmoid},
};

use super::{Sequence, Source, normalize::Normalizer};
use crate::{
    cell::{Activation, Cell, Direction, Reset},
    zoneout::{Kept, Zoneout},
};

/// Computes the bundle of outputs and last memory, `[time (+ 1), batch, hidden]`.
pub(super) fn sequence(operands: Sequence) -> Tensor<3> {
    let [time, batch] = operands.time_and_batch();
    let [hidden, _] = operands.recurrent.dims();
    let device = operands.kernel.device();
    let Sequence { cell, direction, source, kernel, recurrent, bias, state, gains, dropout, zoneout, mask } =
        operands;
    let normalizer = Normalizer::new(cell, hidden, gains);
    let mut sums = steps(input_sums(source, kernel, bias.clone().narrow(0, 0, 1), &normalizer));
    let dropout = dropout.map_or_else(Vec::new, |it| mask_tensors(&it, [batch, hidden], &device));
    let places = |it: &[bool], width: usize| {
        Tensor::<3, Bool>::from_data(TensorData::new(it.to_vec(), [time, batch, width]), &device)
    };
    let real = mask.map(|it| places(&it, 1));
    let zoneout = Zones::new(&zoneout, |units| places(units, hidden));
    let weights = Weights::new(cell, recurrent, bias, dropout, normalizer);

    let of_state = |place: usize| state.clone().narrow(0, place, 1).reshape([batch, hidden]);
    let mut now = State { output: of_state(0), memory: cell.has_memory().then(|| of_state(1)) };
    let mut outputs = Vec::with_capacity(time + 1);
    if direction == Direction::Forward {
        sums.reverse();
    }
    for place in 0..time {
        let step = if direction == Direction::Forward { place } else { time - 1 - place };
        let mut next = weights.step(cell, sums.pop().expect("the sums of each step"), &now);
        zoneout.keep(step, &now, &mut next);
        if let Some(real) = &real {
            let real = at_step(real, step).expand([batch, hidden]);
            next.output = now.output.mask_where(real.clone(), next.output);
            next.memory = now.memory.zip(next.memory).map(|(before, after)| before.mask_where(real, after));
        }
        now = next;
        outputs.push(now.output.clone().unsqueeze_dim::<3>(0));
    }
    if direction == Direction::Reverse {
        outputs.reverse();
    }
    outputs.extend(now.memory.map(|memory| memory.unsqueeze_dim(0)));
    Tensor::cat(outputs, 0)
}

/// The part of the input in the sums of every step, `[time, batch, gates * hidden]`: `U x_t + b`, or what the normaliser
/// makes of it.
pub(super) fn input_sums(
    source: Source,
    kernel: Tensor<2>,
    bias: Tensor<2>,
    normalizer: &Normalizer,
) -> Tensor<3> {
    let [_, width] = kernel.dims();
    match source {
        Source::Dense { x, dropout } => {
            let [time, batch, input] = x.dims();
            let masks =
                dropout.map_or_else(Vec::new, |it| mask_tensors(&it, [1, batch, input], &kernel.device()));
            let products = by_masks(&masks, &kernel, |mask, kernel| {
                masked(&x, mask).reshape([time * batch, input]).matmul(kernel)
            });
            normalizer.input_sums(products, bias).reshape([time, batch, width])
        }
        Source::Tokens { places, scale } => {
            let [time, batch] = places.dims();
            let places = places.reshape([time * batch]);
            let sums = match scale {
                // Every step's sums are rows of the kernel, so the rows are normalised, of which there are fewer.
                None => normalizer.input_sums(kernel, bias).select(0, places),
                Some(scale) => {
                    let scales = mask_tensors(&scale, [time * batch, 1], &kernel.device());
                    let products = by_masks(&scales, &kernel, |scale, kernel| {
                        kernel.select(0, places.clone()) * scale.expect("there is one").clone()
                    });
                    normalizer.input_sums(products, bias)
                }
            };
            sums.reshape([time, batch, width])
        }
    }
}

/// Masks of one shape, one after the other.
fn mask_tensors<const D: usize>(numbers: &[f32], shape: [usize; D], device: &Device) -> Vec<Tensor<D>> {
    let masks = numbers.chunks_exact(shape.iter().product());
    masks.map(|mask| Tensor::from_data(TensorData::new(mask.to_vec(), shape), device)).collect()
}

fn masked<const D: usize>(x: &Tensor<D>, mask: Option<&Tensor<D>>) -> Tensor<D> {
    match mask {
        Some(mask) => x.clone() * mask.clone(),
        None => x.clone(),
    }
}

/// A product with weights: with several masks, that of each with its part of the columns, side by side.
fn by_masks<const D: usize>(
    masks: &[Tensor<D>],
    weights: &Tensor<2>,
    product: impl Fn(Option<&Tensor<D>>, Tensor<2>) -> Tensor<2>,
) -> Tensor<2> {
    if masks.len() < 2 {
        return product(masks.first(), weights.clone());
    }
    let [_, columns] = weights.dims();
    let part = columns / masks.len();
    let parts = masks.iter().enumerate();
    let parts = parts.map(|(place, mask)| product(Some(mask), weights.clone().narrow(1, place * part, part)));
    Tensor::cat(parts.collect(), 1)
}

/// The steps of a `[time, batch, width]` tensor. Halved again and again, because the gradient of a cut fills a tensor
/// of the size of what was cut: step by step that would be the square of the time.
fn steps(whole: Tensor<3>) -> Vec<Tensor<2>> {
    let [time, batch, width] = whole.dims();
    if time == 1 {
        return vec![whole.reshape([batch, width])];
    }
    let (first, second) = (whole.clone().narrow(0, 0, time / 2), whole.narrow(0, time / 2, time - time / 2));
    let mut parts = steps(first);
    parts.extend(steps(second));
    parts
}

fn at_step(places: &Tensor<3, Bool>, step: usize) -> Tensor<2, Bool> {
    let [_, batch, width] = places.dims();
    places.clone().narrow(0, step, 1).reshape([batch, width])
}

/// `[batch, hidden]` each.
struct State {
    output: Tensor<2>,
    memory: Option<Tensor<2>>,
}

/// What each step keeps, as tensors.
struct Zones {
    output: Option<Zone>,
    memory: Option<Zone>,
}

enum Zone {
    /// `[time, batch, hidden]`.
    Units(Box<Tensor<3, Bool>>),
    Share(f32),
}

impl Zones {
    fn new(zoneout: &Zoneout, places: impl Fn(&[bool]) -> Tensor<3, Bool>) -> Self {
        let zone = |kept: &Option<Kept>| {
            kept.as_ref().map(|kept| match kept {
                Kept::Units(units) => Zone::Units(Box::new(places(units))),
                Kept::Share(share) => Zone::Share(*share),
            })
        };
        Self { output: zone(&zoneout.output), memory: zone(&zoneout.memory) }
    }

    fn keep(&self, step: usize, before: &State, after: &mut State) {
        if let Some(zone) = &self.output {
            after.output = zone.mix(step, before.output.clone(), after.output.clone());
        }
        if let Some(zone) = &self.memory {
            let (before, memory) = (before.memory.clone(), after.memory.take());
            after.memory = before.zip(memory).map(|(before, memory)| zone.mix(step, before, memory));
        }
    }
}

impl Zone {
    fn mix(&self, step: usize, before: Tensor<2>, after: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Units(units) => after.mask_where(at_step(units, step), before),
            Self::Share(share) => before * *share + after * (1.0 - *share),
        }
    }
}

/// What the recurrent products are made with.
struct Weights {
    /// The columns of all gates; of the GRU's `r` and `p` alone where it resets before.
    gates: Tensor<2>,
    /// The candidate's columns, where the GRU resets before.
    candidate: Option<Tensor<2>>,
    bias: Tensor<2>,
    recurrent_bias: Option<Tensor<2>>,
    /// One mask for all gates, or one for each, `[batch, hidden]`.
    dropout: Vec<Tensor<2>>,
    normalizer: Normalizer,
}

impl Weights {
    fn new(
        cell: Cell,
        recurrent: Tensor<2>,
        bias: Tensor<2>,
        dropout: Vec<Tensor<2>>,
        normalizer: Normalizer,
    ) -> Self {
        let [hidden, _] = recurrent.dims();
        let (gates, candidate) = if cell == Cell::Gru(Reset::Before) {
            (recurrent.clone().narrow(1, 0, 2 * hidden), Some(recurrent.narrow(1, 2 * hidden, hidden)))
        } else {
            (recurrent, None)
        };
        Self {
            gates,
            candidate,
            bias: bias.clone().narrow(0, 0, 1),
            recurrent_bias: cell.has_recurrent_bias().then(|| bias.narrow(0, 1, 1)),
            dropout,
            normalizer,
        }
    }

    /// `W s` for the gates of a part of the columns, the state dropped out.
    fn times(&self, state: Tensor<2>, weights: &Tensor<2>, gates: Range<usize>) -> Tensor<2> {
        let masks = if self.dropout.len() > 1 { &self.dropout[gates] } else { &self.dropout };
        by_masks(masks, weights, |mask, weights| masked(&state, mask).matmul(weights))
    }

    /// One step; the equations stand with the kernel's cells, and with [`Normalization`](crate::Normalization).
    fn step(&self, cell: Cell, sums: Tensor<2>, before: &State) -> State {
        let [_, hidden] = before.output.dims();
        let gate = |sums: &Tensor<2>, place: usize| sums.clone().narrow(1, place * hidden, hidden);
        let state = before.output.clone();
        let gates = self.gates.dims()[1] / hidden;
        let product = self.times(state.clone(), &self.gates, 0..gates);
        match cell {
            Cell::Rnn(activation) => {
                let sums = self.normalizer.sum(sums + product, &self.bias);
                let output = match activation {
                    Activation::Tanh => sums.tanh(),
                    Activation::Relu => relu(sums),
                };
                State { output, memory: None }
            }
            Cell::Lstm => {
                let sums = sums + self.normalizer.gates(product);
                let [i, f, o] = [0, 1, 3].map(|place| sigmoid(gate(&sums, place)));
                let memory = before.memory.clone().expect("the LSTM has a memory");
                let memory = f * memory + i * gate(&sums, 2).tanh();
                let output = o * self.normalizer.memory(memory.clone()).tanh();
                State { output, memory: Some(memory) }
            }
            Cell::Gru(Reset::Before) => {
                let weights = self.candidate.as_ref().expect("this cell has its candidate apart");
                let both = sums.clone().narrow(1, 0, 2 * hidden) + self.normalizer.gates(product);
                let [r, p] = [0, 1].map(|place| sigmoid(gate(&both, place)));
                let product = self.normalizer.candidate(self.times(r * state.clone(), weights, 2..3));
                let candidate = (gate(&sums, 2) + product).tanh();
                State { output: (-p.clone() + 1.0) * candidate + p * state, memory: None }
            }
            Cell::Gru(Reset::After) => {
                let bias = self.recurrent_bias.clone().expect("this cell has a recurrent bias");
                let recurrent = self.normalizer.gates(product) + bias;
                let [r, p] = [0, 1].map(|place| sigmoid(gate(&sums, place) + gate(&recurrent, place)));
                let candidate = (gate(&sums, 2) + r * gate(&recurrent, 2)).tanh();
                State { output: (-p.clone() + 1.0) * candidate + p * state, memory: None }
            }
        }
    }
}
