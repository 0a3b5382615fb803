//! `cargo xtask ci`: the checks of continuous integration, as rows of data and one loop that runs them.
//!
//! Each step's output goes straight to the terminal or log: nothing is captured, so that cargo's own lines
//! stay readable there.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::ExitStatus,
    time::{Duration, Instant},
};

use thiserror::Error;

use crate::cargo;

/// One check: a cargo command and what it needs.
#[derive(Debug)]
pub struct Step {
    /// Its headline.
    pub title: &'static str,
    /// The words after `cargo`.
    pub words: &'static str,
    /// Variables set for it, by name and value.
    pub environment: &'static [(&'static str, &'static str)],
    /// What the machine must have for it.
    pub needs: Needs,
}

/// What a step needs of the machine, besides Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing more.
    Nothing,
    /// A Vulkan driver, real or in software.
    VulkanDriver,
    /// The standard library for 64-bit ARM on Linux.
    ArmTarget,
    /// Miri, in a nightly toolchain.
    Miri,
    /// MPI, by its compiler's name, and libclang.
    Mpi(&'static str),
}

const ARM: &str = "aarch64-unknown-linux-gnu";

const NO_ARM_TARGET: &str =
    "skipped: no standard library for 64-bit ARM (rustup target add aarch64-unknown-linux-gnu)";

const NO_MIRI: &str = "\
skipped: no Miri in a nightly toolchain (rustup toolchain install nightly --component miri,rust-src)";

const NO_MPI: &str = "\
skipped: no MPI of that name with libclang (on Debian or Ubuntu: apt-get install libopenmpi-dev openmpi-bin
         libmpich-dev mpich libclang-dev)";

/// Where Vulkan's loader finds its drivers on Linux.
const DRIVER_FOLDERS: &[&str] = &["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

const NO_DRIVER: &str = "\
skipped: no Vulkan driver in /usr/share/vulkan/icd.d or /etc/vulkan/icd.d
         (a driver in software, on Debian or Ubuntu: apt-get install mesa-vulkan-drivers libvulkan1)";

impl Needs {
    /// What to say where the machine lacks it.
    fn missing(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::VulkanDriver => (!has_driver(DRIVER_FOLDERS)).then_some(NO_DRIVER),
            Self::ArmTarget => (!cargo::has_target(ARM)).then_some(NO_ARM_TARGET),
            Self::Miri => (!cargo::has_miri()).then_some(NO_MIRI),
            Self::Mpi(compiler) => (!cargo::has_mpi(compiler)).then_some(NO_MPI),
        }
    }
}

const fn step(title: &'static str, words: &'static str) -> Step {
    Step { title, words, environment: &[], needs: Needs::Nothing }
}

/// The tests that start programs as several processes. The variable `MPIRUN` names their launcher, and `MPICC` what they are built by.
const RANKS: &str = "test --locked -p recurrent-mpi -p text-rnn -p stock-gru -p imdb-bilstm -p recurrent-bench --features mpi --test ranks";

/// The same by another MPI: what a program does with it is the same whichever it is, so that one of them is enough, the one with all
/// ends and kills.
const RANKS_BY_ANOTHER: &str = "test --locked -p recurrent-mpi -p text-rnn --features mpi --test ranks";

/// What reads MPI's headers does not notice that `MPICC` names another one.
const FORGET_MPI: &str = "clean --locked --package mpi-sys";

/// The checks, in order. One profile for all of them, so that dependencies are built once.
pub const STEPS: &[Step] = &[
    step("formatting", "fmt --all --check"),
    step("clippy", "clippy --workspace --all-targets --locked -- -D warnings"),
    step("tests", "test --workspace --locked"),
    step("tests of the ndarray backend", "test --locked -p recurrent-cells --features ndarray"),
    Step {
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
        ..step("documentation", "doc --workspace --no-deps --locked")
    },
    Step {
        needs: Needs::ArmTarget,
        ..step(
            "clippy of the kernel for ARM",
            "clippy --locked -p recurrent-cells --lib --target aarch64-unknown-linux-gnu -- -D warnings",
        )
    },
    // Wherever pointers are used there is a form without vectors, which Miri can follow. It builds with a toolchain of its own.
    Step {
        needs: Needs::Miri,
        ..step(
            "the plain tile under Miri",
            "miri test --locked -p recurrent-cells --lib --no-default-features --features flex plain_tile",
        )
    },
    Step {
        environment: &[("CARGO_TARGET_DIR", "target")],
        ..step("the layers in Burn's Learner", "check --locked --manifest-path examples/learner/Cargo.toml")
    },
    Step { needs: Needs::Mpi("mpicc"), ..step("what was built for another MPI", FORGET_MPI) },
    Step { needs: Needs::Mpi("mpicc"), ..step("training on several processes", RANKS) },
    Step {
        needs: Needs::Mpi("mpicc"),
        ..step(
            "clippy of what speaks MPI",
            "clippy --locked -p recurrent-mpi -p recurrent-program -p recurrent-bench --features mpi --all-targets -- -D warnings",
        )
    },
    Step { needs: Needs::Mpi("mpicc.mpich"), ..step("what was built for the first MPI", FORGET_MPI) },
    Step {
        environment: &[("MPICC", "mpicc.mpich"), ("MPIRUN", "mpirun.mpich")],
        needs: Needs::Mpi("mpicc.mpich"),
        ..step("training on several processes, by MPICH", RANKS_BY_ANOTHER)
    },
    step("a crate outside the workspace", "run --locked --quiet --package xtask -- outside"),
    step("what would be published", "publish --workspace --dry-run --no-verify --locked --allow-dirty"),
    step("recurrent-train without features", "check --locked -p recurrent-train --no-default-features"),
    step(
        "the programs without a server",
        "check --locked -p stock-gru -p text-rnn -p imdb-bilstm --no-default-features --features flex",
    ),
    step("recurrent-report without charts", "check --locked -p recurrent-report --no-default-features"),
    step(
        "recurrent-data: prices alone",
        "check --locked -p recurrent-data --no-default-features --features prices",
    ),
    step(
        "recurrent-data: texts alone",
        "check --locked -p recurrent-data --no-default-features --features text",
    ),
    step(
        "recurrent-data: reviews alone",
        "check --locked -p recurrent-data --no-default-features --features reviews",
    ),
    Step {
        needs: Needs::VulkanDriver,
        ..step(
            "tests of the wgpu backend",
            "test --locked -p recurrent-cells -p recurrent-backend --features wgpu",
        )
    },
];

/// Why the checks stopped.
#[derive(Debug, Error)]
pub enum CiError {
    /// A step's command ran and failed.
    #[error("the step `{title}` failed ({status}); run it alone with `cargo {words}`")]
    Failed {
        /// Its headline.
        title: &'static str,
        /// Its words.
        words: &'static str,
        /// How it ended.
        status: ExitStatus,
    },
    /// A step's command could not be started.
    #[error("the step `{title}` could not start cargo")]
    NotStarted {
        /// Its headline.
        title: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// The headlines could not be written.
    #[error("could not write the report")]
    Report(#[from] io::Error),
}

/// Runs the steps in order, each under its headline and with its time, up to the first that fails.
///
/// # Errors
/// When a step fails or cannot start, or when `out` cannot be written.
pub fn run(steps: &[Step], out: &mut dyn Write) -> Result<(), CiError> {
    let begin = Instant::now();
    for (number, step) in steps.iter().enumerate() {
        writeln!(out, "\n== {} of {}: {}: cargo {}", number + 1, steps.len(), step.title, step.words)?;
        if let Some(reason) = step.needs.missing() {
            writeln!(out, "{reason}")?;
            continue;
        }
        out.flush()?;
        let taken = run_step(step)?;
        writeln!(out, "== {}: passed in {:.1} s", step.title, taken.as_secs_f64())?;
    }
    writeln!(out, "\n== all checks passed in {:.1} s", begin.elapsed().as_secs_f64())?;
    Ok(())
}

fn run_step(step: &Step) -> Result<Duration, CiError> {
    let begin = Instant::now();
    let mut command = if step.needs == Needs::Miri { cargo::nightly() } else { cargo::command() };
    let status = command
        .args(step.words.split_whitespace())
        .envs(step.environment.iter().copied())
        .status()
        .map_err(|source| CiError::NotStarted { title: step.title, source })?;
    if !status.success() {
        return Err(CiError::Failed { title: step.title, words: step.words, status });
    }
    Ok(begin.elapsed())
}

/// Whether one of the folders holds a driver's manifest, a JSON file.
fn has_driver(folders: &[impl AsRef<Path>]) -> bool {
    folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten())
        .any(|entry| entry.path().extension().is_some_and(|extension| extension == "json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_run_in_order_and_stop_at_the_first_failure() {
        let steps = [
            step("version", "--version"),
            step("unknown command", "no-such-command-of-cargo"),
            step("never reached", "--version"),
        ];
        let mut out = Vec::new();
        let error = run(&steps, &mut out).expect_err("the second step fails");
        let out = String::from_utf8(out).expect("the report is UTF-8");
        assert!(out.contains("== 1 of 3: version: cargo --version\n== version: passed in "), "{out}");
        assert!(out.contains("== 2 of 3: unknown command"), "{out}");
        assert!(!out.contains("never reached"), "{out}");
        assert!(
            error.to_string().starts_with("the step `unknown command` failed (exit status: 101)"),
            "{error}"
        );
    }

    #[test]
    fn a_driver_is_a_json_file_in_one_of_the_folders() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folders = [folder.path().join("absent"), folder.path().to_path_buf()];
        assert!(!has_driver(&folders));
        fs::write(folder.path().join("readme.txt"), "").expect("write");
        assert!(!has_driver(&folders));
        fs::write(folder.path().join("lvp_icd.x86_64.json"), "{}").expect("write");
        assert!(has_driver(&folders));
    }

    #[test]
    fn a_target_that_nobody_has_is_missing() {
        assert!(!cargo::has_target("no-such-target"));
    }

    #[test]
    fn every_step_uses_the_one_profile_and_the_lock_file() {
        for step in STEPS.iter().filter(|step| !step.words.starts_with("fmt")) {
            assert!(!step.words.contains("--release") && !step.words.contains("--profile"), "{}", step.title);
            assert!(step.words.contains("--locked"), "{}", step.title);
        }
    }
}
