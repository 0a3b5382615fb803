#![doc = include_str!("../README.md")]

pub mod classification;
pub mod forecast;
pub mod language;
pub mod regression;
pub mod risk;
mod significance;

pub use recurrent_seed::Seed;
pub use significance::LEVEL;
