#![doc = include_str!("../README.md")]

pub mod prices;
mod split;
pub mod text;

pub use split::{Fractions, Split, SplitError};
