//! What the weights that a run keeps were chosen by, which decides how far its scores can be believed.

use serde::{Deserialize, Serialize};

/// What the kept epoch was chosen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChosenBy {
    /// Nothing: it is the last one.
    Nothing,
    /// The loss of windows held out from training.
    Validation,
    /// The loss of the test windows, as in the chapter: their scores are then too good.
    Test,
}

impl ChosenBy {
    /// The same for people, of a run that has finished an epoch.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Nothing => "the last epoch was kept",
            Self::Validation => "the best epoch on held-out windows was kept",
            Self::Test => {
                "the best epoch on the TEST windows was kept, as in the chapter: their scores are too good"
            }
        }
    }
}
