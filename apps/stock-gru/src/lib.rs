//! The price forecaster's program: options, presets, and the story from prices to a report. The model, its judgement and its
//! pictures are `recurrent-forecaster`.
//!
//! `train.rs` reads as that story; `evaluate.rs`, `forecast.rs` and `plot.rs` use the model that it leaves behind.

pub mod backtest;
pub mod data;
pub mod evaluate;
pub mod export;
pub mod flags;
pub mod forecast;
pub mod plot;
pub mod report;
pub mod risk;
pub mod saved;
#[cfg(feature = "serve")]
pub mod serve;
pub mod settings;
pub mod summary;
pub mod train;

pub use recurrent_program::Failure;

/// The name that runs and summaries carry.
pub const PROGRAM: &str = "stock-gru";

/// The settings that a run takes from its prices.
pub const LEARNT: &[&str] = &["learnt"];
