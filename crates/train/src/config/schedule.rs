//! Learning-rate schedules: pure functions of the step, so that a resumed run needs nothing to continue one.

use serde::{Deserialize, Serialize};

/// How the learning rate changes over the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// It stays as it is.
    #[default]
    Constant,
    /// It grows linearly over the first steps, then stays.
    Warmup {
        /// The number of steps it grows for.
        steps: u64,
    },
    /// It grows linearly over the warm-up, then falls along half a cosine (Loshchilov and Hutter 2017), then
    /// stays.
    Cosine {
        /// The number of steps it grows for; 0 for none.
        warmup: u64,
        /// The step at which it has fallen all the way.
        steps: u64,
        /// What it falls to, as a part of the full rate.
        floor: f64,
    },
    /// It is multiplied by a factor again and again; every step makes an exponential decay.
    Step {
        /// The number of steps between two multiplications.
        every: u64,
        /// The factor.
        factor: f64,
    },
}

impl Schedule {
    /// Computes what the learning rate is multiplied by at a step, counted from 1.
    pub fn factor(self, step: u64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Warmup { steps } => warmup(step, steps),
            Self::Cosine { warmup: rising, .. } if step <= rising => warmup(step, rising),
            Self::Cosine { warmup, steps, floor } => {
                let done = (step - warmup) as f64 / steps.saturating_sub(warmup).max(1) as f64;
                let cosine = (std::f64::consts::PI * done.min(1.0)).cos();
                floor + (1.0 - floor) * 0.5 * (1.0 + cosine)
            }
            Self::Step { every, factor } => factor.powf((step.saturating_sub(1) / every.max(1)) as f64),
        }
    }

    /// Says what is wrong with the schedule, if something is.
    pub(crate) fn problem(self) -> Option<String> {
        match self {
            Self::Constant => None,
            Self::Warmup { steps: 0 } => Some("a warm-up over 0 steps; at least 1 is needed".to_owned()),
            Self::Warmup { .. } => None,
            Self::Cosine { warmup, steps, .. } if steps <= warmup => Some(format!(
                "a cosine that ends at step {steps}, in its warm-up of {warmup} steps; it must end later"
            )),
            Self::Cosine { floor, .. } if !(0.0..=1.0).contains(&floor) => {
                Some(format!("a cosine that falls to {floor} of the learning rate; expected 0 to 1"))
            }
            Self::Cosine { .. } => None,
            Self::Step { every: 0, .. } => Some("a decay every 0 steps; at least 1 is needed".to_owned()),
            Self::Step { factor, .. } if !(factor > 0.0 && factor <= 1.0) => {
                Some(format!("a decay by the factor {factor}; expected above 0, up to 1"))
            }
            Self::Step { .. } => None,
        }
    }
}

fn warmup(step: u64, steps: u64) -> f64 {
    (step as f64 / steps.max(1) as f64).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors(schedule: Schedule, steps: &[u64]) -> Vec<f64> {
        steps.iter().map(|&step| (schedule.factor(step) * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn each_schedule_has_its_shape() {
        assert_eq!(factors(Schedule::Constant, &[1, 1000]), [1.0, 1.0]);
        assert_eq!(factors(Schedule::Warmup { steps: 4 }, &[1, 2, 4, 5, 99]), [0.25, 0.5, 1.0, 1.0, 1.0]);
        let cosine = Schedule::Cosine { warmup: 2, steps: 6, floor: 0.1 };
        assert_eq!(factors(cosine, &[1, 2, 4, 6, 7]), [0.5, 1.0, 0.55, 0.1, 0.1]);
        let cosine = Schedule::Cosine { warmup: 0, steps: 4, floor: 0.0 };
        assert_eq!(factors(cosine, &[2, 4, u64::MAX]), [0.5, 0.0, 0.0]);
        let step = Schedule::Step { every: 2, factor: 0.5 };
        assert_eq!(factors(step, &[1, 2, 3, 4, 5]), [1.0, 1.0, 0.5, 0.5, 0.25]);
    }
}
