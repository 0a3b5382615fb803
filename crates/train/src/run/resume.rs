//! Continuing a run: whether it is the same one, and its weights, optimiser and carried state put back.

use std::ops::Range;
use std::path::Path;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor};

use crate::config::TrainConfig;
use crate::error::Error;
use crate::model::Model;
use crate::optimise::Optimisation;
use crate::run::carried::{self, States};
use crate::run::checkpoint::Last;
use crate::weights::parameters;
use crate::weights::tensors;

/// The device of the first parameter that records gradients.
pub(crate) fn recording_device<M: Module>(model: &M) -> Option<Device> {
    struct Finder(Option<Device>);
    impl ModuleVisitor for Finder {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let tensor = param.base();
            if self.0.is_none() && tensor.is_require_grad() {
                self.0 = Some(tensor.device());
            }
        }
    }
    let mut finder = Finder(None);
    model.visit(&mut finder);
    finder.0
}

/// Refuses to continue a run with settings or data that make it another one.
pub(crate) fn check_same_run(
    last: &Last,
    program: &str,
    config: &TrainConfig,
    steps_per_epoch: usize,
    path: &Path,
) -> Result<(), Error> {
    if last.program != program {
        let problem = format!("was trained by `{}`, and this is `{program}`", last.program);
        return Err(Error::invalid(path, problem));
    }
    if let Some(difference) = config.difference(&last.config) {
        let problem = format!(
            "cannot be continued with other settings: {difference}; continue it with its own, or start a new run"
        );
        return Err(Error::invalid(path, problem));
    }
    if last.steps_per_epoch != steps_per_epoch {
        let problem = format!(
            "cannot be continued with other data or another batch: an epoch had {} steps and now has \
             {steps_per_epoch}; continue it with its own, or start a new run",
            last.steps_per_epoch
        );
        return Err(Error::invalid(path, problem));
    }
    Ok(())
}

/// Puts weights, optimiser and the states that a rank's own `shards` carry back.
pub(crate) fn restore<M: Model>(
    last: &Last,
    folder: &Path,
    model: M,
    optimisation: &mut Optimisation,
    shards: &Range<usize>,
) -> Result<(M, States<M::Carry>), Error> {
    /// More than any rule keeps for each weight, with room for what is carried.
    const COPIES: u64 = 16;
    const CARRY: u64 = 1 << 30;
    let own = parameters::parameters(&model);
    let bytes: usize = own.values().map(|data| data.as_bytes().len()).sum();
    let limit = bytes as u64 * COPIES + CARRY + tensors::header_allowance(own.len());
    let state = last.read_state(folder, limit)?;
    let path = last.state_path(folder);
    let expected = parameters::shapes(&own);
    if let Some(difference) = parameters::difference(&parameters::shapes(&state.model), &expected) {
        let problem = format!(
            "is of another model: {difference}; continue the run with the settings it was begun with"
        );
        return Err(Error::invalid(&path, problem));
    }
    let invalid = |problem: String| {
        Error::invalid(&path, format!("{problem}; continue the run with the settings it was begun with"))
    };
    let device = recording_device(&model).unwrap_or_default();
    optimisation.restore(state.optimiser, &expected, &device.clone().inner()).map_err(invalid)?;
    let states = carried::read(state.carry.as_ref(), last.config.shards, shards, &device).map_err(invalid)?;
    Ok((parameters::with_parameters(model, &state.model), states))
}
