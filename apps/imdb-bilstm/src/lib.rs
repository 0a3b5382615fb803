//! The review classifier as a program on `recurrent-classifier`: its options, its presets, and the story of a run.
//!
//! `src/main.rs` reads as that story from the command line to the report; each module here is one part of it.

mod advice;
pub mod classify;
pub mod data;
pub mod evaluate;
pub mod export;
mod first;
pub mod flags;
mod report;
#[cfg(feature = "serve")]
pub mod serve;
pub mod settings;
mod summary;
pub mod train;
mod watching;

pub use recurrent_program::Failure;

/// The name that runs and summaries carry.
pub const PROGRAM: &str = "imdb-bilstm";

/// The settings that a run takes from its reviews.
pub const LEARNT: &[&str] = &["vocabulary"];
