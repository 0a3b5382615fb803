//! How good a classifier is on reviews that it has not seen, and where it stands against a linear baseline.

mod judgement;
mod metrics;
mod standing;

pub use judgement::{Alone, Baseline, Baselines, Judged, Judgement, judge};
pub use metrics::{Bin, Calibration, ClassFigures, Metrics, Several};
pub use standing::Standing;
