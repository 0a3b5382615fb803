//! The text generator: a program around a recurrent language model that learns a text by characters, words or subwords, and writes on.
//!
//! `src/main.rs` reads as the story from the command line to the report; each module here is one part of it. The model, its
//! training batches, sampling and judgement are `recurrent-language-model`.

mod advice;
pub mod data;
pub mod evaluate;
pub mod export;
pub mod flags;
pub mod generate;
pub mod gradients;
mod presets;
pub mod report;
mod saved;
#[cfg(feature = "serve")]
pub mod serve;
pub mod settings;
pub mod train;

pub use recurrent_program::Failure;

/// The name that runs and summaries carry.
pub const PROGRAM: &str = "text-rnn";

/// The settings that a run takes from its text.
pub const LEARNT: &[&str] = &["vocabulary"];
