#![doc = include_str!("../README.md")]

pub mod prices;
mod split;

pub use split::{Fractions, Split, SplitError};
