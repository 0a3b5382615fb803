#![doc = include_str!("../README.md")]
#![cfg(feature = "mpi")]

mod messages;
mod ranks;

pub use messages::Lost;
pub use ranks::{Mpi, MpiError};
