//! The review classifier: a bidirectional LSTM that tells from a film review whether it praises its film.
//!
//! `src/main.rs` reads as the story from the command line to the report; each module here is one part of it.

pub mod adversarial;
pub mod baseline;
pub mod batches;
pub mod classify;
pub mod data;
pub mod evaluate;
pub mod flags;
pub mod judge;
pub mod learn;
pub mod model;
pub mod network;
pub mod plots;
pub mod pooling;
pub mod predict;
pub mod pretraining;
pub mod report;
pub mod saved;
pub mod settings;
pub mod stacking;
pub mod summary;
pub mod teacher;
pub mod train;
pub mod words;

pub use recurrent_program::Failure;

/// The name that runs and summaries carry.
pub const PROGRAM: &str = "imdb-bilstm";
