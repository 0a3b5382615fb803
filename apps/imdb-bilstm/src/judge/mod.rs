//! How good scores are: accuracy, confusion, AUC, calibration, and where a network stands against the linear baseline.

mod calibration;
mod metrics;
mod paired;
mod roc;
mod verdict;

pub use calibration::{Bin, Calibration};
pub use metrics::{Confusion, Metrics, log_loss};
pub use paired::{Paired, paired};
pub use roc::{Roc, roc};
pub use verdict::Standing;
