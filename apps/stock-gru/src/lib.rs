//! The price forecaster: a GRU on scaled windows of daily prices, judged against honest baselines.
//!
//! `src/main.rs` reads as the story from the command line to the report; each module here is one part of it.

pub mod batches;
pub mod data;
pub mod early;
pub mod evaluate;
pub mod flags;
pub mod forecast;
pub mod interval;
pub mod judge;
pub mod model;
pub mod plot;
pub mod plots;
pub mod report;
pub mod saved;
pub mod settings;
pub mod summary;
pub mod train;

pub use recurrent_program::Failure;
