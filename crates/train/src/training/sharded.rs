//! The gradients of a batch: of the whole, or of its shards, which ranks share out and whose sum counts each by its samples.

use std::ops::Range;

use burn::optim::GradientsParams;
use serde::{Deserialize, Serialize};

use crate::config::TrainConfig;
use crate::error::Error;
use crate::model::batches::{Batches, Shard};
use crate::model::{Loss, Model, Pass};
use crate::optimise::flat::Layout;
use crate::ranks::exchange::Exchange;
use crate::ranks::group::Group;
use crate::ranks::tree;

/// Keys the seeds of the steps, apart from all else that is drawn from the run's seed.
const STEP_KEY: u64 = u64::from_be_bytes(*b"step\0\0\0\0");

/// Where a step stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) epoch: usize,
    pub(super) step_in_epoch: usize,
    /// Of the whole run, from 1.
    pub(super) step: u64,
}

/// What a batch says of the model.
pub(super) struct Learnt {
    pub(super) loss: f64,
    pub(super) samples: usize,
    pub(super) gradients: GradientsParams,
}

/// What a rank tells of one of its shards: as bits, since JSON has no infinite numbers.
#[derive(Clone, Serialize, Deserialize)]
struct Told {
    loss: u64,
    samples: usize,
    /// Which parameters have a gradient.
    present: Vec<bool>,
}

/// The shards that a rank computes.
pub(super) fn own(group: &Group, shards: usize) -> Range<usize> {
    tree::part(shards, group.rank(), group.count())
}

/// Computes a batch. `states` has what each of this rank's shards carries, and gets what they carry on.
pub(super) fn learn<M: Model, B: Batches<Batch = M::Batch>>(
    model: &M,
    batches: &B,
    config: &TrainConfig,
    group: &Group,
    place: Place,
    states: &mut [Option<M::Carry>],
) -> Result<Learnt, Error> {
    if config.shards == 1 {
        return Ok(of_whole(model, batches, config, place, states));
    }
    let Place { epoch, step_in_epoch, step } = place;
    let (own, layout) = (own(group, config.shards), Layout::of(model));
    let continues = batches.continues(epoch, step_in_epoch);
    let mut told = Vec::with_capacity(own.len());
    let mut compute = |shard: usize, buffer: Option<Vec<f32>>| {
        let carry = states[shard - own.start].take().filter(|_| continues);
        let Some(batch) = batches.shard(epoch, step_in_epoch, Shard::new(shard, config.shards)) else {
            told.push(Told { loss: 0, samples: 0, present: Vec::new() });
            let mut numbers = buffer.unwrap_or_default();
            numbers.clear();
            numbers.resize(layout.len(), 0.0);
            return numbers;
        };
        let pass = Pass::Training { seed: config.seed.part(&[STEP_KEY, step, shard as u64]), step };
        let loss = model.loss(batch, carry, pass);
        let gradients = GradientsParams::from_grads(loss.loss.backward(), model);
        told.push(Told {
            loss: f64::from(loss.loss.into_scalar::<f32>()).to_bits(),
            samples: loss.samples,
            present: layout.present(&gradients, model),
        });
        states[shard - own.start] = loss.carry;
        layout.take(gradients, model, loss.samples as f32, buffer)
    };
    let sum = Exchange::new(group, config.shards, layout.len()).sum(&mut compute);
    let told = if group.count() == 1 { told } else { group.agree(&told)?.concat() };

    let samples: usize = told.iter().map(|told| told.samples).sum();
    if samples == 0 {
        return Err(Error::Setting(
            "the batches cannot be cut into shards; train with one shard, or implement `Batches::shard`"
                .to_owned(),
        ));
    }
    let losses = told.iter().map(|told| f64::from_bits(told.loss) * told.samples as f64);
    let mut present = Vec::new();
    for told in &told {
        present.resize(present.len().max(told.present.len()), false);
        present.iter_mut().zip(&told.present).for_each(|(present, other)| *present |= other);
    }
    let gradients = layout.give(&sum, model, 1.0 / samples as f32, &present);
    Ok(Learnt { loss: losses.sum::<f64>() / samples as f64, samples, gradients })
}

fn of_whole<M: Model, B: Batches<Batch = M::Batch>>(
    model: &M,
    batches: &B,
    config: &TrainConfig,
    place: Place,
    states: &mut [Option<M::Carry>],
) -> Learnt {
    let Place { epoch, step_in_epoch, step } = place;
    let batch = batches.batch(epoch, step_in_epoch);
    let continues = batches.continues(epoch, step_in_epoch);
    let carry = states.first_mut().and_then(Option::take).filter(|_| continues);
    let pass = Pass::Training { seed: config.seed.part(&[STEP_KEY, step]), step };
    let Loss { loss, samples, carry, .. } = model.loss(batch, carry, pass);
    // The backward pass is under way before the loss is read, so that a device works on while it waits.
    let gradients = GradientsParams::from_grads(loss.backward(), model);
    if let Some(state) = states.first_mut() {
        *state = carry;
    }
    Learnt { loss: f64::from(loss.into_scalar::<f32>()), samples, gradients }
}
