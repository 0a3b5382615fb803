#![doc = include_str!("../README.md")]

mod kind;
mod open;
mod seed;
mod threads;

pub use kind::{BackendKind, UnknownBackend};
pub use open::OpenError;
pub use seed::Seed;
pub use threads::{ThreadsError, in_pool, set_threads};
