//! How far a price will move: a network that forecasts the variance of the next 1, 5 and 22 days on top of a linear model, and
//! the distribution of the next return.
//!
//! Definitions, what it reaches and how its settings were chosen stand in the repository's `docs/risk.md`; the models without
//! a network, which it has to beat, are `recurrent-volatility`.

mod batches;
mod centre;
mod choose;
mod ensemble;
mod fans;
mod forecaster;
mod intervals;
mod judgement;
mod learnt;
mod lesson;
mod model;
mod path;
pub mod plots;
mod prices;
pub mod report;
mod saved;
mod scores;
mod settings;
mod several;
mod standing;
mod training;
mod tried;

pub use batches::{RiskBatch, ShuffledDays};
pub use centre::{Centre, OF_A_DAY};
pub use choose::{Folds, Reached, reached};
pub use ensemble::Ensemble;
pub use fans::Fan;
pub use forecaster::{RiskForecaster, RiskJudged, RiskSettings};
pub use intervals::{IntervalKind, IntervalPair, IntervalScore, IntervalScores, IntervalSpec};
pub use judgement::{RiskJudgement, RiskVerdict, Under};
pub use learnt::LearntPrice;
pub use lesson::{FittedNetwork, KnownDays, Lesson, NETWORK, RiskNetwork, Skip};
pub use model::RiskModel;
pub use path::{Held, RiskPath, TriedIntervals};
pub use plots::RiskPlots;
pub use prices::{RANGE, RiskPrices, doubts};
pub use saved::is_model_file;
pub use scores::{HorizonScores, RiskForecasts, RiskScores};
pub use settings::{EnsembleSettings, MEMBERS, WINDOW};
pub use several::{Cut, Pooled, SeveralJudgement};
pub use standing::{RIVALS, RiskStanding, RiskTests};
pub use training::{RiskTraining, TrainingPrices};
pub use tried::{Grid, Trials, Tried};

pub use burn::tensor::Device;
pub use recurrent_volatility::HORIZONS;
