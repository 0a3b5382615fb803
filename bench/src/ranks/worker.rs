//! One of the processes that are timed: trains by the loop that the programs train by, and prints what it took.

use burn::{
    module::{Module, ModuleDisplay},
    tensor::Device,
};
use recurrent_backend::{BackendKind, in_pool};
use recurrent_train::{Batches, Error, Group, Loss, Observer, Pass, Seed, Shard, StepRecord, Training};
use serde::{Deserialize, Serialize};

use crate::{
    compare::median,
    model::{Batch, Model, Prices, Reviews, Text},
    output::{Format, print},
    ranks::{Flags, config},
    threads,
    workload::Workload,
};

/// Untimed steps first: the first allocates, the second finds warm caches.
pub(super) const WARM_UP: usize = 2;

/// What a training took its first rank.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Figures {
    pub(super) step_s: f64,
    pub(super) parameters: usize,
    /// Of a step.
    pub(super) bytes_sent: f64,
    /// The share of the time.
    pub(super) waiting: f64,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

pub(super) fn run(flags: &Flags, threads: usize) -> Result<(), Box<dyn std::error::Error>> {
    threads::set(Some(threads))?;
    match in_pool(|| on_this_rank(flags)) {
        Ok(Some(figures)) => print(&figures, Format::Json),
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The figures, on the first rank.
fn on_this_rank(flags: &Flags) -> Result<Option<Figures>, Failure> {
    let (group, device) = (group()?, BackendKind::Flex.open()?.autodiff());
    // All ranks begin with the same weights.
    device.seed(0);
    let figures = match flags.workload {
        Workload::Vanilla | Workload::Lstm => {
            train(flags, Text::new(flags.workload, &device), &group, device)
        }
        Workload::Gru => train(flags, Prices::new(&device), &group, device),
        Workload::Bilstm => train(flags, Reviews::new(&device), &group, device),
    }?;
    group.leave()?;
    Ok(group.is_first().then_some(figures))
}

#[cfg(feature = "mpi")]
fn group() -> Result<Group, Failure> {
    Ok(Group::new(recurrent_mpi::Mpi::start()?))
}

#[cfg(not(feature = "mpi"))]
fn group() -> Result<Group, Failure> {
    Ok(Group::default())
}

fn train<M: Model + ModuleDisplay>(
    flags: &Flags,
    model: M,
    group: &Group,
    device: Device,
) -> Result<Figures, Error> {
    let config = config(usize::from(flags.shards), flags.steps);
    let batches = Repeated { workload: flags.workload, device };
    let (mut times, parameters) = (Times::default(), Module::num_params(&model));
    Training::new(&config, &batches)
        .with_observer(&mut times)
        .with_group(group.clone())
        .run(Trained { model })?;
    let traffic = group.traffic();
    Ok(Figures {
        step_s: median(&times.0.split_off(WARM_UP.min(times.0.len()))).unwrap_or(f64::NAN),
        parameters,
        bytes_sent: traffic.sent as f64 / f64::from(flags.steps + WARM_UP as u32),
        waiting: traffic.waiting(),
    })
}

/// A model of the benchmarks, as the loop knows one.
#[derive(Module, Debug)]
struct Trained<M: Module + ModuleDisplay> {
    model: M,
}

impl<M: Model + ModuleDisplay> recurrent_train::Model for Trained<M> {
    type Batch = Batch;
    type Carry = ();

    fn loss(&self, batch: Batch, _carry: Option<()>, pass: Pass) -> Loss<()> {
        let samples = batch.tokens.dims()[0];
        Loss::new(self.model.loss(&batch, pass.seed().unwrap_or(Seed(0))), samples)
    }
}

/// The same batch at every step.
struct Repeated {
    workload: Workload,
    device: Device,
}

impl Batches for Repeated {
    type Batch = Batch;

    fn steps_per_epoch(&self) -> usize {
        1_000_000
    }

    fn batch(&self, _epoch: usize, _step: usize) -> Batch {
        Batch::new(self.workload, &self.device.clone().inner())
    }

    fn shard(&self, epoch: usize, step: usize, shard: Shard) -> Option<Batch> {
        let rows = shard.rows(self.workload.batch_and_time()[0])?;
        Some(self.batch(epoch, step).rows(rows))
    }
}

/// The seconds of each step.
#[derive(Default)]
struct Times(Vec<f64>);

impl Observer for Times {
    fn on_step(&mut self, step: &StepRecord) -> Result<(), Error> {
        self.0.push(step.seconds);
        Ok(())
    }
}
