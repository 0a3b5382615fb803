//! Whether the ranks of a group are about to do the same run: what one of them does otherwise would show late, or never.

use std::fmt::Display;

use burn::module::Module;
use serde::{Deserialize, Serialize};

use crate::config::TrainConfig;
use crate::error::Error;
use crate::files::sha256_hex;
use crate::ranks::group::Group;
use crate::weights::{parameters, tensors};

/// What has to be the same on all ranks.
#[derive(Serialize, Deserialize)]
struct Bearings {
    version: String,
    config: TrainConfig,
    steps_per_epoch: usize,
    step: u64,
    weights: String,
    processor: String,
}

/// Refuses ranks that differ.
pub(super) fn check<M: Module>(
    group: &Group,
    config: &TrainConfig,
    steps_per_epoch: usize,
    step: u64,
    model: &M,
) -> Result<(), Error> {
    if group.count() == 1 {
        return Ok(());
    }
    let weights = tensors::encode(&parameters::parameters(model)).map_err(Error::Setting)?;
    let own = Bearings {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        config: config.clone(),
        steps_per_epoch,
        step,
        weights: sha256_hex(&weights),
        processor: processor(),
    };
    let all = group.agree(&own)?;
    let differing =
        all[1..].iter().enumerate().find_map(|(rank, other)| Some((rank + 1, difference(&all[0], other)?)));
    match differing {
        Some((rank, what)) => Err(Error::Setting(format!(
            "rank {rank} does not do the run of rank 0: {what}; start all with the same program, options and data, on processors of \
             one kind"
        ))),
        None => Ok(()),
    }
}

fn difference(first: &Bearings, other: &Bearings) -> Option<String> {
    let said = |name: &str, own: &dyn Display, first: &dyn Display| {
        Some(format!("its {name} is {own} instead of {first}"))
    };
    if first.version != other.version {
        said("version", &other.version, &first.version)
    } else if let Some((name, own, first)) = other.config.differing(&first.config).into_iter().next() {
        said(&name, &own, &first)
    } else if first.config != other.config {
        Some("it is of another length".to_owned())
    } else if first.steps_per_epoch != other.steps_per_epoch {
        said("number of steps in an epoch", &other.steps_per_epoch, &first.steps_per_epoch)
    } else if first.step != other.step {
        said("checkpoint's step", &other.step, &first.step)
    } else if first.processor != other.processor {
        said("processor", &other.processor, &first.processor)
    } else {
        (first.weights != other.weights).then(|| "its first weights are others".to_owned())
    }
}

/// The kind of processor, as far as the bits of a result depend on it.
fn processor() -> String {
    #[cfg(target_arch = "x86_64")]
    let kind = if std::arch::is_x86_feature_detected!("avx512f") {
        "x86-64 with AVX-512"
    } else if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        "x86-64 with AVX2"
    } else {
        "x86-64"
    };
    #[cfg(not(target_arch = "x86_64"))]
    let kind = if cfg!(target_arch = "aarch64") { "64-bit ARM" } else { "another kind" };
    kind.to_owned()
}
