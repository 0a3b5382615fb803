//! A rolling origin: what every model would have said of each day, fitted to the days before it and anew at fixed dates.
//!
//! The days between two refits are a segment. Segments know nothing of each other, so they are computed side by side, and each is a
//! file of its own: what was stopped goes on where it was, and what comes of it is the same to the bit.

mod plan;
mod report;
mod rows;
mod run;
mod segment;
mod summary;

pub use plan::{Plan, Refit, Segment};
pub use report::text;
pub use rows::Rows;
pub use run::Backtest;
pub use segment::PriceModel;
pub use summary::{BacktestSummary, PriceBacktest, RiskBacktest};
