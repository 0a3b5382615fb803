//! How good a classifier is on reviews that it has not seen, and where it stands against a linear baseline.

mod answers;
mod baselines;
mod in_steps;
mod judgement;
mod labels;
mod metrics;
mod standing;

pub use answers::Answers;
pub use baselines::{Baseline, Baselines, StepBaselines};
pub use in_steps::{InSteps, StepBaseline};
pub use judgement::{Alone, Judged, Judgement, judge};
pub use metrics::{AnyLabels, Bin, Calibration, ClassFigures, LabelFigures, Metrics, Several};
pub use standing::Standing;
