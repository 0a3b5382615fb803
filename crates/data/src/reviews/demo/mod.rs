//! Reviews made from a seed, whose label follows from the order of their words: no count of words tells it.
//!
//! See [`demo`](demo()) for the rule.

mod generate;
mod label;
mod words;

pub use generate::{DEMO_REVIEWS, MAX_DEMO_REVIEWS, demo};
pub use label::demo_label;
