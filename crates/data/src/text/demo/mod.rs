//! A text made from a seed, by a grammar whose entropy per character is known: no model can do better on it.
//!
//! See [`demo`](demo()) for the grammar.

mod entropy;
mod generate;
mod grammar;
mod surprise;

pub use entropy::demo_entropy;
pub use generate::{DEMO_CHARACTERS, MAX_DEMO_CHARACTERS, demo};
pub use surprise::{DemoFault, demo_surprise};
