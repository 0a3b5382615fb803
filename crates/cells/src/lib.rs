#![doc = include_str!("../README.md")]

mod activation;
mod bidirectional;
mod cell;
mod config;
mod direction;
mod dropout;
mod init;
mod input;
mod layer;
mod layouts;
mod masks;
mod named;
mod normalization;
mod op;
mod packed;
mod pass;
#[cfg(test)]
mod recorded;
mod recurrence;
mod stack;
mod state;
mod zoneout;

pub use activation::Activation;
pub use bidirectional::{Bidirectional, BidirectionalConfig, BidirectionalState, Merge};
pub use cell::{Cell, Reset};
pub use config::RecurrentConfig;
pub use direction::Direction;
pub use dropout::dropout;
pub use init::{GateInitializers, Initializer, Initializers};
pub use input::Input;
pub use layer::Recurrent;
pub use layouts::{KerasWeights, PyTorchWeights, Weights};
pub use masks::GateMasks;
pub use named::NameError;
pub use normalization::{LayerNormalization, Normalization};
pub use op::{Implementation, free_buffers, peak_flops};
pub use packed::Packed;
pub use pass::{Mask, Pass};
pub use recurrence::{Recurrence, Stepwise};
pub use recurrent_backend::Seed;
pub use stack::{Stack, StackConfig};
pub use state::State;
