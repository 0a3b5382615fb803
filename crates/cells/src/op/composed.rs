//! The sequence op composed of tensor operations: slow, plain, and differentiated by Burn. It serves the backends without a kernel,
//! what the kernel does not have, and is the definition that the kernel is compared with.

use std::ops::Range;

use burn::tensor::{Bool, Int, Tensor, TensorData};

use super::{
    Extras, Sequence, Source,
    equations::{Equations, Shape},
    normalize::Normalizer,
    options::{DropoutMasks, Options},
};
use crate::{
    direction::Direction,
    zoneout::{Kept, Zoneout},
};

pub(crate) use crate::state::State;

/// Computes the outputs, `[time, batch, output]`, and the last state.
pub(super) fn sequence(operands: Sequence) -> (Tensor<3>, State) {
    let [time, batch] = operands.time_and_batch();
    let device = operands.kernel.device();
    let Sequence { options, source, kernel, recurrent, bias, state, gains, extras } = operands;
    let shape = options.shape();
    let [_, hidden] = recurrent.dims().map(|columns| columns / shape.gates.len());
    let normalizer = Normalizer::new(shape, hidden, gains);
    let row = |row: usize| bias.clone().map(|bias| bias.narrow(0, row, 1));
    let input_sums = input_sums(source, options.input_dropout.as_ref(), kernel, row(0), &normalizer);
    let dropout = options.state_dropout.as_ref();
    let composer = Composer {
        cell: options.cell,
        hidden,
        dropout: dropout.map_or_else(Vec::new, |it| mask_tensors(it, state.output.dims(), &recurrent)),
        recurrent,
        bias: row(0),
        recurrent_bias: if shape.has_recurrent_bias { row(1) } else { None },
        normalizer,
        extras,
    };
    let places = |it: &[bool], width: usize| {
        Tensor::<3, Bool>::from_data(TensorData::new(it.to_vec(), [time, batch, width]), &device)
    };
    let real = options.padding.as_ref().map(|it| places(it, 1));
    let zoneout = ZoneoutTensors::new(&options.zoneout, |units| places(units, units.len() / (time * batch)));
    composer.walk(steps(input_sums), state, &zoneout, real.as_ref(), &options)
}

/// The part of the input in the sums of every step, `[time, batch, gates * hidden]`: `U x_t + b`, or what the normaliser makes of
/// it.
fn input_sums(
    source: Source,
    dropout: Option<&DropoutMasks>,
    kernel: Tensor<2>,
    bias: Option<Tensor<2>>,
    normalizer: &Normalizer,
) -> Tensor<3> {
    let [input, width] = kernel.dims();
    match source {
        Source::Dense(x) => {
            let [time, batch, _] = x.dims();
            let masks = dropout.map_or_else(Vec::new, |it| mask_tensors(it, [1, batch, input], &kernel));
            let products = by_masks(&masks, &kernel, |mask, kernel| {
                masked(&x, mask).reshape([time * batch, input]).matmul(kernel)
            });
            normalizer.input_sums(products, bias).reshape([time, batch, width])
        }
        Source::Tokens(places) => {
            let [time, batch] = places.dims();
            let (places, is_place) = checked_places(places.reshape([time * batch]), input);
            let rows = |kernel: Tensor<2>| {
                let [_, columns] = kernel.dims();
                let no_place = is_place.clone().bool_not().expand([time * batch, columns]);
                kernel.select(0, places.clone()).mask_fill(no_place, f32::NAN)
            };
            let sums = match dropout {
                // Every step's sums are rows of the kernel, so the rows are normalised, of which there are fewer.
                None => rows(normalizer.input_sums(kernel, bias)),
                Some(dropout) => {
                    let scales = mask_tensors(dropout, [time * batch, 1], &kernel);
                    let products = by_masks(&scales, &kernel, |scale, kernel| {
                        rows(kernel) * scale.expect("there is one").clone()
                    });
                    normalizer.input_sums(products, bias)
                }
            };
            sums.reshape([time, batch, width])
        }
    }
}

/// The places, those that the kernel does not have taken to be the first, and whether it has each, `[steps, 1]`. Looking whether all
/// are in range would wait for the device; a place out of range gives sums that are not a number instead.
fn checked_places(places: Tensor<1, Int>, input: usize) -> (Tensor<1, Int>, Tensor<2, Bool>) {
    let is_place = places.clone().greater_equal_elem(0).bool_and(places.clone().lower_elem(input as i64));
    let places = places.mask_fill(is_place.clone().bool_not(), 0);
    (places, is_place.unsqueeze_dim(1))
}

/// Masks of one shape, one after the other.
fn mask_tensors<const D: usize>(masks: &DropoutMasks, shape: [usize; D], like: &Tensor<2>) -> Vec<Tensor<D>> {
    let options = (&like.device(), like.dtype());
    masks.each().map(|mask| Tensor::from_data(TensorData::new(mask.to_vec(), shape), options)).collect()
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

/// The steps of a `[time, batch, width]` tensor. Halved again and again, because the gradient of a cut fills a tensor of the size
/// of what was cut: step by step that would be the square of the time.
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

/// What each step keeps, as tensors.
struct ZoneoutTensors {
    output: Option<KeptTensor>,
    memory: Option<KeptTensor>,
}

enum KeptTensor {
    /// `[time, batch, hidden]`.
    Units(Box<Tensor<3, Bool>>),
    Share(f32),
}

impl ZoneoutTensors {
    fn new(zoneout: &Zoneout, places: impl Fn(&[bool]) -> Tensor<3, Bool>) -> Self {
        let tensor = |kept: &Option<Kept>| {
            kept.as_ref().map(|kept| match kept {
                Kept::Units(units) => KeptTensor::Units(Box::new(places(units))),
                Kept::Share(share) => KeptTensor::Share(*share),
            })
        };
        Self { output: tensor(&zoneout.output), memory: tensor(&zoneout.memory) }
    }

    fn keep(&self, step: usize, before: &State, after: &mut State) {
        if let Some(kept) = &self.output {
            after.output = kept.mix(step, before.output.clone(), after.output.clone());
        }
        if let Some(kept) = &self.memory {
            let (before, memory) = (before.memory.clone(), after.memory.take());
            after.memory = before.zip(memory).map(|(before, memory)| kept.mix(step, before, memory));
        }
    }
}

impl KeptTensor {
    fn mix(&self, step: usize, before: Tensor<2>, after: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Units(units) => after.mask_where(at_step(units, step), before),
            Self::Share(share) => before * *share + after * (1.0 - *share),
        }
    }
}

/// What is the same at all steps.
struct Composer {
    cell: &'static dyn Equations,
    hidden: usize,
    recurrent: Tensor<2>,
    bias: Option<Tensor<2>>,
    recurrent_bias: Option<Tensor<2>>,
    /// One mask for all gates, or one for each, `[batch, hidden]`.
    dropout: Vec<Tensor<2>>,
    normalizer: Normalizer,
    extras: Extras,
}

impl Composer {
    fn walk(
        &self,
        mut sums: Vec<Tensor<2>>,
        mut now: State,
        zoneout: &ZoneoutTensors,
        real: Option<&Tensor<3, Bool>>,
        options: &Options,
    ) -> (Tensor<3>, State) {
        let time = sums.len();
        let mut outputs = Vec::with_capacity(time);
        if options.direction == Direction::Forward {
            sums.reverse();
        }
        for step in options.direction.steps(time) {
            let sums = sums.pop().expect("the sums of each step");
            let mut next = self.cell.compose(&Step { composer: self, sums, before: &now });
            zoneout.keep(step, &now, &mut next);
            if let Some(real) = real {
                let real = at_step(real, step);
                let choose = |before: Tensor<2>, after: Tensor<2>| {
                    let shape = before.dims();
                    before.mask_where(real.clone().expand(shape), after)
                };
                next.output = choose(now.output, next.output);
                next.memory = now.memory.zip(next.memory).map(|(before, after)| choose(before, after));
            }
            now = next;
            outputs.push(now.output.clone().unsqueeze_dim::<3>(0));
        }
        if options.direction == Direction::Reverse {
            outputs.reverse();
        }
        (Tensor::cat(outputs, 0), now)
    }
}

/// One step: what a cell's equations are written with.
pub(crate) struct Step<'a> {
    composer: &'a Composer,
    /// The input's part of the sums of all gates, `[batch, gates * hidden]`.
    sums: Tensor<2>,
    before: &'a State,
}

impl Step<'_> {
    /// `s_{t-1}`, `[batch, hidden]`, before its dropout.
    pub(crate) fn state(&self) -> Tensor<2> {
        self.before.output.clone()
    }

    /// `c_{t-1}`.
    pub(crate) fn memory(&self) -> Tensor<2> {
        self.before.memory.clone().expect("the cell has a memory")
    }

    /// The columns of one gate, of sums that begin with the gate `first`.
    pub(crate) fn gate_of(&self, sums: &Tensor<2>, gate: usize) -> Tensor<2> {
        let hidden = self.composer.hidden;
        sums.clone().narrow(1, gate * hidden, hidden)
    }

    /// The input's part of the sums of some gates.
    pub(crate) fn input(&self, gates: Range<usize>) -> Tensor<2> {
        let columns = Shape::columns(&gates, self.composer.hidden);
        self.sums.clone().narrow(1, columns.start, columns.len())
    }

    /// A recurrent product of an operand, normalised where that is asked for, and with the bias of its own that some cells have.
    pub(crate) fn product(&self, product: usize, operand: Tensor<2>) -> Tensor<2> {
        let Composer { cell, hidden, recurrent, recurrent_bias, dropout, normalizer, .. } = self.composer;
        let gates = &cell.shape().products[product].gates;
        let columns = Shape::columns(gates, *hidden);
        let narrow = |matrix: &Tensor<2>| matrix.clone().narrow(1, columns.start, columns.len());
        let masks = if dropout.len() > 1 { &dropout[gates.clone()] } else { dropout };
        let products =
            by_masks(masks, &narrow(recurrent), |mask, weights| masked(&operand, mask).matmul(weights));
        let products = normalizer.product(product, products);
        match recurrent_bias {
            Some(bias) => products + narrow(bias),
            None => products,
        }
    }

    /// All sums of a cell whose one product reads the state.
    pub(crate) fn all_sums(&self) -> Tensor<2> {
        let Composer { normalizer, bias, .. } = self.composer;
        normalizer.sum(self.sums.clone() + self.product(0, self.state()), bias.clone())
    }

    /// A memory as its activation reads it: normalised where that is asked for.
    pub(crate) fn normalized_memory(&self, memory: Tensor<2>) -> Tensor<2> {
        self.composer.normalizer.memory(memory)
    }

    /// What the layer has beside the cell's own equations.
    pub(crate) fn extras(&self) -> &Extras {
        &self.composer.extras
    }
}
