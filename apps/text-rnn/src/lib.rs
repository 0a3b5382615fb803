//! The text generator: a recurrent network that learns a text character by character, and writes on.
//!
//! `src/main.rs` reads as the story from the command line to the report; each module here is one part of it.

pub mod batches;
pub mod data;
pub mod evaluate;
pub mod flags;
pub mod generate;
pub mod gradients;
mod inherit;
pub mod model;
pub mod plots;
pub mod report;
pub mod samples;
pub mod saved;
pub mod score;
pub mod settings;
pub mod strategy;
pub mod summary;
pub mod train;

pub use recurrent_program::Failure;

/// The name that runs and summaries carry.
pub const PROGRAM: &str = "text-rnn";
