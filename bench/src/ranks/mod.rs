//! Times training steps whose batches are cut into shards: on one process, and on several that share the shards out.
//!
//! Each figure is of a process of its own, which this program starts: itself with other words, by `mpirun` where there are several.

mod table;
mod worker;

use std::process::Command;

use clap::Args;
use recurrent_train::TrainConfig;

use crate::{output::Format, ranks::table::Case, workload::Workload};

#[derive(Args)]
pub(crate) struct Flags {
    /// The model and batch.
    #[arg(long, default_value = "lstm")]
    workload: Workload,
    /// Parts of a batch.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=4096))]
    shards: u16,
    /// Timed steps of each process.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// Rounds, each of which times every case once.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// The launcher.
    #[arg(long, default_value = "mpirun")]
    mpirun: String,
    /// How the figures are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Be one of the processes that are timed, on so many threads.
    #[arg(long, hide = true)]
    worker: Option<usize>,
}

/// Measures and prints.
pub(crate) fn run(flags: &Flags) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(threads) = flags.worker {
        return worker::run(flags, threads);
    }
    let mut cases = table::cases(usize::from(flags.shards), cfg!(feature = "mpi"));
    for _ in 0..flags.rounds {
        for case in &mut cases {
            let figures = measure(flags, case)?;
            case.figures.push(figures);
        }
    }
    table::print(flags.workload, &cases, flags.format)
}

fn measure(flags: &Flags, case: &Case) -> Result<worker::Figures, Box<dyn std::error::Error>> {
    let own = std::env::current_exe()?;
    let mut command = if case.ranks == 1 {
        Command::new(own)
    } else {
        let mut command = Command::new(&flags.mpirun);
        // As many as there are cores, and each free to be where it likes: other launchers than Open MPI's do not know these.
        command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        command
            .env("OMPI_MCA_rmaps_base_oversubscribe", "1")
            .env("OMPI_MCA_hwloc_base_binding_policy", "none");
        command.args(["-n", &case.ranks.to_string()]).arg(own);
        command
    };
    let workload = serde_json::to_value(flags.workload)?;
    command.args(["ranks", "--workload", workload.as_str().unwrap_or_default()]);
    command.args(["--shards", &case.shards.to_string(), "--steps", &flags.steps.to_string()]);
    command.args(["--worker", &case.threads.to_string()]);
    let output = command.output().map_err(|error| format!("{}: {error}", flags.mpirun))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The settings of a training of so many steps, after those that are not timed.
fn config(shards: usize, steps: u32) -> TrainConfig {
    let optimiser =
        recurrent_train::Optimiser::RmsProp { rho: 0.9, epsilon: 1e-8, momentum: 0.0, centred: false };
    TrainConfig::new(1, optimiser, 1e-3)
        .with_shards(shards)
        .with_max_steps(u64::from(steps) + worker::WARM_UP as u64)
}
