//! Options that are fine one by one but make no sense together: known only once the preset is.

use recurrent_train::{Schedule, TrainConfig};

/// Wrong usage of the command line, which ends a program with exit code 2.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongUsage {
    /// An option would change nothing.
    #[error("`{option}` has no meaning here: {reason}")]
    Meaningless {
        /// The option.
        option: &'static str,
        /// Why.
        reason: String,
    },
    /// Options contradict each other.
    #[error("{0}")]
    Contradiction(String),
    /// A finished run is to go on at a learning rate of nothing.
    #[error(
        "the learning rate of this run falls to nothing by its step {end}, so it would learn nothing in further epochs; \
         start a new run with as many `--epochs` as it is to have"
    )]
    Fallen {
        /// The step.
        end: u64,
    },
}

/// Refuses options that were given and would change nothing.
///
/// # Errors
/// The first of `given` that is `true` beside a reason.
pub fn refuse_meaningless<R: Into<String>>(
    given: impl IntoIterator<Item = (&'static str, bool, R)>,
) -> Result<(), WrongUsage> {
    match given.into_iter().find(|(_, given, _)| *given) {
        Some((option, _, reason)) => Err(WrongUsage::Meaningless { option, reason: reason.into() }),
        None => Ok(()),
    }
}

/// Refuses to go on with a run past the end of its learning rate.
///
/// # Errors
/// Its settings ask for more steps than its schedule has.
pub fn refuse_fallen_rate(train: &TrainConfig, steps_per_epoch: usize) -> Result<(), WrongUsage> {
    let asked = (train.epochs as u64).saturating_mul(steps_per_epoch as u64);
    let asked = asked.min(train.max_steps.unwrap_or(u64::MAX));
    match train.schedule {
        Schedule::Cosine { steps: end, floor: 0.0, .. } if asked > end => Err(WrongUsage::Fallen { end }),
        _ => Ok(()),
    }
}
