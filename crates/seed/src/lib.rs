#![doc = include_str!("../README.md")]

mod order;
mod seed;

pub use order::shuffled_order;
pub use seed::Seed;
