//! Judges one-step price forecasts against baselines that cost nothing, and says in words what that shows.
//!
//! A price barely moves in a day, so a forecast that repeats today's price looks close on any chart. What
//! counts is whether a model beats that, and whether the lead could be chance. Models, files and printing
//! are not here: everything works on slices of prices.

mod baselines;
mod judgement;
mod ridge;
mod scores;
mod significance;
mod verdict;
mod windows;

pub use baselines::{Baselines, LONGEST_RIDGE_WINDOW};
pub use judgement::{BaselineScores, Judgement, Tests};
pub use ridge::{PENALTY, Ridge};
pub use scores::{Scores, naive_mae, skill, up_days};
pub use significance::{DieboldMariano, LEVEL, diebold_mariano};
pub use verdict::Standing;
pub use windows::{JudgeError, PriceWindows};
