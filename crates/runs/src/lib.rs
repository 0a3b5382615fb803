#![doc = include_str!("../README.md")]

mod comparison;
mod curves;
mod differences;
mod figures;
mod names;
mod page;
mod run;
mod tables;

pub use comparison::{Comparison, LeftOut};
pub use differences::Difference;
pub use figures::{Better, Figure, figures};
pub use run::{Run, State};
