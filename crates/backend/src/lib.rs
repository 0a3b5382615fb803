#![doc = include_str!("../README.md")]

mod carry;
mod host;
mod kind;
mod open;
mod threads;

pub use carry::{Carry, NamedTensors};
pub use host::is_on_host;
pub use kind::{BackendKind, UnknownBackend};
pub use open::OpenError;
pub use recurrent_seed::Seed;
pub use threads::{ThreadsError, in_pool, set_threads};
