#![doc = include_str!("../README.md")]

mod error;
mod module;
mod page;
mod runtime;
mod standalone;

pub use error::Error;
pub use page::{Answers, Page};
pub use runtime::Runtime;
pub use standalone::Standalone;
