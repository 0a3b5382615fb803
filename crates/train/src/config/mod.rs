//! The settings of a run, as plain data: checked once where they enter the loop, trusted afterwards.

pub(crate) mod schedule;
pub(crate) mod stopping;
pub(crate) mod weights_name;
mod words;

use recurrent_backend::Seed;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::schedule::Schedule;
use crate::config::stopping::Watch;
use crate::error::Error;
use crate::optimise::Optimiser;
use crate::optimise::clip::Clip;

/// The settings of a run: [`TrainConfig::new`], then what differs, by field or by `with_`.
///
/// ```
/// use recurrent_train::{Clip, Optimiser, Seed, TrainConfig, Watch, Watched};
///
/// let config = TrainConfig::new(20, Optimiser::adam(), 0.001)
///     .with_seed(Seed(42))
///     .with_clip(Clip::GlobalNorm(1.0))
///     .with_watch(Watch::new(Watched::ValidationLoss).with_patience(5));
/// config.validate()?;
/// # Ok::<(), recurrent_train::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TrainConfig {
    /// The number of epochs.
    pub epochs: usize,
    /// The number of steps after which to stop, over the whole run, where that comes before the epochs' end.
    pub max_steps: Option<u64>,
    /// The seed of all that is random while training.
    pub seed: Seed,
    /// Into how many shards each batch is cut, by rows. A shard has its own masks and its own gradient, which counts by its samples;
    /// they are added up in the order of a tree. One is a batch as it is.
    #[serde(default = "whole")]
    pub shards: usize,
    /// The rule of the updates.
    pub optimiser: Optimiser,
    /// The full learning rate.
    pub learning_rate: f64,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// How gradients are clipped.
    pub clip: Clip,
    /// The watched loss; without one, the last weights are the result.
    pub watch: Option<Watch>,
    /// How often a checkpoint is written. One more is written at the end.
    pub checkpoint_every: Every,
    /// The name of the weights files, with `{epoch:03}` and, if wished, `{loss:.4}` in it.
    pub weights_name: String,
}

/// How often a checkpoint is written. It changes what a kill loses, never a result.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    /// Every so many steps.
    Steps(u64),
    /// At the end of every so many epochs.
    Epochs(usize),
    /// After so many seconds, and less often where writing would take more than a fiftieth of the time.
    Seconds(f64),
}

impl TrainConfig {
    /// Settings with a constant learning rate, no clipping and nothing watched.
    pub fn new(epochs: usize, optimiser: Optimiser, learning_rate: f64) -> Self {
        Self {
            epochs,
            max_steps: None,
            seed: Seed(0),
            shards: whole(),
            optimiser,
            learning_rate,
            schedule: Schedule::Constant,
            clip: Clip::None,
            watch: None,
            checkpoint_every: Every::Seconds(5.0),
            weights_name: "weights_epoch_{epoch:03}_loss_{loss:.4}".to_owned(),
        }
    }

    /// With this seed.
    pub fn with_seed(self, seed: Seed) -> Self {
        Self { seed, ..self }
    }

    /// With batches cut into so many shards: memory for one at a time suffices, and so many ranks can share the work.
    pub fn with_shards(self, shards: usize) -> Self {
        Self { shards, ..self }
    }

    /// Stops after so many steps of the whole run, where that comes before the epochs' end.
    pub fn with_max_steps(self, steps: u64) -> Self {
        Self { max_steps: Some(steps), ..self }
    }

    /// With a learning rate that changes so.
    pub fn with_schedule(self, schedule: Schedule) -> Self {
        Self { schedule, ..self }
    }

    /// With gradients clipped so.
    pub fn with_clip(self, clip: Clip) -> Self {
        Self { clip, ..self }
    }

    /// Keeps the weights of the best epoch by what is watched.
    pub fn with_watch(self, watch: Watch) -> Self {
        Self { watch: Some(watch), ..self }
    }

    /// Writes a checkpoint so often.
    pub fn with_checkpoint_every(self, checkpoint_every: Every) -> Self {
        Self { checkpoint_every, ..self }
    }

    /// With weights files of this name.
    pub fn with_weights_name(self, name: impl Into<String>) -> Self {
        Self { weights_name: name.into(), ..self }
    }

    /// Checks every setting.
    ///
    /// # Errors
    /// A setting is out of its range; the message says which one, what was found and what is expected.
    pub fn validate(&self) -> Result<(), Error> {
        let problem = if self.epochs == 0 {
            Some("0 epochs; at least 1 is needed".to_owned())
        } else if self.max_steps == Some(0) {
            Some("at most 0 steps; at least 1 is needed".to_owned())
        } else if self.shards == 0 {
            Some("batches of 0 shards; at least 1 is needed".to_owned())
        } else if !(self.learning_rate.is_finite() && self.learning_rate > 0.0) {
            Some(format!("a learning rate of {}; expected a number above 0", self.learning_rate))
        } else {
            self.optimiser
                .problem()
                .or_else(|| self.schedule.problem())
                .or_else(|| self.clip.problem())
                .or_else(|| self.watch.as_ref().and_then(Watch::problem))
                .or_else(|| self.checkpoint_every.problem())
                .or_else(|| weights_name::problem(&self.weights_name))
        };
        problem
            .map_or(Ok(()), |problem| Err(Error::Setting(format!("the training settings ask for {problem}"))))
    }

    /// The learning rate of a step, counted from 1.
    pub fn learning_rate_at(&self, step: u64) -> f64 {
        self.learning_rate * self.schedule.factor(step)
    }

    /// Says which settings differ in a way that would make a resumed run another one. More epochs or steps
    /// and other checkpoints continue the same run.
    pub(crate) fn difference(&self, saved: &Self) -> Option<String> {
        let said: Vec<_> = self
            .differing(saved)
            .into_iter()
            .map(|(name, value, saved)| format!("{name} was {saved} and is now {value}"))
            .collect();
        (!said.is_empty()).then(|| said.join(", "))
    }

    /// The settings that make another run of it, with their values here and in the other.
    pub(crate) fn differing(&self, other: &Self) -> Vec<(String, Value, Value)> {
        let other = Self {
            epochs: self.epochs,
            max_steps: self.max_steps,
            checkpoint_every: self.checkpoint_every,
            weights_name: self.weights_name.clone(),
            ..other.clone()
        };
        let fields = |config: &Self| match serde_json::to_value(config) {
            Ok(Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        let mut others = fields(&other);
        let both = fields(self).into_iter().map(|(name, own)| {
            let other = others.remove(&name).unwrap_or_default();
            (name, own, other)
        });
        both.filter(|(_, own, other)| own != other).collect()
    }
}

/// Batches that are not cut.
fn whole() -> usize {
    1
}

impl Every {
    fn problem(self) -> Option<String> {
        match self {
            Self::Steps(0) => Some("a checkpoint every 0 steps; at least 1 is needed".to_owned()),
            Self::Epochs(0) => Some("a checkpoint every 0 epochs; at least 1 is needed".to_owned()),
            Self::Seconds(seconds) if !(seconds.is_finite() && seconds >= 0.0) => {
                Some(format!("a checkpoint every {seconds} seconds; expected 0 or more"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::stopping::Watched;

    fn config() -> TrainConfig {
        TrainConfig::new(3, Optimiser::rms_prop(), 0.001)
    }

    #[test]
    fn the_defaults_are_valid() {
        for optimiser in [Optimiser::rms_prop(), Optimiser::adam(), Optimiser::adam_w(0.01)] {
            TrainConfig { optimiser, ..config() }.validate().unwrap();
        }
    }

    #[test]
    fn each_wrong_setting_is_named() {
        let watch = |patience, min_delta| Some(Watch { loss: Watched::TrainLoss, patience, min_delta });
        let wrong = [
            TrainConfig { epochs: 0, ..config() },
            TrainConfig { max_steps: Some(0), ..config() },
            TrainConfig { learning_rate: f64::NAN, ..config() },
            TrainConfig { learning_rate: -1.0, ..config() },
            TrainConfig {
                optimiser: Optimiser::RmsProp { rho: 1.0, epsilon: 1e-8, momentum: 0.0, centred: false },
                ..config()
            },
            TrainConfig {
                optimiser: Optimiser::RmsProp { rho: 0.9, epsilon: -1.0, momentum: 0.0, centred: false },
                ..config()
            },
            TrainConfig { optimiser: Optimiser::adam_w(-0.5), ..config() },
            TrainConfig { schedule: Schedule::Warmup { steps: 0 }, ..config() },
            TrainConfig { schedule: Schedule::Cosine { warmup: 5, steps: 5, floor: 0.0 }, ..config() },
            TrainConfig { schedule: Schedule::Cosine { warmup: 0, steps: 5, floor: 2.0 }, ..config() },
            TrainConfig { schedule: Schedule::Step { every: 0, factor: 0.5 }, ..config() },
            TrainConfig { schedule: Schedule::Step { every: 1, factor: 1.5 }, ..config() },
            TrainConfig { clip: Clip::GlobalNorm(0.0), ..config() },
            TrainConfig { clip: Clip::Value(f64::INFINITY), ..config() },
            TrainConfig { watch: watch(Some(0), 0.0), ..config() },
            TrainConfig { watch: watch(None, -1.0), ..config() },
            TrainConfig { checkpoint_every: Every::Steps(0), ..config() },
            TrainConfig { checkpoint_every: Every::Seconds(f64::NAN), ..config() },
            TrainConfig { weights_name: "best".to_owned(), ..config() },
        ];
        let messages: Vec<_> = wrong
            .iter()
            .map(|config| {
                config.validate().unwrap_err().to_string().replace("the training settings ask for ", "")
            })
            .collect();
        insta::assert_snapshot!(messages.join("\n"), @r"
        0 epochs; at least 1 is needed
        at most 0 steps; at least 1 is needed
        a learning rate of NaN; expected a number above 0
        a learning rate of -1; expected a number above 0
        rho of 1; expected 0 up to, but not, 1
        an epsilon of -1; expected 0 or more
        a weight decay of -0.5; expected 0 or more
        a warm-up over 0 steps; at least 1 is needed
        a cosine that ends at step 5, in its warm-up of 5 steps; it must end later
        a cosine that falls to 2 of the learning rate; expected 0 to 1
        a decay every 0 steps; at least 1 is needed
        a decay by the factor 1.5; expected above 0, up to 1
        gradients clipped at 0; expected a number above 0
        gradients clipped at inf; expected a number above 0
        a patience of 0 epochs; at least 1 is needed
        a least improvement of -1; expected 0 or more
        a checkpoint every 0 steps; at least 1 is needed
        a checkpoint every NaN seconds; expected 0 or more
        the weights' name `best` lacks the epoch; add `{epoch:03}`
        ");
    }

    #[test]
    fn only_what_changes_the_run_is_a_difference() {
        let saved = config();
        let longer =
            TrainConfig { epochs: 9, max_steps: Some(4), checkpoint_every: Every::Steps(1), ..config() };
        assert_eq!(longer.difference(&saved), None);
        let other = TrainConfig { learning_rate: 0.5, clip: Clip::Value(1.0), ..config() };
        insta::assert_snapshot!(other.difference(&saved).unwrap(), @r#"clip was "none" and is now {"value":1.0}, learning_rate was 0.001 and is now 0.5"#);
    }

    #[test]
    fn settings_survive_json() {
        let config = TrainConfig {
            learning_rate: 0.1 + 0.2,
            schedule: Schedule::Cosine { warmup: 1, steps: 9, floor: 1.0 / 3.0 },
            clip: Clip::GlobalNorm(1.0),
            watch: Some(Watch::new(Watched::ValidationLoss).with_patience(3)),
            ..config()
        };
        let text = serde_json::to_string(&config).unwrap();
        assert_eq!(serde_json::from_str::<TrainConfig>(&text).unwrap(), config);
    }
}
