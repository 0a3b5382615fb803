//! Times the steps and prints one record.

use std::time::Instant;

use burn::{
    optim::{GradientsParams, RmsPropConfig},
    tensor::Device,
};
use clap::{Args, ValueEnum};
use recurrent_backend::{BackendKind, Seed, in_pool};
use recurrent_cells::peak_flops;
use recurrent_train::{Optimisation, Optimiser};
use serde::{Deserialize, Serialize};

use crate::{
    burn_layers,
    model::{Batch, Model, Prices, Reviews, Text},
    output::{Format, print},
    threads,
    workload::Workload,
};

/// Untimed steps first: the first allocates, the second finds warm caches.
const WARM_UP: usize = 2;

// The update: RMSprop, the same for all.
const LEARNING_RATE: f64 = 1e-3;
const RHO: f64 = 0.9;
const EPSILON: f64 = 1e-8;

#[derive(Args)]
pub(crate) struct Flags {
    /// The model and batch.
    #[arg(long)]
    workload: Workload,
    /// Timed steps.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// flex, ndarray, wgpu or cuda, as far as built in.
    #[arg(long, default_value_t = BackendKind::Flex)]
    backend: BackendKind,
    /// Threads; as many as processors where not given.
    #[arg(long)]
    threads: Option<usize>,
    /// Whose layers.
    #[arg(long, value_enum, default_value_t = Implementation::Ours)]
    implementation: Implementation,
    /// How the record is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Implementation {
    Ours,
    BurnNn,
}

#[derive(Serialize)]
struct Record {
    implementation: Implementation,
    workload: Workload,
    backend: BackendKind,
    threads: usize,
    steps: u32,
    median_step_s: f64,
    min_step_s: f64,
    max_step_s: f64,
    flops_per_step: f64,
    gflops: f64,
    peak_gflops: f64,
    fraction_of_peak: f64,
}

/// Measures and prints.
pub(crate) fn run(flags: &Flags) -> Result<(), Box<dyn std::error::Error>> {
    let threads = threads::set(flags.threads)?;
    let device = flags.backend.open()?.autodiff();
    let peak = peak_flops(threads);
    let mut times = in_pool(|| time(flags, &device));
    let peak = peak.max(peak_flops(threads));
    times.sort_by(f64::total_cmp);
    let median = (times[(times.len() - 1) / 2] + times[times.len() / 2]) / 2.0;
    let flops = flags.workload.flops();
    let record = Record {
        implementation: flags.implementation,
        workload: flags.workload,
        backend: flags.backend,
        threads,
        steps: flags.steps,
        median_step_s: median,
        min_step_s: times[0],
        max_step_s: times[times.len() - 1],
        flops_per_step: flops,
        gflops: flops / median / 1e9,
        peak_gflops: peak / 1e9,
        fraction_of_peak: flops / median / peak,
    };
    print(&record, flags.format)
}

fn time(flags: &Flags, device: &Device) -> Vec<f64> {
    let workload = flags.workload;
    let batch = Batch::new(workload, &device.clone().inner());
    match (flags.implementation, workload) {
        (Implementation::Ours, Workload::Vanilla | Workload::Lstm) => {
            time_ours(Text::new(workload, device), &batch, flags.steps)
        }
        (Implementation::Ours, Workload::Gru) => time_ours(Prices::new(device), &batch, flags.steps),
        (Implementation::Ours, Workload::Bilstm) => time_ours(Reviews::new(device), &batch, flags.steps),
        (Implementation::BurnNn, Workload::Vanilla) => {
            time_burn_nn(burn_layers::Vanilla::new(device), &batch, flags.steps)
        }
        (Implementation::BurnNn, Workload::Lstm) => {
            time_burn_nn(burn_layers::Text::new(device), &batch, flags.steps)
        }
        (Implementation::BurnNn, Workload::Gru) => {
            time_burn_nn(burn_layers::Prices::new(device), &batch, flags.steps)
        }
        (Implementation::BurnNn, Workload::Bilstm) => {
            time_burn_nn(burn_layers::Reviews::new(device), &batch, flags.steps)
        }
    }
}

fn time_ours<M: Model>(model: M, batch: &Batch, steps: u32) -> Vec<f64> {
    let rule = Optimiser::RmsProp { rho: RHO, epsilon: EPSILON, momentum: 0.0, centred: false };
    let mut optimisation = Optimisation::new(rule);
    time_model(model, batch, steps, |model, gradients| optimisation.step(LEARNING_RATE, model, gradients))
}

fn time_burn_nn<M: Model>(model: M, batch: &Batch, steps: u32) -> Vec<f64> {
    let rule = RmsPropConfig::new().with_alpha(RHO as f32).with_momentum(0.0).with_epsilon(EPSILON as f32);
    let mut optimiser = rule.init();
    time_model(model, batch, steps, |model, gradients| optimiser.step(LEARNING_RATE, model, gradients))
}

/// Seconds of each step.
fn time_model<M: Model>(
    mut model: M,
    batch: &Batch,
    steps: u32,
    mut update: impl FnMut(M, GradientsParams) -> M,
) -> Vec<f64> {
    let mut times = Vec::new();
    for step in 0..WARM_UP as u64 + u64::from(steps) {
        let start = Instant::now();
        let loss = model.loss(batch, Seed(7).part(&[step]));
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        model = update(model, gradients);
        // Reading the loss waits for a device that computes on its own.
        let loss = loss.into_scalar::<f32>();
        assert!(loss.is_finite(), "the loss of step {step} is {loss}");
        times.push(start.elapsed().as_secs_f64());
    }
    times.split_off(WARM_UP)
}
