#![doc = include_str!("../README.md")]

mod engine;
mod error;
mod http;
mod limits;
mod metrics;
mod models;
mod openapi;
mod problem;
mod queue;
mod reload;
mod reply;
mod server;
mod task;

pub use error::Error;
pub use limits::Limits;
pub use models::{Source, Weights};
pub use problem::Problem;
pub use reply::{Replied, Reply, reply};
pub use server::Server;
pub use task::{Batch, Interface, Task};

pub use recurrent_page::Page;
