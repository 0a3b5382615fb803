#![doc = include_str!("../README.md")]

mod ahead;
pub mod backtest;
mod baselines;
mod batches;
mod chosen;
mod comparison;
mod early;
mod error;
mod export;
mod forecaster;
mod forecasts;
mod judgement;
mod network;
mod page;
mod parallel;
pub mod plots;
mod prices;
pub mod report;
pub mod risk;
mod saved;
#[cfg(feature = "serve")]
mod serving;
mod settings;
mod standing;
mod stepwise;

pub use ahead::{AheadScores, DayScores, PathScores, Way};
pub use baselines::{Baselines, LONGEST_RIDGE_WINDOW, PENALTY};
pub use batches::{Batch, ShuffledWindows, in_order, with_all_days};
pub use chosen::ChosenBy;
pub use comparison::{BaselineScores, Tests};
pub use early::{EARLY_EPOCH, read_early, save_early};
pub use error::Error;
pub use forecaster::{Day, Forecaster};
pub use forecasts::{Forecasts, one_step};
pub use judgement::{Judged, Judgement};
pub use network::Network;
pub use plots::Plots;
pub use prices::{Prices, RawWindows};
#[cfg(feature = "serve")]
pub use serving::{Desk, Quoted};
pub use settings::{AHEAD, FEATURES, HIDDEN, LAYERS, Learnt, ModelSettings, Output, Settings};
pub use standing::Standing;

pub use recurrent_backend::Seed;
pub use recurrent_cells::Reset;
