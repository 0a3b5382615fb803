#![doc = include_str!("../README.md")]

mod bidirectional;
mod cell;
mod dropout;
mod init;
mod input;
mod layer;
mod layouts;
mod masks;
mod normalization;
mod op;
mod pass;
#[cfg(test)]
mod recorded;
mod recurrence;
mod stack;
mod zoneout;

pub use bidirectional::{Bidirectional, BidirectionalConfig, BidirectionalState, Merge};
pub use cell::{Activation, Cell, Direction, Reset};
pub use dropout::dropout;
pub use input::Input;
pub use layer::{Recurrent, RecurrentConfig, State};
pub use layouts::{KerasWeights, PyTorchWeights, Weights};
pub use masks::GateMasks;
pub use normalization::{LayerNormalization, Normalization};
pub use op::{Implementation, peak_flops};
pub use pass::{Mask, Pass};
pub use recurrence::{Recurrence, Stepwise};
pub use stack::{Stack, StackConfig};
