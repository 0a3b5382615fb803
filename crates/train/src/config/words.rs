//! Update rules, schedules and clipping in words, as reports show them.

use std::fmt;

use crate::config::schedule::Schedule;
use crate::optimise::Optimiser;
use crate::optimise::clip::Clip;

impl fmt::Display for Optimiser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::RmsProp { rho, epsilon, momentum, centred } => {
                write!(f, "RMSprop, rho {rho}, epsilon {epsilon:e}")?;
                if momentum > 0.0 {
                    write!(f, ", momentum {momentum}")?;
                }
                f.write_str(if centred { ", centred" } else { "" })
            }
            Self::KerasRmsProp { rho, epsilon } => {
                write!(f, "RMSprop as in Keras, rho {rho}, epsilon {epsilon:e}")
            }
            Self::Adam { beta_1, beta_2, epsilon } => {
                write!(f, "Adam, betas {beta_1} and {beta_2}, epsilon {epsilon:e}")
            }
            Self::AdamW { beta_1, beta_2, epsilon, weight_decay } => {
                write!(
                    f,
                    "AdamW, betas {beta_1} and {beta_2}, epsilon {epsilon:e}, weight decay {weight_decay}"
                )
            }
        }
    }
}

impl fmt::Display for Clip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::None => f.write_str("not clipped"),
            Self::GlobalNorm(limit) => write!(f, "scaled down to a global norm of at most {limit}"),
            Self::Value(limit) => write!(f, "each cut to at most {limit}, either sign"),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Constant => f.write_str("constant"),
            Self::Warmup { steps } => write!(f, "constant after a warm-up of {steps} steps"),
            Self::Cosine { warmup, steps, floor } => {
                write!(f, "half a cosine down to {floor} of it at step {steps}")?;
                if warmup > 0 { write!(f, ", after a warm-up of {warmup} steps") } else { Ok(()) }
            }
            Self::Step { every, factor } => write!(f, "times {factor} every {every} steps"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_report_is_debug_output() {
        let words = [
            Optimiser::rms_prop().to_string(),
            Optimiser::keras_rms_prop().to_string(),
            Optimiser::adam().to_string(),
            Optimiser::adam_w(0.5).to_string(),
            Clip::None.to_string(),
            Clip::GlobalNorm(1.0).to_string(),
            Clip::Value(0.25).to_string(),
            Schedule::Constant.to_string(),
            Schedule::Warmup { steps: 7 }.to_string(),
            Schedule::Cosine { warmup: 100, steps: 3748, floor: 0.0 }.to_string(),
            Schedule::Step { every: 10, factor: 0.5 }.to_string(),
        ];
        insta::assert_snapshot!(words.join("\n"), @r"
        RMSprop, rho 0.9, epsilon 1e-8
        RMSprop as in Keras, rho 0.9, epsilon 1e-8
        Adam, betas 0.9 and 0.999, epsilon 1e-8
        AdamW, betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.5
        not clipped
        scaled down to a global norm of at most 1
        each cut to at most 0.25, either sign
        constant
        constant after a warm-up of 7 steps
        half a cosine down to 0 of it at step 3748, after a warm-up of 100 steps
        times 0.5 every 10 steps
        ");
    }
}
