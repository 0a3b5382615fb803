//! What a model's forecasts are compared with: the baselines' scores on the same windows, and the tests against each.

use recurrent_metrics::forecast::{DieboldMariano, Scores};
use serde::{Deserialize, Serialize};

/// The scores of the baselines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BaselineScores {
    /// Of "tomorrow = today".
    pub naive: Scores,
    /// Of the last price grown by the training windows' mean growth.
    pub drift: Scores,
    /// Of a ridge regression on the window's prices; absent for very long windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ridge: Option<Scores>,
}

/// The Diebold-Mariano tests of a model against each baseline. A test is absent where there are too few
/// windows, or no variance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tests {
    /// Against "tomorrow = today".
    pub naive: Option<DieboldMariano>,
    /// Against drift.
    pub drift: Option<DieboldMariano>,
    /// Against the ridge regression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ridge: Option<DieboldMariano>,
}
