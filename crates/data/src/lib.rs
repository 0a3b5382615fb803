#![doc = include_str!("../README.md")]

pub mod prices;
pub mod reviews;
mod split;
pub mod text;
mod whole_file;

pub use split::{Fractions, Split, SplitError};
