//! The options of the updates: rule, learning rate, clipping, and when to stop early. What is absent is the preset's.

use clap::{Args, ValueEnum};
use recurrent_train::{Clip, Optimiser, Schedule, TrainConfig, Watch, Watched};
use serde::{Deserialize, Serialize};

use super::values;
use crate::{WrongUsage, refuse_meaningless};

/// What overrides the preset's updates.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct UpdateFlags {
    /// Rule of the updates.
    #[arg(long, value_name = "NAME", value_enum, hide_possible_values = true, conflicts_with = "resume")]
    #[arg(help = "rmsprop, keras-rmsprop, adam or adamw", help_heading = "Training")]
    pub optimizer: Option<Optimizer>,

    /// Size of the updates.
    #[arg(long, value_name = "X", value_parser = values::positive, conflicts_with = "resume")]
    #[arg(help = "Learning rate", help_heading = "Training")]
    pub learning_rate: Option<f64>,

    /// How the learning rate goes on.
    #[arg(long, value_name = "NAME", value_enum, hide_possible_values = true, conflicts_with = "resume")]
    #[arg(help = "constant, or cosine: the learning rate falls to nothing by the last epoch")]
    #[arg(help_heading = "Training")]
    pub schedule: Option<ScheduleKind>,

    /// Number of steps over which the learning rate grows.
    #[arg(long, value_name = "N", value_parser = values::count, conflicts_with = "resume")]
    #[arg(help = "Let the learning rate grow over the first N steps; 0: begin with all of it")]
    #[arg(help_heading = "Training")]
    pub warmup: Option<u64>,

    /// Share of each weight, times the learning rate, that AdamW takes away at each step.
    #[arg(long, value_name = "X", value_parser = values::not_negative, conflicts_with = "resume")]
    #[arg(help = "AdamW's weight decay", help_heading = "Training")]
    pub weight_decay: Option<f64>,

    /// What RMSprop's running means keep at each step.
    #[arg(long, value_name = "X", value_parser = values::below_one, conflicts_with = "resume")]
    #[arg(help = "Share of RMSprop's running mean kept at each step", help_heading = "Training")]
    pub rho: Option<f64>,

    /// What is added to the optimiser's divisor.
    #[arg(long, value_name = "X", value_parser = values::positive, conflicts_with = "resume")]
    #[arg(help = "Added to the optimiser's divisor", help_heading = "Training")]
    pub epsilon: Option<f64>,

    /// Largest norm of all gradients together.
    #[arg(long, value_name = "X", value_parser = values::positive, conflicts_with = "resume")]
    #[arg(help = "Scale gradients down to at most this norm", help_heading = "Training")]
    pub clip_norm: Option<f64>,

    /// Number of epochs without a better loss after which to stop.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=10_000_000), conflicts_with = "resume")]
    #[arg(help = "Stop after so many epochs without a better loss", help_heading = "Training")]
    pub patience: Option<usize>,
}

/// A rule of the updates, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Optimizer {
    /// RMSprop (Hinton 2012).
    #[value(name = "rmsprop")]
    RmsProp,
    /// RMSprop with epsilon under the root, as Keras 3 has it.
    #[value(name = "keras-rmsprop")]
    #[serde(rename = "keras-rmsprop")]
    KerasRmsProp,
    /// Adam (Kingma and Ba 2014).
    Adam,
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2017).
    #[value(name = "adamw")]
    AdamW,
}

/// A learning-rate schedule, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ScheduleKind {
    /// It stays as it is.
    #[default]
    Constant,
    /// Half a cosine from the full rate down to nothing at the last step.
    Cosine,
}

impl ScheduleKind {
    /// The schedule over so many steps in all, the first of which are a warm-up.
    pub fn over(self, steps: u64, warmup: u64) -> Schedule {
        match self {
            Self::Constant if warmup == 0 => Schedule::Constant,
            Self::Constant => Schedule::Warmup { steps: warmup },
            Self::Cosine => {
                let steps = steps.max(1);
                Schedule::Cosine { warmup: warmup.min(steps - 1), steps, floor: 0.0 }
            }
        }
    }
}

impl UpdateFlags {
    /// Overrides a preset's settings. `watched` is the loss that a patience counts for, where the preset watches none.
    ///
    /// # Errors
    /// An option is of another rule than the one that is used.
    pub fn apply(&self, train: &mut TrainConfig, watched: Watched) -> Result<(), WrongUsage> {
        set(&mut train.learning_rate, self.learning_rate);
        match (self.optimizer, train.optimiser) {
            (None, _)
            | (Some(Optimizer::RmsProp), Optimiser::RmsProp { .. })
            | (Some(Optimizer::KerasRmsProp), Optimiser::KerasRmsProp { .. })
            | (Some(Optimizer::Adam), Optimiser::Adam { .. })
            | (Some(Optimizer::AdamW), Optimiser::AdamW { .. }) => {}
            (Some(Optimizer::RmsProp), _) => train.optimiser = Optimiser::rms_prop(),
            (Some(Optimizer::KerasRmsProp), _) => train.optimiser = Optimiser::keras_rms_prop(),
            (Some(Optimizer::Adam), _) => train.optimiser = Optimiser::adam(),
            (Some(Optimizer::AdamW), _) => train.optimiser = Optimiser::adam_w(0.01),
        }
        let has_rho = matches!(train.optimiser, Optimiser::RmsProp { .. } | Optimiser::KerasRmsProp { .. });
        let has_decay = matches!(train.optimiser, Optimiser::AdamW { .. });
        refuse_meaningless([
            ("--rho", self.rho.is_some() && !has_rho, "it is RMSprop's, which is not used".to_owned()),
            (
                "--weight-decay",
                self.weight_decay.is_some() && !has_decay,
                "it is AdamW's, which is not used".to_owned(),
            ),
        ])?;
        match &mut train.optimiser {
            Optimiser::RmsProp { rho, epsilon, .. } => {
                set(rho, self.rho);
                set(epsilon, self.epsilon);
            }
            Optimiser::KerasRmsProp { rho, epsilon } => {
                set(rho, self.rho);
                set(epsilon, self.epsilon);
            }
            Optimiser::Adam { epsilon, .. } => set(epsilon, self.epsilon),
            Optimiser::AdamW { epsilon, weight_decay, .. } => {
                set(epsilon, self.epsilon);
                set(weight_decay, self.weight_decay);
            }
        }
        if let Some(norm) = self.clip_norm {
            train.clip = Clip::GlobalNorm(norm);
        }
        if let Some(patience) = self.patience {
            let watch = train.watch.take().unwrap_or(Watch::new(watched));
            train.watch = Some(watch.with_patience(patience));
        }
        Ok(())
    }
}

/// Puts a value in a setting's place, where one was given.
pub fn set<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}
